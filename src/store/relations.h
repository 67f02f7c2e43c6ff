/*-------------------------------------------------------------------------
 *
 * relations.h
 *	  The extension's relations: their OIDs, opening them, and what this
 *	  backend has heard of changes to them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_RELATIONS_H
#define SG_RELATIONS_H

#include "postgres.h"

#include "storage/lockdefs.h"
#include "utils/rel.h"

#include "store/tables.h"

extern Oid	relations_table_oid(StoreTable table);
extern Oid	relations_primary_key_oid(StoreTable table);
extern Oid	relations_index_oid(StoreIndex index);
extern bool relations_has_table(const char *name);
extern Oid	relations_lock_table(StoreTable table, LOCKMODE lockmode);
extern Relation relations_open(StoreTable table, LOCKMODE lockmode);
extern void relations_close(Relation rel);
extern int64 relations_nextval(StoreSequence sequence);

extern uint64 relations_generation(StoreTable table);
extern uint64 relations_stripes_generation(void);
extern void relations_announce_stripes(void);
extern void relations_announce_stripes_now(void);
extern void relations_note_snapshot(void);
extern bool relations_may_keep(StoreTable table);

#endif							/* SG_RELATIONS_H */
