/*-------------------------------------------------------------------------
 *
 * participant.h
 *	  Participants: who is registered as what.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_PARTICIPANT_H
#define SG_PARTICIPANT_H

#include "postgres.h"

#include "base/compat.h"
#include "base/refusal.h"
#include "grid/grid.h"
#include "store/store.h"

#define PARTICIPANT_NONE	INT64CONST(0)	/* no participant has this id */

extern int64 participant_id_of(const Grid *grid, const char *principal);
extern int64 participant_id_for_call(const Grid *grid, const char *principal);
extern char *participant_name_of(int64 participant_id);
extern bool participant_may_see(const Grid *grid, const char *principal);

extern const char *participant_kind(StoreTable table);
extern Refusal *refuse_participant_not_found(const char *kind, const char *principal, const Grid *grid);
extern Refusal *refuse_inactive(bool active, StoreTable table, const char *principal);
SG_NORETURN extern void error_participant_not_found(const char *kind, const char *principal, const Grid *grid);

#endif							/* SG_PARTICIPANT_H */
