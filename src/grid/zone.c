/*-------------------------------------------------------------------------
 *
 * zone.c
 *	  Time zones of grids, and local days.
 *
 * A grid's zone says when its days, months and years begin.  A grid without a
 * row in smartgrid.grid_zone has UTC.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "base/errors.h"
#include "grid/identity.h"
#include "grid/zone.h"
#include "store/elevated.h"

#define DEFAULT_ZONE	"UTC"

ZoneChangeHook zone_change_hook = NULL;

/* Is this the name of a zone of the time zone database?  Reads all of it. */
static bool
is_listed(const char *name)
{
	pg_tzenum  *all = pg_tzenumerate_start();
	pg_tz	   *zone;
	bool		found = false;

	while (!found && (zone = pg_tzenumerate_next(all)) != NULL)
		found = pg_strcasecmp(pg_get_timezone_name(zone), name) == 0;
	pg_tzenumerate_end(all);
	return found;
}

/*
 * The zone called name; SG108 if the time zone database has none.
 *
 * The server would also take rules as in POSIX, and UTC+2 for what is two
 * hours behind.  These have an offset in digits, as few names have.
 */
pg_tz *
zone_find(const char *name)
{
	pg_tz	   *zone = *name ? pg_tzset(name) : NULL;

	if (zone == NULL || !pg_tz_acceptable(zone) ||
		(strcspn(name, "0123456789") < strlen(name) && !is_listed(name)))
		ereport(ERROR,
				(errcode(ERRCODE_SG_INVALID_INPUT),
				 errmsg("unknown time zone \"%s\"", name),
				 errhint("Use a name of the view pg_timezone_names, as Europe/Berlin or UTC.")));
	return zone;
}

/*
 * Raises SG108 unless the zone has a name of the IANA time zone database that
 * means the same on every server: "localtime" and "posixrules" are what some
 * server is set to, "Factory" is none, and what else its directory has may be
 * its own.
 */
void
zone_require_same_everywhere(pg_tz *zone)
{
	static const char *const areas[] = {
		"Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Brazil/", "Canada/", "Chile/",
		"Etc/", "Europe/", "Indian/", "Mexico/", "Pacific/", "US/"
	};
	static const char *const single[] = {
		"CET", "CST6CDT", "Cuba", "EET", "EST", "EST5EDT", "Egypt", "Eire", "GB", "GB-Eire", "GMT", "GMT+0", "GMT-0", "GMT0",
		"Greenwich", "HST", "Hongkong", "Iceland", "Iran", "Israel", "Jamaica", "Japan", "Kwajalein", "Libya", "MET", "MST",
		"MST7MDT", "NZ", "NZ-CHAT", "Navajo", "PRC", "PST8PDT", "Poland", "Portugal", "ROC", "ROK", "Singapore", "Turkey",
		"UCT", "UTC", "Universal", "W-SU", "WET", "Zulu"
	};
	const char *name = pg_get_timezone_name(zone);

	for (int i = 0; i < (int) lengthof(areas); i++)
		if (strncmp(name, areas[i], strlen(areas[i])) == 0)
			return;
	for (int i = 0; i < (int) lengthof(single); i++)
		if (strcmp(name, single[i]) == 0)
			return;
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("time zone \"%s\" is not one of the IANA time zone database", name),
			 errdetail("It need not mean the same on another server."),
			 errhint("Name a region, as Europe/Berlin, or UTC.")));
}

/* The name of a grid's zone. */
char *
zone_name_of_grid(const Grid *grid)
{
	Elevation	elevation;
	static ElevatedPlan plan = {
		.sql = "SELECT z.time_zone FROM smartgrid.grid_zone AS z WHERE z.grid_id = $1",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid->form.grid_id)};
	MemoryContext caller = CurrentMemoryContext;
	char	   *name;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	name = SPI_processed == 0 ? MemoryContextStrdup(caller, DEFAULT_ZONE)
		: MemoryContextStrdup(caller, TextDatumGetCString(elevated_value(0, 1, TEXTOID)));
	elevated_end(&elevation);
	return name;
}

/* A grid's zone; SG108 if the server has lost it. */
pg_tz *
zone_of_grid(const Grid *grid)
{
	return zone_find(zone_name_of_grid(grid));
}

/* A moment's local day as a Julian day number, and its offset; 22008 if it is beyond all dates. */
static int
day_and_offset(TimestampTz at, pg_tz *zone, int *offset)
{
	struct pg_tm tm;
	fsec_t		fsec;

	if (timestamp2tm(at, offset, &tm, &fsec, NULL, zone) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp out of range")));
	return date2j(tm.tm_year, tm.tm_mon, tm.tm_mday);
}

/* The local day of a moment, as a Julian day number. */
int
zone_day(TimestampTz at, pg_tz *zone)
{
	int			offset;

	return day_and_offset(at, zone, &offset);
}

/*
 * The first moment of a local day.  If clocks go forward at midnight, that
 * is 1 a.m.; if they go back to midnight, the first of the two.
 */
TimestampTz
zone_midnight(int day, pg_tz *zone)
{
	struct pg_tm tm = {0};
	TimestampTz midnight;
	int			offset;

	j2date(day, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	offset = DetermineTimeZoneOffset(&tm, zone);
	if (tm2timestamp(&tm, 0, &offset, &midnight) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp out of range")));
	if (day_and_offset(midnight - 1, zone, &offset) == day)
		(void) tm2timestamp(&tm, 0, &offset, &midnight);
	return midnight;
}

/* What is to be added to a moment for what clocks show then, microseconds; 0 beyond all dates. */
static int64
offset_at(TimestampTz at, pg_tz *zone)
{
	struct pg_tm tm;
	fsec_t		fsec;
	int			west;

	return timestamp2tm(at, &west, &tm, &fsec, NULL, zone) == 0 ? -west * USECS_PER_SEC : 0;
}

/* What the clocks of a zone show at a moment. */
Timestamp
zone_label(TimestampTz at, pg_tz *zone)
{
	return at + offset_at(at, zone);
}

/*
 * The moments at which the clocks of a zone show a label, in their order, and
 * how many: none if they go forward over it, two if they go back over it.  No
 * zone changes its offset twice within two days.  At the ends of time, where
 * there is no room for an offset, a label is a moment of UTC.
 */
int
zone_moments(Timestamp label, pg_tz *zone, TimestampTz moments[2])
{
	const int64 room = 2 * USECS_PER_DAY;
	int64		before;
	int64		after;
	int			n = 0;

	if (!IS_VALID_TIMESTAMP(label - room) || !IS_VALID_TIMESTAMP(label + room))
	{
		moments[0] = label;
		return 1;
	}
	before = offset_at(label - USECS_PER_DAY, zone);
	after = offset_at(label + USECS_PER_DAY, zone);
	if (offset_at(label - before, zone) == before)
		moments[n++] = label - before;
	if (after != before && offset_at(label - after, zone) == after)
		moments[n++] = label - after;
	return n;
}
