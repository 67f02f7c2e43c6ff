/*-------------------------------------------------------------------------
 *
 * tariff_rows.h
 *	  Tariffs on record: finding and writing them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_TARIFF_ROWS_H
#define SG_TARIFF_ROWS_H

#include "postgres.h"

#include "utils/jsonb.h"

#include "grid/grid.h"
#include "metering/dated.h"
#include "store/elevated.h"

/* What a version of a tariff says. */
typedef struct TariffTerms
{
	const Jsonb *components;
	bool		gross;
} TariffTerms;

extern int64 tariff_find(const Grid *grid, const char *name, ElevatedSnapshot snapshot);
extern int64 tariff_require(const Grid *grid, const char *name, ElevatedSnapshot snapshot);
extern void tariff_find_version(DatedPlace *place, int32 grid_id, int64 tariff_id, TimestampTz at);
extern void tariff_set_version(DatedPlace *place, const char *name, const TariffTerms *terms, Recording *recording);

#endif							/* SG_TARIFF_ROWS_H */
