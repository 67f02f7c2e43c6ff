/*-------------------------------------------------------------------------
 *
 * account_row.c
 *	  What the rows of producers, consumers and storage facilities say that the
 *	  ledger knows as well.
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

/* What a row of producer, consumer or storage says. */
AccountRow
account_row(const StoreRow *row)
{
	switch (row->table)
	{
		case TABLE_PRODUCER:
			return producer_row(STORE_FORM(row, FormProducer));
		case TABLE_CONSUMER:
			return consumer_row(STORE_FORM(row, FormConsumer));
		default:
			return storage_row(STORE_FORM(row, FormStorage));
	}
}
