/*-------------------------------------------------------------------------
 *
 * import_table.h
 *	  What formats have in common that are tables: a header, then rows.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_IMPORT_TABLE_H
#define SG_IMPORT_TABLE_H

#include "postgres.h"

#include "metering/import.h"

typedef struct ImportTable
{
	char		delimiter;
	char		decimal;		/* what stands before decimals: '.' or ',' */
	int			ncolumns;		/* of the header */
} ImportTable;

extern void table_options(const Import *import, ImportTable *table);
extern bool table_next_row(Import *import, const ImportTable *table, Refusal **refusal);
extern void table_header(Import *import, ImportTable *table);
extern int	table_find_column(const Import *import, const char *name);
extern int	table_column(const Import *import, const char *name);
extern Refusal *table_refuse_length(const Import *import, const ImportTable *table);

#endif							/* SG_IMPORT_TABLE_H */
