/*-------------------------------------------------------------------------
 *
 * shape.h
 *	  What the extension's tables, indexes and sequences look like.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_SHAPE_H
#define SG_SHAPE_H

#include "postgres.h"

#include "utils/rel.h"

#include "store/tables.h"

/* How many columns of a table are beside those of its struct, at most. */
#define FURTHER_MAX	8

/* Stands for the type sg_day, whose OID every database has another of. */
#define SHAPE_SG_DAY	((Oid) 1)

/* How many columns an index that the library reads by has, at most. */
#define KEY_COLUMNS_MAX	5

/* Where the rows of a table are in the order of locks (store.h). */
typedef enum LockRank
{
	LOCK_RANK_NONE,				/* no call locks a row of it by itself */
	LOCK_RANK_GRID,
	LOCK_RANK_PARTICIPANT,
	LOCK_RANK_ACCOUNT,			/* by id of the participant, and of one in the order of tables.h */
	LOCK_RANK_TRADE
} LockRank;

typedef struct TableInfo
{
	const char *name;
	const char *primary_key;	/* name of its index */
	const char *columns;		/* names of all: SQL reads by name what the library reads by place */
	int			fixed_columns;	/* how many of them the struct covers */
	Size		fixed_width;	/* and how many bytes they take */
	Oid			key_type;		/* type of the primary key's only column; 0: it has two, of type integer but for one of key_info */
	Oid			further[FURTHER_MAX];	/* types of the columns beside those of the struct, or SHAPE_SG_DAY; 0: no more */
	bool		may_be_null;	/* those may be NULL */
	bool		may_be_missing; /* in versions of the extension from before it, with this library */
	LockRank	lock_rank;
	bool		updates_are_announced;	/* backends keep rows of it (relations.h) */
	StoreSequence announced_by; /* whose changes announce those of kept rows; SEQUENCE_NONE: its own */
} TableInfo;

/* Has a table no columns beside those of its struct? */
#define TABLE_IS_STRUCT(table)	(!OidIsValid(table_info[table].further[0]))

typedef struct KeyInfo
{
	const char *name;
	StoreTable	table;
	AttrNumber	columns[KEY_COLUMNS_MAX];	/* 0: no more */
	bool		partial;		/* leaves out the rows whose first column is 0 or less */
} KeyInfo;

extern const TableInfo table_info[TABLE_COUNT];
extern const KeyInfo key_info[INDEX_COUNT];
extern const char *const sequence_name[SEQUENCE_COUNT];

extern void shape_require(Relation rel, StoreTable table);

#endif							/* SG_SHAPE_H */
