/*-------------------------------------------------------------------------
 *
 * errors.c
 *	  The errors that more than one concept raises.
 *
 *-------------------------------------------------------------------------
 */
#include "base/errors.h"

/*
 * Raises 22003: the total named by what would leave bigint.
 */
void
error_out_of_range(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s is out of range for type bigint", what),
			 errhint("Totals may not exceed 9223372036854775807 units; use a coarser energy_scale or money_scale.")));
}

/*
 * Raises SG104: value, the figure named by what, is not above zero.
 */
void
error_not_positive(const char *what, int64 value)
{
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_AMOUNT),
			 errmsg("%s must be positive, not " INT64_FORMAT, what, value)));
}

/*
 * Raises SG103: of the energy named by what, available units are there and
 * asked units were asked for.
 */
void
error_insufficient_energy(const char *what, int64 available, int64 asked)
{
	ereport(ERROR,
			(errcode(ERRCODE_SG_INSUFFICIENT_ENERGY),
			 errmsg("insufficient energy: the %s does not cover " INT64_FORMAT " energy units", what, asked),
			 errdetail("Available: " INT64_FORMAT ", asked for: " INT64_FORMAT ".", available, asked)));
}
