/*-------------------------------------------------------------------------
 *
 * tables.h
 *	  The rows of the extension's tables as C structs.
 *
 * As in the system catalogs, the fixed-width NOT NULL columns of a table come
 * first, so that a row can be seen as a struct.  The definitions in the
 * floors' .sql parts and here must agree; shape.c checks it when a table is opened.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_TABLES_H
#define SG_TABLES_H

#include "postgres.h"
#include "datatype/timestamp.h"
#include "utils/date.h"

/* The schema that they are in. */
#define STORE_SCHEMA	"smartgrid"

/* No table whose rows are written many at a time has more columns. */
#define FORM_MAX_COLUMNS	16

typedef enum StoreTable
{
	TABLE_GRID,
	TABLE_POOL,
	TABLE_PARTICIPANT,
	TABLE_PRODUCER,
	TABLE_CONSUMER,
	TABLE_STORAGE,
	TABLE_DUE,
	TABLE_TRADE,
	TABLE_LEDGER,
	TABLE_METRICS,
	TABLE_PRICE_EVENT,
	TABLE_REQUEST,
	TABLE_INTERVAL_DAY,
	TABLE_OPEN_SLOT,
	TABLE_ENTRY_DIGEST,
	TABLE_COUNT
} StoreTable;

/* The indexes that C code searches; each table's primary key is found by itself. */
typedef enum StoreIndex
{
	INDEX_GRID_NAME,			/* grid (name) */
	INDEX_PARTICIPANT_PRINCIPAL,	/* participant (principal, grid_id) */
	INDEX_TRADE_SELLER,			/* trade (seller_id, buyer_id) */
	INDEX_TRADE_BUYER,			/* trade (buyer_id, trade_id) */
	INDEX_LEDGER_PARTICIPANT,	/* ledger (participant_id, entry_id) */
	INDEX_LEDGER_COUNTERPARTY,	/* ledger (counterparty_id, entry_id) WHERE counterparty_id > 0 */
	INDEX_REQUEST,				/* request (hash, reference, caller, grid_id, is_role) */
	INDEX_INTERVAL_DAY,			/* interval_day (day, point_id, version) */
	INDEX_OPEN_SLOT,			/* open_slot (grid_id, day, start, batch_id, minutes) */
	INDEX_COUNT
} StoreIndex;

typedef enum StoreSequence
{
	SEQUENCE_NONE,
	SEQUENCE_GRID,
	SEQUENCE_PARTICIPANT,
	SEQUENCE_TRADE,
	SEQUENCE_LEDGER,
	SEQUENCE_METRICS,
	SEQUENCE_PRICE_EVENT,
	SEQUENCE_BATCH,
	SEQUENCE_COUNT
} StoreSequence;

typedef struct FormGrid
{
	int32		grid_id;
	int32		price_rule;		/* PriceRule */
	int64		base_price;		/* money units per kWh */
	int64		max_topup;		/* money units */
	TimestampTz created_at;
	int32		stripes;
	int16		energy_scale;
	int16		money_scale;
	bool		emergency_mode;
	/* name, currency, low_watermark, high_watermark, operator_role, registration, max_amount, exact_after follow */
} FormGrid;

enum
{
	Anum_grid_grid_id = 1,
	Anum_grid_price_rule,
	Anum_grid_base_price,
	Anum_grid_max_topup,
	Anum_grid_created_at,
	Anum_grid_stripes,
	Anum_grid_energy_scale,
	Anum_grid_money_scale,
	Anum_grid_emergency_mode,
	Anum_grid_name,
	Anum_grid_currency,
	Anum_grid_low_watermark,
	Anum_grid_high_watermark,
	Anum_grid_operator_role,
	Anum_grid_registration,
	Anum_grid_max_amount,
	Anum_grid_exact_after,
	Natts_grid = Anum_grid_exact_after
};

typedef struct FormPool
{
	int32		grid_id;
	int32		stripe;
	int64		load;			/* energy units */
	int64		capacity;		/* energy units */
	int64		revenue;		/* money units */
} FormPool;

enum
{
	Anum_pool_grid_id = 1,
	Anum_pool_stripe
};

typedef struct FormParticipant
{
	int64		participant_id;
	int32		grid_id;
	/* principal follows */
} FormParticipant;

enum
{
	Anum_participant_participant_id = 1,
	Anum_participant_grid_id,
	Anum_participant_principal,
	Natts_participant = Anum_participant_principal
};

typedef struct FormProducer
{
	int64		participant_id;
	int64		capacity;		/* energy units in one report */
	int64		current_production;
	int64		total_produced;
	int64		unsold;
	int64		earnings;		/* money units */
	TimestampTz registered_at;
	int32		grid_id;
	int16		reputation_score;
	int16		energy_type;
	bool		active;
	TimestampTz deactivated_at; /* infinity while active */
} FormProducer;

typedef struct FormConsumer
{
	int64		participant_id;
	int64		consumption_limit;	/* energy units in one call */
	int64		total_consumed;
	int64		current_usage;
	int64		balance;		/* money units */
	TimestampTz registered_at;
	int32		grid_id;
	bool		active;
	int64		cost_carry;		/* what consumption has cost and was not paid yet, 10^-energy_scale money units */
	TimestampTz deactivated_at; /* infinity while active */
} FormConsumer;

typedef struct FormStorage
{
	int64		participant_id;
	int64		capacity;		/* energy units */
	int64		stored_amount;
	int64		charge_rate;	/* energy units in one call */
	int64		discharge_rate;
	TimestampTz registered_at;
	int32		grid_id;
} FormStorage;

typedef struct FormDue
{
	int64		participant_id;
	int64		due;			/* money units; below 0: it is owed */
	int32		grid_id;
} FormDue;

typedef struct FormTrade
{
	int64		trade_id;
	int64		seller_id;
	int64		buyer_id;
	int64		amount;			/* energy units */
	int64		price;			/* money units per kWh */
	int64		cost;			/* money units */
	TimestampTz created_at;
	TimestampTz closed_at;		/* infinity while pending */
	int32		grid_id;
	int16		status;			/* TradeStatus */
} FormTrade;

enum
{
	Anum_trade_trade_id = 1,
	Anum_trade_seller_id,
	Anum_trade_buyer_id
};

enum
{
	Anum_ledger_entry_id = 1,
	Anum_ledger_participant_id = 2,
	Anum_ledger_counterparty_id = 3
};

typedef struct FormLedger
{
	int64		entry_id;
	int64		participant_id;
	int64		counterparty_id;	/* 0: none */
	int64		energy;			/* energy units */
	int64		price;			/* money units per kWh, 0: none */
	int64		money;			/* money units */
	int64		trade_id;		/* 0: none */
	TimestampTz at;				/* when it happened */
	int32		grid_id;
	int16		kind;			/* LedgerKind */
	TimestampTz booked_at;		/* when it was booked */
} FormLedger;

typedef struct FormMetrics
{
	int64		metrics_id;
	int64		production;
	int64		consumption;
	int64		peak_load;
	int64		efficiency;		/* percent */
	TimestampTz recorded_at;
	int32		grid_id;
	/* period follows */
} FormMetrics;

enum
{
	Anum_metrics_metrics_id = 1,
	Anum_metrics_production,
	Anum_metrics_consumption,
	Anum_metrics_peak_load,
	Anum_metrics_efficiency,
	Anum_metrics_recorded_at,
	Anum_metrics_grid_id,
	Anum_metrics_period,
	Natts_metrics = Anum_metrics_period
};

typedef struct FormPriceEvent
{
	int64		event_id;
	TimestampTz at;
	int64		base_price;		/* money units per kWh */
	int32		grid_id;
	bool		emergency_mode;
	int16		price_rule;		/* PriceRule */
} FormPriceEvent;

typedef struct FormRequest
{
	int64		hash;			/* of the reference */
	TimestampTz made_at;
	int64		entry_id;		/* that the call wrote last, 0: none */
	int32		grid_id;
	bool		is_role;		/* whether the caller is a role, not a principal */
	/* caller, reference, function, arguments, result follow */
} FormRequest;

enum
{
	Anum_request_hash = 1,
	Anum_request_made_at,
	Anum_request_entry_id,
	Anum_request_grid_id,
	Anum_request_is_role,
	Anum_request_caller,
	Anum_request_reference,
	Anum_request_function,
	Anum_request_arguments,
	Anum_request_result,
	Natts_request = Anum_request_result
};

typedef struct FormIntervalDay
{
	int64		point_id;
	int64		batch_id;		/* batch, or pack */
	TimestampTz recorded_at;
	int32		grid_id;
	DateADT		day;			/* local day of the grid */
	int32		version;		/* from 1 */
	/* data follows */
} FormIntervalDay;

enum
{
	Anum_interval_day_point_id = 1,
	Anum_interval_day_batch_id,
	Anum_interval_day_recorded_at,
	Anum_interval_day_grid_id,
	Anum_interval_day_day,
	Anum_interval_day_version,
	Anum_interval_day_data,
	Natts_interval_day = Anum_interval_day_data
};

typedef struct FormOpenSlot
{
	int64		batch_id;
	TimestampTz recorded_at;
	TimestampTz start;
	int32		grid_id;
	DateADT		day;			/* local day of the grid */
	int16		minutes;		/* length of the slot */
	/* data follows */
} FormOpenSlot;

enum
{
	Anum_open_slot_batch_id = 1,
	Anum_open_slot_recorded_at,
	Anum_open_slot_start,
	Anum_open_slot_grid_id,
	Anum_open_slot_day,
	Anum_open_slot_minutes,
	Anum_open_slot_data,
	Natts_open_slot = Anum_open_slot_data
};

typedef struct FormEntryDigest
{
	int64		entry_id;
	int32		grid_id;
	/* digest follows */
} FormEntryDigest;

enum
{
	Anum_entry_digest_entry_id = 1,
	Anum_entry_digest_grid_id,
	Anum_entry_digest_digest,
	Natts_entry_digest = Anum_entry_digest_digest
};

/* The table whose rows are structs as *form, by its type alone; for one that is no row it does not compile. */
#ifdef __cppcheck__				/* does not know _Generic, and would misread what follows */
extern StoreTable TABLE_OF(const void *form);
#else
#define TABLE_OF(form) \
	_Generic(*(form), \
			 FormGrid: TABLE_GRID, \
			 FormPool: TABLE_POOL, \
			 FormParticipant: TABLE_PARTICIPANT, \
			 FormProducer: TABLE_PRODUCER, \
			 FormConsumer: TABLE_CONSUMER, \
			 FormStorage: TABLE_STORAGE, \
			 FormDue: TABLE_DUE, \
			 FormTrade: TABLE_TRADE, \
			 FormLedger: TABLE_LEDGER, \
			 FormMetrics: TABLE_METRICS, \
			 FormPriceEvent: TABLE_PRICE_EVENT, \
			 FormRequest: TABLE_REQUEST, \
			 FormOpenSlot: TABLE_OPEN_SLOT, \
			 FormIntervalDay: TABLE_INTERVAL_DAY, \
			 FormEntryDigest: TABLE_ENTRY_DIGEST)
#endif

/* The width of a struct up to and including its last member: what a heap row holds. */
#define FORM_WIDTH(type, last) (offsetof(type, last) + sizeof(((type *) 0)->last))

#endif							/* SG_TABLES_H */
