/*-------------------------------------------------------------------------
 *
 * import_eda.h
 *	  Reports of Austrian grid operators about an energy community: a table with
 *	  some columns for each point, whose header has many rows.
 *
 *	  MeteringpointID;AT01;MM;AT01;MM;...
 *	  Energy direction;CONSUMPTION;;CONSUMPTION;;...
 *	  Metercode;Gesamtverbrauch lt. Messung ...;;Anteil gemeinschaftliche Erzeugung ...;;...
 *	  01.03.2023 00:00:00;0.011;L1;0.000109;L1;...
 *
 * The column after that of a value may have its quality.  What a column has, its
 * Metercode says: what was measured, or what the operator has computed.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_IMPORT_EDA_H
#define SG_IMPORT_EDA_H

#include "postgres.h"

#include "metering/import.h"
#include "metering/import_direction.h"

/* What a column has. */
typedef enum EdaRole
{
	EDA_MEASURED,				/* G.01 */
	EDA_SHARE,					/* of a consumer in the community's production: G.02 */
	EDA_COVERED,				/* of a consumer by it: G.03 */
	EDA_SURPLUS,				/* of a producer: P.01 */
	EDA_ROLES,
	EDA_OTHER = EDA_ROLES
} EdaRole;

/* Rows of the header that are needed. */
typedef enum EdaRow
{
	EDA_ROW_POINT,
	EDA_ROW_DIRECTION,
	EDA_ROW_CODE,
	EDA_ROWS
} EdaRow;

#define EDA_NO_COLUMN	(-1)

/* Values are of quarter-hours; what is computed has so many decimals of a kWh. */
#define EDA_MINUTES		15
#define EDA_DECIMALS	6

typedef struct EdaColumn
{
	int			point;			/* of the table */
	EdaRole		role;
	int			value;			/* field of the row */
	int			quality;		/* EDA_NO_COLUMN: it has none */
} EdaColumn;

typedef struct EdaPoint
{
	ImportPoint point;
	const char *name;			/* the same, with a zero at its end */
	ImportDirection direction;
	ImportFlow	flow;
	bool		has[EDA_ROLES];
	bool		refused;
	bool		warned;			/* that its columns may be swapped */
} EdaPoint;

typedef struct EdaTable
{
	/* Options. */
	char		delimiter;		/* zero: what follows the first label */
	char		decimal;		/* zero: a comma if there is one in a value, else a point */
	bool		compare;
	char	   *code[EDA_ROLES][2]; /* by role and direction, what is in the Metercode of the column; NULL: as usual */

	/* The header. */
	int			nfields[EDA_ROWS];
	Field	   *fields[EDA_ROWS];
	int64		line[EDA_ROWS]; /* 0: it was not there yet */
	int			least;			/* fields of a row, but for empty ones at its end */
	int			width;			/* with these */
	int			npoints;
	EdaPoint   *points;
	int			ncolumns;
	EdaColumn  *columns;		/* those of a point follow each other, by role */

	/* Rows. */
	int64		first_line;		/* 0: there are none */
	EdaRole		role;			/* of the columns that are read */
	const EdaPoint *current;	/* whose columns are read */
	struct EdaFigures *figures; /* that are compared */
} EdaTable;

/* import_eda_options.c */
extern const char *const eda_options[];
extern void eda_prepare(Import *import);
extern EdaRole eda_role(const EdaTable *table, const Field *code, ImportDirection direction);

/* import_eda_header.c */
extern void eda_read_header(Import *import, EdaTable *table);
extern bool eda_read_time(const Field *field, ImportTime *time);

/* import_eda.c */
extern void eda_take_row(Import *import, EdaTable *table);

/* import_eda_compare.c */
extern void eda_begin_comparing(const EdaTable *table);
extern void eda_compare(Import *import);

#endif							/* SG_IMPORT_EDA_H */
