/*-------------------------------------------------------------------------
 *
 * errors.h
 *	  The SQLSTATEs of the contract (doc/reference, errors) and the errors that
 *	  more than one concept raises.
 *
 * Class SG is implementation-defined in the sense of the SQL standard (it
 * begins with I-Z).  The class itself, SG000, is never raised: it is what
 * WHEN SQLSTATE 'SG000' catches all of them by.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ERRORS_H
#define SG_ERRORS_H

#include "postgres.h"
#include "fmgr.h"

#include "base/compat.h"
#include "base/refusal.h"

#define ERRCODE_SG_OWNER_ONLY			MAKE_SQLSTATE('S','G','1','0','0')
#define ERRCODE_SG_NOT_FOUND			MAKE_SQLSTATE('S','G','1','0','1')
#define ERRCODE_SG_UNAUTHORIZED			MAKE_SQLSTATE('S','G','1','0','2')
#define ERRCODE_SG_INSUFFICIENT_ENERGY	MAKE_SQLSTATE('S','G','1','0','3')
#define ERRCODE_SG_INVALID_AMOUNT		MAKE_SQLSTATE('S','G','1','0','4')
#define ERRCODE_SG_ALREADY_EXISTS		MAKE_SQLSTATE('S','G','1','0','5')
#define ERRCODE_SG_INACTIVE				MAKE_SQLSTATE('S','G','1','0','6')
#define ERRCODE_SG_INSUFFICIENT_BALANCE	MAKE_SQLSTATE('S','G','1','0','7')
#define ERRCODE_SG_INVALID_INPUT		MAKE_SQLSTATE('S','G','1','0','8')
#define ERRCODE_SG_NOT_READY			MAKE_SQLSTATE('S','G','1','0','9')
#define ERRCODE_SG_CLOSED				MAKE_SQLSTATE('S','G','1','1','0')

/* 22003: the total named by what would not fit a bigint. */
extern Refusal *refuse_out_of_range(const char *what);
SG_NORETURN extern void error_out_of_range(const char *what);

/* SG104: a figure that has to be positive is not. */
extern Refusal *refuse_not_positive(const char *what, int64 value);
SG_NORETURN extern void error_not_positive(const char *what, int64 value);

/* SG103: less energy of the kind named by what than asked for. */
extern Refusal *refuse_insufficient_energy(const char *what, int64 available, int64 asked);

/* SG107: less money of the kind named by what than asked for. */
extern Refusal *refuse_insufficient_money(const char *what, int64 available, int64 asked);

/* SG107: a consumer's balance is less than a cost. */
extern Refusal *refuse_insufficient_balance(const char *principal, int64 balance, int64 cost);

#endif							/* SG_ERRORS_H */
