/*-------------------------------------------------------------------------
 *
 * import.h
 *	  Importing files of meter readings: what all formats have in common.
 *
 * A format is a file that is called import_ and its name, with its ImportFormat, and a line of
 * import_format.def.  It reads the content where it lies, once from its beginning
 * to its end, and hands over each reading with its line:
 *
 *	import_next_line(), import_split()	a line and its fields (import_lines.h)
 *	import_point()						the point of an identifier in the file
 *	import_time(), import_kwh()			what is written in a field
 *	import_interval()					a reading that begins at a moment
 *	import_reading()					one that begins at a moment, or at what clocks show
 *	import_register()					what a cumulative register showed
 *	import_refuse()						a record that is refused, as a whole
 *	error_content()						the whole content is refused: SG108
 *
 * A record is refused before any of its readings is handed over.
 *
 * read() is called in row_context, which import_next_line() resets; a format that
 * does not read lines resets it itself.  What lives longer is allocated in context.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_IMPORT_H
#define SG_IMPORT_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "pgtime.h"
#include "utils/hsearch.h"
#include "utils/jsonb.h"

#include "base/compat.h"
#include "base/refusal.h"
#include "metering/import_lines.h"
#include "metering/load.h"
#include "metering/quality.h"
#include "metering/register.h"

typedef struct Import Import;

typedef struct ImportFormat
{
	const char *name;
	const char *const *options;	/* names of those that only it has, the last one NULL; NULL: none */
	void		(*prepare) (Import *import);	/* reads these into import->state, in import->context, before anybody's
												 * rights are asked for: SG108; NULL: there is nothing to read */
	void		(*read) (Import *import);	/* reads the content */
	void		(*compare) (Import *import);	/* when that is written: warns of what is not as the content says; NULL */
	bool		says_direction; /* so points that are made need no "kind" (import_direction.h) */
} ImportFormat;

#define IMPORT_FORMAT(symbol, name)	extern const ImportFormat import_##symbol;
#include "metering/import_format.def"
#undef IMPORT_FORMAT

/* Takes a reading whose moment is known. */
typedef void (*ImportTaker) (Import *import, int64 line, TimestampTz start, const LoadValue *value);

struct Import
{
	const ImportFormat *format;
	Jsonb	   *options;
	const char *content;		/* in the server's encoding, without a byte order mark; no zero ends it */
	size_t		length;
	void	   *state;			/* of the format */
	LoadOptions load_options;
	HTAB	   *points;			/* option "points"; NULL: identifiers are those of the file */
	pg_tz	   *zone_option;	/* option "time_zone"; NULL: there is none */

	/* From load_begin() on. */
	Load	   *load;
	pg_tz	   *zone;			/* of local times: the option, else the grid's */
	MemoryContext context;		/* of the call */
	MemoryContext row_context;
	struct ImportLocal *local;	/* labels that clocks show twice, as far as they were there */
	Registers  *registers;		/* of a format of cumulative readings, which begins them; NULL: it is none */

	LineReader	lines;
	ImportTaker take;			/* who takes the readings instead of the load, and nothing is refused; NULL: nobody */
};

/* The identifier of a point, in the grid's words; it lies in the content, or lives as long as the import. */
typedef struct ImportPoint
{
	const char *name;
	size_t		length;
} ImportPoint;

/* A time as it is written. */
typedef struct ImportTime
{
	bool		is_moment;		/* with an offset from UTC; else what clocks of import->zone show */
	TimestampTz at;				/* the moment, or the label, a Timestamp */
} ImportTime;

/* Units of energy as powers of ten of a kWh. */
#define IMPORT_WH	(-3)
#define IMPORT_KWH	0
#define IMPORT_MWH	3

/* import.c */
extern void import_interval(Import *import, int64 line, ImportPoint point, TimestampTz start, int minutes,
							const LoadValue *value, Quality quality);
extern void import_register(Import *import, int64 line, ImportPoint point, TimestampTz at, sg_int128 kwh, Quality quality);
extern void import_refuse(Import *import, int64 line, const ImportPoint *point, Refusal *refusal);
extern void import_warn(Import *import, int64 line, const char *message);
extern const char *import_keep(const Import *import, const char *text, size_t length);
SG_NORETURN extern void error_content(const Import *import, const char *message,...) pg_attribute_printf(2, 3);

/* import_options.c */
extern void import_read_options(Import *import);
extern char *import_option_text(const Import *import, const char *name);
extern bool import_option_bool(const Import *import, const char *name, bool without);
extern JsonbContainer *import_option_object(const Import *import, const char *name);
extern char *import_member_text(JsonbContainer *object, const char *option_name, const char *name);
extern void import_require_members(JsonbContainer *object, const char *option_name, const char *const *names);
SG_NORETURN extern void error_option(const char *message,...) pg_attribute_printf(1, 2);

/* import_points.c */
extern HTAB *import_points_table(const Import *import, const char *name, size_t entry_size);
extern void import_read_points(Import *import);
extern ImportPoint import_point(const Import *import, const char *id, size_t length);

/* import_value.c */
extern Refusal *import_kwh(const char *text, size_t length, char decimal, int power, LoadValue *value);
extern bool import_scale(sg_int128 *kwh, int power);
extern bool import_unit(const char *text, size_t length, int *power);
extern char *import_excerpt(const char *text, size_t length);

/* import_time.c */
extern Refusal *import_time(const char *text, size_t length, ImportTime *time);
extern bool import_date(const char *text, size_t length, int *day);
extern bool import_compact_date(const char *text, size_t length, int *day);
extern bool import_clock(const char *text, size_t length, int64 *since_midnight);
extern Timestamp import_label(int day, int64 since_midnight);

/*
 * import_local.c.  value NULL: nothing is said, but a label that clocks show
 * twice is counted; as it is for a reading that is refused.
 */
extern void import_reading(Import *import, int64 line, ImportPoint point, const ImportTime *time, int minutes,
						   const LoadValue *value, Quality quality);
extern void import_refuse_reading(Import *import, int64 line, ImportPoint point, const ImportTime *time, Refusal *refusal);
extern void import_local_begin(Import *import);
extern void import_local_end(Import *import);

#endif							/* SG_IMPORT_H */
