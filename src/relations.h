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

#include "tables.h"

typedef struct TableInfo
{
	const char *name;
	const char *primary_key;	/* name of its index */
	int			fixed_columns;	/* how many columns the struct covers */
	Size		fixed_width;	/* and how many bytes they take */
	Oid			key_type;		/* type of the primary key's only column, or 0 */
	bool		all_fixed;		/* has no columns beside those of the struct */
} TableInfo;

extern const TableInfo relations_info[TABLE_COUNT];

extern Oid	relations_table_oid(StoreTable table);
extern Oid	relations_primary_key_oid(StoreTable table);
extern Oid	relations_index_oid(StoreIndex index);
extern bool relations_has_table(const char *name);
extern Relation relations_open(StoreTable table, LOCKMODE lockmode);
extern void relations_close(Relation rel);
extern int64 relations_nextval(StoreSequence sequence);

extern uint64 relations_generation(StoreTable table);
extern uint64 relations_stripes_generation(void);
extern void relations_announce_stripes(void);
extern void relations_note_snapshot(void);
extern bool relations_may_keep(StoreTable table);

#endif							/* SG_RELATIONS_H */
