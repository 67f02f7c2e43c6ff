/*-------------------------------------------------------------------------
 *
 * csv.h
 *	  Fields of a line of CSV.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_CSV_H
#define SG_CSV_H

#include "postgres.h"

/* Room for the field of a text of so many bytes, with a terminating zero. */
#define CSV_FIELD_MAX(bytes)	(2 * (bytes) + 3)

extern size_t csv_field(const char *text, char *field);

#endif							/* SG_CSV_H */
