/*-------------------------------------------------------------------------
 *
 * export.h
 *	  Exporting what points measured, in formats that sg_import() reads: what all
 *	  formats have in common.
 *
 * A format is a line of export_format.def and its ExportFormat.  It gets the
 * points first, then day by day what each of them measured, and adds lines.
 * Slots that are missing are not exported; loading what was exported gives the
 * same values and qualities.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_EXPORT_H
#define SG_EXPORT_H

#include "postgres.h"

#include "lib/stringinfo.h"

#include "base/result.h"
#include "metering/import_direction.h"
#include "metering/meter_read.h"

typedef struct Export Export;

typedef struct ExportFormat
{
	const char *name;
	void		(*begin) (Export *export);	/* export->read->points are known */
	void		(*point_day) (Export *export, const MeterDay *day);	/* of each point; NULL: nothing to do */
	void		(*day) (Export *export);	/* export->read->days; NULL: nothing to do */
	void		(*end) (Export *export);	/* NULL: nothing to do */
} ExportFormat;

#define EXPORT_FORMAT(symbol, name)	extern const ExportFormat export_##symbol;
#include "metering/export_format.def"
#undef EXPORT_FORMAT

struct Export
{
	const ExportFormat *format;
	MeterRead  *read;
	int			scale;			/* of energy */
	TimestampTz at;				/* when it is made, or as of when */
	StringInfoData line;		/* the next line, as far as it is written */
	ResultRow	result;
	void	   *state;			/* of the format */
};

extern void export_line(Export *export);
extern void export_kwh(Export *export, int64 amount);
extern void export_time(Export *export, TimestampTz at);
extern void export_field(Export *export, const char *text);
extern void export_stamp(Export *export, TimestampTz at, pg_tz *zone, const char *format);
extern ImportDirection export_direction(PointKind kind);

#endif							/* SG_EXPORT_H */
