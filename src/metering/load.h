/*-------------------------------------------------------------------------
 *
 * load.h
 *	  Loading intervals: what all loaders and importers feed.
 *
 * A load is one call, which becomes one batch.  Whoever reads arrays, tables or
 * files hands over its rows one by one, each with its position: load_interval()
 * does what doc/reference/metering.md says of a row, and a row that is refused
 * does not stop the others.  Rows may come in any order; those of one point
 * that follow each other are found fastest.
 *
 *	load_act()			who may load; false: it was done already
 *	load_begin()		the settlement lock shared, and what is known of the grid
 *	load_interval()		for each row
 *	load_end()			writes, closes the batch, returns refused rows
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_LOAD_H
#define SG_LOAD_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"

#include "base/checked.h"
#include "base/digest.h"
#include "base/refusal.h"
#include "base/result.h"
#include "call/call.h"
#include "metering/quality.h"

/* So much of a name or a number is shown in a message, bytes: as long as the identifier of a point may be. */
#define LOAD_EXCERPT_BYTES	64

/* Decimals of exact kWh. */
#define LOAD_KWH_DECIMALS	18

typedef enum LoadReplace
{
	REPLACE_IF_BETTER,			/* what is of better quality stays */
	REPLACE_ANY
} LoadReplace;

typedef struct LoadOptions
{
	const char *source;			/* of the batch: intervals, days, registers, or a format */
	const char *label;			/* NULL: none */
	LoadReplace replace;
	bool		accept_spikes;
	bool		round;			/* values finer than an energy unit are rounded, so that the sum of a day stays right */
	const Digest *content;		/* of a file; NULL: it is none */
	const char *create_owner;	/* unknown points are made: of this owner; NULL: they are SG101 */
	const char *create_kind;	/* and this kind */
	bool		names_points;	/* refused rows are returned with their point: line, point, sqlstate, message */
} LoadOptions;

typedef enum LoadValueForm
{
	VALUE_MISSING,				/* no amount */
	VALUE_UNITS,				/* energy units */
	VALUE_KWH					/* kWh, exact */
} LoadValueForm;

typedef struct LoadValue
{
	LoadValueForm form;
	int64		units;
	sg_int128	kwh;			/* 10^-LOAD_KWH_DECIMALS kWh */
} LoadValue;

typedef struct Load Load;

SG_NODISCARD extern bool load_act(Call *call);
extern Load *load_begin(Call *call, FunctionCallInfo fcinfo, const LoadOptions *options);
extern const Grid *load_grid(const Load *load);
extern pg_tz *load_zone(const Load *load);
extern bool load_replace_of(const char *name, LoadReplace *replace);

/* load_value.c */
extern Refusal *load_kwh_of_text(const char *text, size_t length, char decimal, sg_int128 *kwh);
extern Refusal *load_kwh_of_numeric(Datum number, sg_int128 *kwh);

/*
 * A row: what a point measured in the slot that begins at start.  minutes: the
 * length that its source says; 0: it says none, and the point's is meant.
 */
extern void load_interval(Load *load, int64 ord, const char *point, size_t length, TimestampTz start, int minutes,
						  const LoadValue *value, Quality quality);

/* Unknown points, if they are made, are of this kind from now on. */
extern void load_make_of_kind(Load *load, const char *kind);

/* A row that its reader refuses; point may be NULL. */
extern void load_refuse(Load *load, int64 ord, const char *point, Refusal *refusal);

/* The beginning of a text, for a message: whole characters, of at most so many bytes. */
extern char *load_excerpt(const char *text, size_t length, int most);

/* A warning (01000) that is returned among the refused rows; point may be NULL. */
extern void load_warn(Load *load, int64 ord, const char *point, const char *message);

/* Writes it all, before load_end(), for whoever compares it with something; no more rows may come. */
extern void load_write(Load *load);

/* Writes it all, closes the batch, puts the refused rows into the result of the function, and returns the batch, which lives as long as the call. */
extern const struct Batch *load_end(Load *load);

#endif							/* SG_LOAD_H */
