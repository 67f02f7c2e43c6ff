/*-------------------------------------------------------------------------
 *
 * run_read.c
 *	  Runs on record: their lines and their basis.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/number.h"
#include "settlement/run_rows.h"
#include "store/elevated.h"

/* Columns of a line, in the order of the queries. */
enum
{
	LINE_PARTICIPANT_ID = 1,
	LINE_POINT_ID,
	LINE_FROM,
	LINE_TO,
	LINE_PLACE,
	LINE_TIER,
	LINE_SIDE,
	LINE_GROSS,
	LINE_PARTICIPANT,
	LINE_POINT,
	LINE_TARIFF,
	LINE_COMPONENT,
	LINE_BASE,
	LINE_QUANTITY,
	LINE_UNIT,
	LINE_PRICE,
	LINE_MONEY,
	LINE_CATEGORY,
	LINE_RATE,
	LINE_QUALITIES
};

/* Numbers come as whole ones of their last decimal. */
#define SELECT_LINES \
	"SELECT l.participant_id, l.point_id, l.valid_from, l.valid_to, l.place, l.tier, l.side, l.gross, l.participant, l.point, l.tariff," \
	" l.component, l.base, trim_scale(l.quantity * 1e18), l.unit, trim_scale(l.price * 1e12), l.money, l.vat_category, trim_scale(l.vat_rate * 1e12), l.qualities" \
	" FROM smartgrid.run_line AS l"

/* Where a text of the result goes. */
typedef struct Reader
{
	MemoryContext context;
	uint64		row;
} Reader;

static Datum
column(const Reader *reader, int n, Oid type, bool *isnull)
{
	return elevated_column(SPI_tuptable->vals[reader->row], SPI_tuptable->tupdesc, n, type, isnull);
}

static const char *
text_of(const Reader *reader, int n)
{
	bool		isnull;
	Datum		value = column(reader, n, TEXTOID, &isnull);

	return isnull ? NULL : MemoryContextStrdup(reader->context, TextDatumGetCString(value));
}

/* A whole number; false if it is NULL. */
static bool
number_of(const Reader *reader, int n, sg_int128 *value)
{
	bool		isnull;
	Datum		number = column(reader, n, NUMERICOID, &isnull);

	return !isnull && number_to_int128(number, value);
}

static QualitySet
qualities_of(Datum names)
{
	Datum	   *elements;
	int			n;
	QualitySet	set = 0;

	deconstruct_array(DatumGetArrayTypeP(names), TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &n);
	for (int i = 0; i < n; i++)
	{
		char	   *name = TextDatumGetCString(elements[i]);
		Quality		quality;

		if (quality_of_name(name, strlen(name), &quality))
			set |= QUALITY_SET(quality);
	}
	return set;
}

static RunUnit
unit_of(const char *name)
{
	int			unit = UNIT_KWH;

	while (unit < UNIT_PERCENT && strcmp(run_unit_name((RunUnit) unit), name) != 0)
		unit++;
	return (RunUnit) unit;
}

static RunLine *
line_of(const Reader *reader)
{
	RunLine    *line = MemoryContextAllocZero(reader->context, sizeof(RunLine));
	bool		isnull;

	line->participant_id = DatumGetInt64(column(reader, LINE_PARTICIPANT_ID, INT8OID, NULL));
	line->point_id = DatumGetInt64(column(reader, LINE_POINT_ID, INT8OID, NULL));
	line->from = DatumGetTimestampTz(column(reader, LINE_FROM, TIMESTAMPTZOID, NULL));
	line->to = DatumGetTimestampTz(column(reader, LINE_TO, TIMESTAMPTZOID, NULL));
	line->place = DatumGetInt32(column(reader, LINE_PLACE, INT4OID, NULL));
	line->tier = DatumGetInt32(column(reader, LINE_TIER, INT4OID, NULL));
	line->side = (RunSide) DatumGetInt16(column(reader, LINE_SIDE, INT2OID, NULL));
	line->gross = DatumGetBool(column(reader, LINE_GROSS, BOOLOID, NULL));
	line->participant = text_of(reader, LINE_PARTICIPANT);
	line->point = text_of(reader, LINE_POINT);
	line->tariff = text_of(reader, LINE_TARIFF);
	line->component = text_of(reader, LINE_COMPONENT);
	line->base = text_of(reader, LINE_BASE);
	(void) number_of(reader, LINE_QUANTITY, &line->quantity);
	line->unit = unit_of(text_of(reader, LINE_UNIT));
	line->has_price = number_of(reader, LINE_PRICE, &line->price);
	line->money = DatumGetInt64(column(reader, LINE_MONEY, INT8OID, &isnull));
	line->has_money = !isnull;
	line->vat_category = text_of(reader, LINE_CATEGORY);
	if (!number_of(reader, LINE_RATE, &line->vat_rate))
		line->vat_rate = -1;
	line->qualities = qualities_of(column(reader, LINE_QUALITIES, TEXTARRAYOID, NULL));
	line->kind = -1;
	return line;
}

static void
read_lines(ElevatedPlan *plan, Datum *values, RunLines *lines)
{
	Reader		reader = {.context = CurrentMemoryContext};
	Elevation	elevation;

	elevated_begin(&elevation);
	elevated_execute(plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	for (reader.row = 0; reader.row < SPI_processed; reader.row++)
	{
		RunLine    *line = line_of(&reader);
		MemoryContext old = MemoryContextSwitchTo(reader.context);

		run_lines_add(lines, line);
		MemoryContextSwitchTo(old);
	}
	elevated_end(&elevation);
}

/* Adds the lines of a run, in their order. */
void
run_read_lines(int64 run_id, RunLines *lines)
{
	static ElevatedPlan plan = {
		.sql = SELECT_LINES " WHERE l.run_id = $1 ORDER BY l.line",
		.nargs = 1,
		.argtypes = {INT8OID},
	};
	Datum		values[] = {Int64GetDatum(run_id)};

	read_lines(&plan, values, lines);
}

/* Adds the lines of the final runs of a period whose number is below another. */
void
run_read_lines_before(int32 grid_id, TimestampTz from, TimestampTz to, int32 number, RunLines *lines)
{
	static ElevatedPlan plan = {
		.sql = SELECT_LINES " JOIN smartgrid.run AS r ON r.run_id = l.run_id"
		" WHERE r.grid_id = $1 AND r.period_from = $2 AND r.period_to = $3 AND r.state = 1 AND r.number < $4"
		" ORDER BY r.number, l.line",
		.nargs = 4,
		.argtypes = {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), TimestampTzGetDatum(from), TimestampTzGetDatum(to), Int32GetDatum(number)};

	read_lines(&plan, values, lines);
}

/* The basis of a run, in its order. */
RunBasis *
run_read_basis(int64 run_id, int *n)
{
	static ElevatedPlan plan = {
		.sql = "SELECT b.kind, b.key, b.version, b.valid_from, b.valid_to, b.digest FROM smartgrid.run_basis AS b"
		" WHERE b.run_id = $1 ORDER BY b.ord",
		.nargs = 1,
		.argtypes = {INT8OID},
	};
	Reader		reader = {.context = CurrentMemoryContext};
	Datum		values[] = {Int64GetDatum(run_id)};
	Elevation	elevation;
	RunBasis   *basis;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	*n = (int) SPI_processed;
	basis = MemoryContextAllocHuge(reader.context, Max(*n, 1) * sizeof(RunBasis));
	for (reader.row = 0; reader.row < SPI_processed; reader.row++)
	{
		RunBasis   *part = &basis[reader.row];

		part->kind = text_of(&reader, 1);
		part->key = text_of(&reader, 2);
		part->version = text_of(&reader, 3);
		part->from = DatumGetTimestampTz(column(&reader, 4, TIMESTAMPTZOID, NULL));
		part->to = DatumGetTimestampTz(column(&reader, 5, TIMESTAMPTZOID, NULL));
		(void) digest_from_bytea(column(&reader, 6, BYTEAOID, NULL), &part->digest);
	}
	elevated_end(&elevation);
	return basis;
}

/* What a participant is called now; NULL: there is none of that number. */
static char *
name_now(int64 participant_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT p.principal FROM smartgrid.participant AS p WHERE p.participant_id = $1",
		.nargs = 1,
		.argtypes = {INT8OID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Datum		values[] = {Int64GetDatum(participant_id)};
	Elevation	elevation;
	char	   *name = NULL;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	if (SPI_processed > 0)
		name = MemoryContextStrdup(caller, TextDatumGetCString(elevated_value(0, 1, TEXTOID)));
	elevated_end(&elevation);
	return name;
}

/* A basis with participants as they are called now, in the place of what they were called. */
RunBasis *
run_names_now(const RunBasis *basis, int n)
{
	RunBasis   *now = MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(RunBasis));

	for (int i = 0; i < n; i++)
	{
		char	   *name;

		now[i] = basis[i];
		if (strcmp(basis[i].kind, BASIS_PARTICIPANT) != 0)
			continue;
		name = name_now(strtoll(basis[i].version, NULL, 10));
		now[i].key = name ? name : "";
		hasher_digest_text(hasher_of_session(), utf8_of(now[i].key), &now[i].digest);
	}
	return now;
}
