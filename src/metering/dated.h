/*-------------------------------------------------------------------------
 *
 * dated.h
 *	  Dated facts: what is so from when to when, and since when that is on record.
 *
 * A table of dated facts has the columns grid_id, a key (bigint; none if the
 * facts are of the grid itself), valid_from, valid_to, recorded_at,
 * superseded_at, begins_anew, and attributes, none of them NULL.  A period is half-open; valid_to is infinity if no change is on
 * record, and superseded_at is infinity while the row is on record.  No two rows
 * of one key overlap in both times, which a constraint of the table makes sure of:
 *
 *	EXCLUDE USING gist (int8range(key, key, '[]') WITH &&,
 *						tstzrange(valid_from, valid_to) WITH &&,
 *						tstzrange(recorded_at, superseded_at) WITH &&)
 *
 * Nothing is overwritten: a row that is not so any more gets its superseded_at,
 * and what takes its place is recorded then.  What was on record at a moment is
 * recorded_at <= moment AND moment < superseded_at.
 *
 * Setting a fact at a time: it holds until the next later change on record, and
 * what its caller leaves out is as just before that time (DatedPlace.before).
 * Nothing is taken from before an end: a fact that begins where one ended, or
 * later, is a first one.  begins_anew says so of the former, for when it is set
 * again.
 *
 * All of it after recording_begin() (recording.h).
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_DATED_H
#define SG_DATED_H

#include "postgres.h"

#include "datatype/timestamp.h"

#include "base/refusal.h"
#include "metering/recording.h"
#include "store/elevated.h"

#define DATED_MAX_ATTRIBUTES	16

/* The condition, in SQL, of rows that were on record at the moment $n, which dated_moment() makes. */
#define DATED_ON_RECORD(row, n)	row ".recorded_at <= $" #n " AND " row ".superseded_at > $" #n

/* A moment; DT_NOEND, now: later than all that there are, when only what is not superseded yet is on record. */
static inline TimestampTz
dated_moment(TimestampTz as_of)
{
	return Min(as_of, DT_NOEND - 1);
}

/* A table of dated facts: a static variable, whose plans are made when they are first needed. */
typedef struct DatedTable
{
	const char *name;
	const char *key;			/* column; NULL: the grid is the key */
	int			nattributes;
	const char *attributes[DATED_MAX_ATTRIBUTES];	/* columns */
	Oid			types[DATED_MAX_ATTRIBUTES];
	ElevatedPlan find;
	ElevatedPlan supersede;
	ElevatedPlan supersede_from;
	ElevatedPlan insert;
} DatedTable;

typedef struct DatedFact
{
	TimestampTz valid_from;
	TimestampTz valid_to;
	bool		begins_anew;
	Datum		values[DATED_MAX_ATTRIBUTES];
} DatedFact;

/* What is on record of a key around a time. */
typedef struct DatedPlace
{
	DatedTable *table;
	int32		grid_id;
	int64		key;			/* 0 if the grid is it */
	TimestampTz at;
	bool		begins_anew;	/* something ended there */
	bool		has_before;		/* what held just before, and did not end there */
	DatedFact	before;
	bool		has_current;	/* what holds at the time */
	DatedFact	current;
	bool		has_next;		/* what begins next after the time */
	DatedFact	next;
	TimestampTz until;			/* the next change after the time, infinity: none */
} DatedPlace;

/*
 * What has been settled for good of [from, to) in a grid, as people call it;
 * NULL: nothing.
 */
typedef char *(*DatedSettledHook) (int32 grid_id, TimestampTz from, TimestampTz to);
extern DatedSettledHook dated_settled_hook;

extern void dated_find(DatedPlace *place, DatedTable *table, int32 grid_id, int64 key, TimestampTz at);
extern Refusal *refuse_settled(int32 grid_id, TimestampTz from, TimestampTz to, bool correct);
extern bool dated_is_on_record(const DatedPlace *place, const Datum *values);
extern bool dated_set(const DatedPlace *place, const Datum *values, Recording *recording);
extern bool dated_end(const DatedPlace *place, Recording *recording);

#endif							/* SG_DATED_H */
