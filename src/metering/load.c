/*-------------------------------------------------------------------------
 *
 * load.c
 *	  Loading intervals: from its beginning to its end.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "grid/identity.h"
#include "grid/zone.h"
#include "metering/load_state.h"
#include "metering/pack.h"
#include "metering/recording.h"

#define FIRST_ROWS		1024
#define FIRST_PLACES	256

/* After how many rows a NOTICE tells of progress. */
#define PROGRESS_ROWS	1000000

/*
 * The call loads intervals in the current grid: SG102 unless a gateway or an
 * operator, SG101 grid.  False as call_act_as_gateway().
 */
bool
load_act(Call *call)
{
	return call_act_as_gateway(call, "load intervals",
							   "Have the operator grant " ROLE_GATEWAY " to the role that meters report by.");
}

/* *replace by its name; false if there is none. */
bool
load_replace_of(const char *name, LoadReplace *replace)
{
	if (strcmp(name, "better") == 0)
		*replace = REPLACE_IF_BETTER;
	else if (strcmp(name, "any") == 0)
		*replace = REPLACE_ANY;
	else
		return false;
	return true;
}

/* The load that is under way in this session; NULL: none is. */
static Load *under_way;

static void
forget_load(void *load)
{
	if (under_way == load)
		under_way = NULL;
}

/*
 * Notes that a load is under way, until it has ended or failed.  55006 if
 * another one is: that of a view, say, with a function that loads, too.
 */
static void
begin_alone(Load *load)
{
	MemoryContextCallback *callback;

	if (under_way != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("intervals cannot be loaded while the rows of another load are read"),
				 errhint("Let the source of a load have no functions that load themselves.")));
	callback = MemoryContextAllocZero(load->context, sizeof(MemoryContextCallback));
	callback->func = forget_load;
	callback->arg = load;
	MemoryContextRegisterResetCallback(load->context, callback);
	under_way = load;
}

/*
 * Begins a load.  fcinfo is that of a function that returns refused rows; NULL:
 * they are only counted.  55006 as begin_alone().
 * Locks: the settlement lock of the grid, shared.
 */
Load *
load_begin(Call *call, FunctionCallInfo fcinfo, const LoadOptions *options)
{
	static uint64 loads;
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "smartgrid load", ALLOCSET_DEFAULT_SIZES);
	Load	   *load = MemoryContextAllocZero(context, sizeof(Load));
	MemoryContext outer;

	load->context = context;
	begin_alone(load);
	load->part = AllocSetContextCreate(context, "smartgrid load part", ALLOCSET_DEFAULT_SIZES);
	load->call = call;
	load->grid = call->grid;
	load->options = *options;
	load->number = ++loads;
	if (fcinfo)
		result_begin_set(&load->result, fcinfo);
	load_begin_creating(load);
	recording_share(call->grid->form.grid_id);
	load->zone = zone_of_grid(call->grid);
	load_points_begin(call->grid);
	load->now = GetCurrentTimestamp();
	load->batch = (Batch) {
		.first_day = DATEVAL_NOEND,
		.last_day = DATEVAL_NOBEGIN,
		.source = options->source,
		.label = options->label,
		.content = options->content
	};

	outer = MemoryContextSwitchTo(context);
	load->allocated = FIRST_ROWS;
	load->rows = palloc(load->allocated * sizeof(LoadRow));
	if (options->round)
		load->exact = palloc(load->allocated * sizeof(sg_int128));
	load->allocated_places = FIRST_PLACES;
	load->places = palloc(load->allocated_places * sizeof(LoadPlace));
	load_places_begin(load);
	MemoryContextSwitchTo(outer);
	return load;
}

const Grid *
load_grid(const Load *load)
{
	return load->grid;
}

pg_tz *
load_zone(const Load *load)
{
	return load->zone;
}

/* Writes what has been gathered, if it is much, and tells of progress. */
void
load_write_if_many(Load *load)
{
	if (load->nrows < LOAD_CHUNK_ROWS)
		return;
	load_write_rows(load, MORE_ROWS_MAY_COME);
	if (load->batch.given / PROGRESS_ROWS > load->told / PROGRESS_ROWS)
		ereport(NOTICE,
				(errmsg("loaded " INT64_FORMAT " intervals", load->batch.given)));
	load->told = load->batch.given;
}

/* Writes it all; no more rows may come. */
void
load_write(Load *load)
{
	load_write_rows(load, NO_MORE_ROWS);
	CommandCounterIncrement();
}

/*
 * Ends a load: writes, closes the batch, returns refused rows, and packs a day
 * that is due, if there is one.  Returns the batch.
 */
const Batch *
load_end(Load *load)
{
	Digest		digest;
	Batch	   *batch = palloc(sizeof(Batch));

	load_write(load);
	load_return_refusals(load);
	load_digest(load, &digest);
	batch_close(&load->batch, load->call, &digest);
	pack_if_due(load->grid, load->zone);
	*batch = load->batch;
	MemoryContextDelete(load->context);
	return batch;
}
