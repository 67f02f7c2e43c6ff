/*-------------------------------------------------------------------------
 *
 * import_nem.h
 *	  What the meter data files of the Australian market have in common: NEM12
 *	  (intervals) and NEM13 (register readings).
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_IMPORT_NEM_H
#define SG_IMPORT_NEM_H

#include "postgres.h"

#include "metering/import_direction.h"

/* A longer identifier is refused, bytes. */
#define NEM_MAX_POINT	256

/* The records of a file, one a line. */
typedef struct NemFile
{
	const char *version;		/* NEM12 or NEM13 */
	bool		has_begun;		/* there was a record */
	bool		has_ended;		/* the latest record was 900 */
	char		id[NEM_MAX_POINT];	/* of nem_point() */
} NemFile;

extern bool nem_next_record(Import *import, NemFile *file, Refusal **refusal);
extern bool nem_record_is(const Import *import, const char *indicator);
extern const Field *nem_field(const Import *import, int n);
extern void nem_end(Import *import, const NemFile *file);
extern bool nem_quality(const Field *flag, Quality *quality);
extern Refusal *nem_point(const Import *import, NemFile *file, int nmi, int suffix, ImportPoint *point);
extern void nem_flow(const Import *import, const ImportPoint *point, const Field *direction, ImportFlow *flow);
extern Refusal *nem_unit(const Field *unit, int *power);
extern bool nem_midnight(const Import *import, int day, TimestampTz *midnight);
extern bool nem_moment(const Import *import, const Field *field, TimestampTz *moment);

#endif							/* SG_IMPORT_NEM_H */
