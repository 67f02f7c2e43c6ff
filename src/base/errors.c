/*-------------------------------------------------------------------------
 *
 * errors.c
 *	  The errors that more than one concept raises.
 *
 *-------------------------------------------------------------------------
 */
#include "base/errors.h"

/* 22003: the total named by what would leave bigint. */
Refusal *
refuse_out_of_range(const char *what)
{
	return refusal_hint(refuse(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE,
							   "%s is out of range for type bigint", what),
						"Totals may not exceed 9223372036854775807 units; use a coarser energy_scale or money_scale.");
}

/* Raises 22003: the total named by what would leave bigint. */
void
error_out_of_range(const char *what)
{
	error_refused(refuse_out_of_range(what));
}

/* SG104: value, the figure named by what, is not above zero. */
Refusal *
refuse_not_positive(const char *what, int64 value)
{
	return refuse(ERRCODE_SG_INVALID_AMOUNT, "%s must be positive, not " INT64_FORMAT, what, value);
}

/* Raises SG104: value, the figure named by what, is not above zero. */
void
error_not_positive(const char *what, int64 value)
{
	error_refused(refuse_not_positive(what, value));
}

/* SG103: of the energy named by what, available units are there and asked units were asked for. */
Refusal *
refuse_insufficient_energy(const char *what, int64 available, int64 asked)
{
	return refusal_detail(refuse(ERRCODE_SG_INSUFFICIENT_ENERGY,
								 "insufficient energy: the %s does not cover " INT64_FORMAT " energy units", what, asked),
						  "Available: " INT64_FORMAT ", asked for: " INT64_FORMAT ".", available, asked);
}

/* SG107: of the money named by what, available units are there and asked units were asked for. */
Refusal *
refuse_insufficient_money(const char *what, int64 available, int64 asked)
{
	return refusal_detail(refuse(ERRCODE_SG_INSUFFICIENT_BALANCE,
								 "insufficient balance: " INT64_FORMAT " money units are not in the %s", asked, what),
						  "Available: " INT64_FORMAT ", asked for: " INT64_FORMAT ".", available, asked);
}

/* SG107: the balance of a consumer, in money units, does not cover cost. */
Refusal *
refuse_insufficient_balance(const char *principal, int64 balance, int64 cost)
{
	Refusal    *refusal = refuse(ERRCODE_SG_INSUFFICIENT_BALANCE,
								 "insufficient balance: consumer \"%s\" cannot pay " INT64_FORMAT " money units", principal, cost);

	refusal_detail(refusal, "Balance: " INT64_FORMAT ", cost: " INT64_FORMAT ".", balance, cost);
	return refusal_hint(refusal, "Top up the balance with sg_add_consumer_balance().");
}
