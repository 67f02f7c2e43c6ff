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
#include "grid/grid.h"
#include "store/store.h"

#define PARTICIPANT_NONE	INT64CONST(0)	/* no participant has this id */

extern int64 participant_id_of(const Grid *grid, const char *principal);
extern int64 participant_id_for_call(const Grid *grid, const char *principal);
extern char *participant_name_of(int64 participant_id);
extern bool participant_may_see(const Grid *grid, const char *principal);

extern FormProducer *producer_lock(const Grid *grid, const char *principal, StoreRow *row);
extern FormConsumer *consumer_lock(const Grid *grid, const char *principal, StoreRow *row);
extern FormStorage *storage_lock(const Grid *grid, const char *principal, StoreRow *row);

extern void participant_require_active(bool active, const char *kind, const char *principal);
SG_NORETURN extern void error_participant_not_found(const char *kind, const char *principal, const Grid *grid);

#endif							/* SG_PARTICIPANT_H */
