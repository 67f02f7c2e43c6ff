/*-------------------------------------------------------------------------
 *
 * account_row.c
 *	  What the rows of producers, consumers, storage facilities and dues say that
 *	  the ledger knows as well.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "evidence/account_row.h"

static AccountRow
producer_row(const FormProducer *form)
{
	AccountRow	row = {.participant_id = form->participant_id, .grid_id = form->grid_id, .role = ROLE_PRODUCER};

	row.holding[HOLDING_PRODUCED] = form->total_produced;
	row.holding[HOLDING_UNSOLD] = form->unsold;
	row.holding[HOLDING_EARNINGS] = form->earnings;
	return row;
}

static AccountRow
consumer_row(const FormConsumer *form)
{
	AccountRow	row = {.participant_id = form->participant_id, .grid_id = form->grid_id, .role = ROLE_CONSUMER};

	row.holding[HOLDING_CONSUMED] = form->total_consumed;
	row.holding[HOLDING_BALANCE] = form->balance;
	row.holding[HOLDING_CARRY] = form->cost_carry;
	return row;
}

static AccountRow
storage_row(const FormStorage *form)
{
	AccountRow	row = {.participant_id = form->participant_id, .grid_id = form->grid_id, .role = ROLE_STORAGE};

	row.holding[HOLDING_STORED] = form->stored_amount;
	return row;
}

static AccountRow
due_row(const FormDue *form)
{
	AccountRow	row = {.participant_id = form->participant_id, .grid_id = form->grid_id, .role = ROLE_DEBTOR};

	row.holding[HOLDING_DUE] = form->due;
	return row;
}

/* What a row of producer, consumer, storage or due says. */
AccountRow
account_row(const StoreRow *row)
{
	switch (row->table)
	{
		case TABLE_PRODUCER:
			return producer_row(STORE_FORM(row, FormProducer));
		case TABLE_CONSUMER:
			return consumer_row(STORE_FORM(row, FormConsumer));
		case TABLE_DUE:
			return due_row(STORE_FORM(row, FormDue));
		default:
			return storage_row(STORE_FORM(row, FormStorage));
	}
}
