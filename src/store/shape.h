/*-------------------------------------------------------------------------
 *
 * shape.h
 *	  What the extension's tables and indexes look like.
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

typedef struct TableInfo
{
	const char *name;
	const char *primary_key;	/* name of its index */
	const char *columns;		/* names of all: SQL reads by name what the library reads by place */
	int			fixed_columns;	/* how many of them the struct covers */
	Size		fixed_width;	/* and how many bytes they take */
	Oid			key_type;		/* type of the primary key's only column, or 0 */
	bool		all_fixed;		/* has no columns beside those of the struct */
	bool		may_be_null;	/* those may be NULL */
	Oid			further[FURTHER_MAX];	/* their types, 0: no more */
} TableInfo;

typedef struct KeyInfo
{
	const char *name;
	StoreTable	table;
	AttrNumber	columns[2];		/* 0: no more */
	bool		partial;		/* leaves out the rows that it is not searched for */
} KeyInfo;

extern const TableInfo table_info[TABLE_COUNT];
extern const KeyInfo key_info[INDEX_COUNT];

extern void shape_require(Relation rel, StoreTable table);

#endif							/* SG_SHAPE_H */
