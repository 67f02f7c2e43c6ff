/*-------------------------------------------------------------------------
 *
 * validate.h
 *	  What is not likely of what points measured.
 *
 * Each rule adds what it finds of the points of a request; something is found of
 * a period if it has a slot in it, and it is looked at as a whole: what is
 * around the period is read, too.  Loss points have nothing of their own.
 *
 *	spike		an amount above what the connection lets through in its slot
 *	frozen		the same amount for a day or longer
 *	register	amounts that do not sum to what the register says
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_VALIDATE_H
#define SG_VALIDATE_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"

#include "metering/meter_read.h"

/* So long a meter shows the same amounts until that is not likely. */
#define VALIDATE_FROZEN_HOURS	24

/* In the order of their names. */
typedef enum ValidateRule
{
	VALIDATE_FROZEN,
	VALIDATE_REGISTER,
	VALIDATE_SPIKE
} ValidateRule;

typedef struct Violation
{
	const char *point;
	TimestampTz start;
	ValidateRule rule;
	Datum		value;			/* numeric */
	Datum		limit;			/* numeric */
} Violation;

typedef struct Validation
{
	MeterReadRequest request;	/* its period is that of the call */
	pg_tz	   *zone;
	MemoryContext context;		/* for what is found */
	int64		n;
	int64		allocated;
	Violation  *list;
} Validation;

/* Amounts of a point, which are the same. */
typedef struct FrozenRun
{
	TimestampTz from;			/* the start of its first slot */
	TimestampTz to;				/* the end of its last one */
	int64		amount;			/* energy units; 0: there is no run */
	int			minutes;
	bool		is_first;		/* it begins with what was read: there may be more of it before */
} FrozenRun;

/* A run of a point that may have begun before what was read. */
typedef struct HeldRun
{
	const char *point;
	FrozenRun	run;
} HeldRun;

/* Runs while days are read. */
typedef struct Frozen
{
	TimestampTz from;			/* of what is read */
	FrozenRun  *runs;			/* of each point of the read */
	int			nheld;
	int			allocated;
	HeldRun    *held;
} Frozen;

/* validate.c */
extern void validate_add(Validation *validation, const char *point, TimestampTz start, ValidateRule rule, Datum value, Datum limit);

/* validate_frozen.c */
extern void frozen_begin(Frozen *frozen, const MeterRead *read);
extern void frozen_day(Frozen *frozen, Validation *validation, const MeterRead *read, const MeterDay *day);
extern void frozen_end(Frozen *frozen, Validation *validation, const MeterRead *read);

/* validate_register.c */
extern void validate_registers(Validation *validation);

#endif							/* SG_VALIDATE_H */
