/*-------------------------------------------------------------------------
 *
 * relations.h
 *	  The extension's relations: their OIDs and opening them (relations.c), and
 *	  what this backend has heard of changes to them (relations_changes.c).
 *
 * Backends keep some of what they read: the grid they work on, the ids of
 * principals, which stripes a grid has.  Whoever changes such rows announces
 * it, as a change of the table; but the pool is announced by each autovacuum,
 * so its stripes are announced as a change of the sequence of grid ids, which
 * nothing else ever announces.
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
extern Oid	relations_sequence_oid(StoreSequence sequence);
extern Oid	relations_owner(void);
extern bool relations_has_table(const char *name);
extern Oid	relations_lock_table(StoreTable table, LOCKMODE lockmode);
extern Relation relations_open(StoreTable table, LOCKMODE lockmode);
extern void relations_close(Relation rel);
extern int64 relations_nextval(StoreSequence sequence);

extern uint64 relations_generation(StoreTable table);
extern uint64 relations_announcements(StoreTable table);
extern void relations_announce(StoreTable table);
extern void relations_announce_now(StoreTable table);
extern void relations_note_snapshot(void);
extern bool relations_may_keep(StoreTable table);

/* For relations.c, which hears of them. */
extern void relations_hear_of_table(StoreTable table);
extern void relations_hear_of_sequence(StoreSequence sequence);

#endif							/* SG_RELATIONS_H */
