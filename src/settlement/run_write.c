/*-------------------------------------------------------------------------
 *
 * run_write.c
 *	  Runs on record: writing them.
 *
 * Rows are written many at a time, as arrays of columns.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "base/number.h"
#include "settlement/run_rows.h"
#include "store/elevated.h"

#define CHUNK_ROWS		1000
#define MAX_COLUMNS		24

/* Rows of a table while they are gathered. */
typedef struct Writer
{
	ElevatedPlan *plan;
	MemoryContext context;		/* of the chunk */
	int			ncolumns;
	const Oid  *types;			/* of the elements */
	int			column;			/* of the current row */
	int			n;				/* rows */
	Datum		values[MAX_COLUMNS][CHUNK_ROWS];
	bool		isnull[MAX_COLUMNS][CHUNK_ROWS];
	int64		run_id;
	int32		grid_id;
} Writer;

static Writer *
writer_begin(ElevatedPlan *plan, const Oid *types, int ncolumns, int64 run_id, int32 grid_id)
{
	Writer	   *writer = palloc0(sizeof(Writer));

	writer->plan = plan;
	writer->types = types;
	writer->ncolumns = ncolumns;
	writer->run_id = run_id;
	writer->grid_id = grid_id;
	writer->context = AllocSetContextCreate(CurrentMemoryContext, "smartgrid rows of a run", ALLOCSET_DEFAULT_SIZES);
	return writer;
}

static Datum
column_array(Writer *writer, int column)
{
	int16		length;
	bool		byval;
	char		align;
	int			dims[1] = {writer->n};
	int			lower[1] = {1};

	get_typlenbyvalalign(writer->types[column], &length, &byval, &align);
	return PointerGetDatum(construct_md_array(writer->values[column], writer->isnull[column], 1, dims, lower, writer->types[column], length, byval, align));
}

/* Writes what has been gathered. */
static void
flush(Writer *writer)
{
	Elevation	elevation;
	MemoryContext old = MemoryContextSwitchTo(writer->context);
	Datum		values[MAX_COLUMNS + 2] = {Int64GetDatum(writer->run_id), Int32GetDatum(writer->grid_id)};

	for (int c = 0; c < writer->ncolumns; c++)
		values[c + 2] = column_array(writer, c);
	elevated_begin(&elevation);
	elevated_execute(writer->plan, values, NULL, IN_NEW_SNAPSHOT);
	elevated_end(&elevation);
	MemoryContextSwitchTo(old);
	MemoryContextReset(writer->context);
	writer->n = 0;
}

static void
put_datum(Writer *writer, Datum value)
{
	writer->values[writer->column][writer->n] = value;
	writer->isnull[writer->column++][writer->n] = false;
}

static void
put_null(Writer *writer)
{
	writer->isnull[writer->column++][writer->n] = true;
}

static void
put_text(Writer *writer, const char *value)
{
	if (value == NULL)
		put_null(writer);
	else
		put_datum(writer, CStringGetTextDatum(value));
}

static void
put_decimal(Writer *writer, bool is_there, sg_int128 value, int digits)
{
	char		text[NUMBER_TEXT_MAX + 3];

	if (!is_there)
	{
		put_null(writer);
		return;
	}
	(void) run_decimal_text(value, digits, text);
	put_text(writer, text);
}

static void
end_row(Writer *writer)
{
	writer->column = 0;
	if (++writer->n == CHUNK_ROWS)
		flush(writer);
}

static void
writer_end(Writer *writer)
{
	if (writer->n > 0)
		flush(writer);
	MemoryContextDelete(writer->context);
	pfree(writer);
}

/* A set of qualities as text of an array: one that has too many columns to be an array itself. */
static void
put_qualities(Writer *writer, QualitySet set)
{
	char		text[256] = "{";
	int			length = 1;

	for (int quality = 0; quality < QUALITY_COUNT; quality++)
		if (set & QUALITY_SET(quality))
			length += snprintf(text + length, sizeof(text) - length, "%s%s", length > 1 ? "," : "", quality_name((Quality) quality));
	snprintf(text + length, sizeof(text) - length, "}");
	put_text(writer, text);
}

static void
put_line(Writer *writer, const RunLine *line, int number)
{
	put_datum(writer, Int32GetDatum(number));
	put_datum(writer, Int64GetDatum(line->participant_id));
	put_datum(writer, Int64GetDatum(line->point_id));
	put_datum(writer, TimestampTzGetDatum(line->from));
	put_datum(writer, TimestampTzGetDatum(line->to));
	put_datum(writer, Int32GetDatum(line->place));
	put_datum(writer, Int32GetDatum(line->tier));
	put_datum(writer, Int16GetDatum((int16) line->side));
	put_datum(writer, BoolGetDatum(line->gross));
	put_text(writer, line->participant);
	put_text(writer, line->point);
	put_text(writer, line->tariff);
	put_text(writer, line->component);
	put_text(writer, line->base);
	put_decimal(writer, true, line->quantity, RUN_QUANTITY_DIGITS);
	put_text(writer, run_unit_name(line->unit));
	put_decimal(writer, line->has_price, line->price, RUN_PRICE_DIGITS);
	if (line->has_money)
		put_datum(writer, Int64GetDatum(line->money));
	else
		put_null(writer);
	put_text(writer, line->vat_category);
	put_decimal(writer, line->vat_rate >= 0, line->vat_rate, COMPONENT_DECIMALS);
	put_qualities(writer, line->qualities);
	end_row(writer);
}

static void
insert_lines(const RunLines *lines, int64 run_id, int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.run_line (run_id, grid_id, line, participant_id, point_id, valid_from, valid_to, place, tier, side, gross,"
		" participant, point, tariff, component, base, quantity, unit, price, money, vat_category, vat_rate, qualities)"
		" SELECT $1, $2, l, participant_id, point_id, valid_from, valid_to, place, tier, side, gross, participant, point, tariff, component, base,"
		" quantity::numeric, unit, price::numeric, money, vat_category, vat_rate::numeric, qualities::text[]"
		" FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)"
		" AS u (l, participant_id, point_id, valid_from, valid_to, place, tier, side, gross, participant, point, tariff, component, base,"
		" quantity, unit, price, money, vat_category, vat_rate, qualities)",
		.nargs = 23,
		.argtypes = {INT8OID, INT4OID, INT4ARRAYOID, INT8ARRAYOID, INT8ARRAYOID, TIMESTAMPTZARRAYOID, TIMESTAMPTZARRAYOID,
			INT4ARRAYOID, INT4ARRAYOID, INT2ARRAYOID, BOOLARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID,
			TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, INT8ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID},
	};
	static const Oid types[] = {
		INT4OID, INT8OID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT4OID, INT4OID, INT2OID, BOOLOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID,
		TEXTOID, TEXTOID, TEXTOID, TEXTOID, INT8OID, TEXTOID, TEXTOID, TEXTOID
	};
	Writer	   *writer = writer_begin(&plan, types, lengthof(types), run_id, grid_id);

	for (int i = 0; i < lines->n; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(writer->context);

		put_line(writer, lines->lines[i], i + 1);
		MemoryContextSwitchTo(old);
	}
	writer_end(writer);
}

static void
insert_basis(const Run *run, int64 run_id, int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.run_basis (run_id, grid_id, ord, valid_from, valid_to, kind, key, version, digest)"
		" SELECT $1, $2, ord, valid_from, valid_to, kind, key, version, digest"
		" FROM unnest($3, $4, $5, $6, $7, $8, $9) AS u (ord, valid_from, valid_to, kind, key, version, digest)",
		.nargs = 9,
		.argtypes = {INT8OID, INT4OID, INT4ARRAYOID, TIMESTAMPTZARRAYOID, TIMESTAMPTZARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID,
			BYTEAARRAYOID},
	};
	static const Oid types[] = {INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID, TEXTOID, TEXTOID, BYTEAOID};
	Writer	   *writer = writer_begin(&plan, types, lengthof(types), run_id, grid_id);

	for (int i = 0; i < run->nbasis; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(writer->context);

		put_datum(writer, Int32GetDatum(i + 1));
		put_datum(writer, TimestampTzGetDatum(run->basis[i].from));
		put_datum(writer, TimestampTzGetDatum(run->basis[i].to));
		put_text(writer, run->basis[i].kind);
		put_text(writer, run->basis[i].key);
		put_text(writer, run->basis[i].version);
		put_datum(writer, digest_to_bytea(&run->basis[i].digest));
		end_row(writer);
		MemoryContextSwitchTo(old);
	}
	writer_end(writer);
}

static void
insert_problems(const Run *run, int64 run_id, int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.run_problem (run_id, grid_id, ord, slots, first, problem, point, participant, component)"
		" SELECT $1, $2, ord, slots, first, problem, point, participant, component"
		" FROM unnest($3, $4, $5, $6, $7, $8, $9) AS u (ord, slots, first, problem, point, participant, component)",
		.nargs = 9,
		.argtypes = {INT8OID, INT4OID, INT4ARRAYOID, INT8ARRAYOID, TIMESTAMPTZARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID},
	};
	static const Oid types[] = {INT4OID, INT8OID, TIMESTAMPTZOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID};
	Writer	   *writer = writer_begin(&plan, types, lengthof(types), run_id, grid_id);

	for (int i = 0; i < run->nproblems; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(writer->context);

		put_datum(writer, Int32GetDatum(i + 1));
		put_datum(writer, Int64GetDatum(run->problems[i].slots));
		put_datum(writer, TimestampTzGetDatum(run->problems[i].first));
		put_text(writer, run_problem_name(run->problems[i].kind));
		put_text(writer, run->problems[i].point);
		put_text(writer, run->problems[i].participant);
		put_text(writer, run->problems[i].component);
		end_row(writer);
		MemoryContextSwitchTo(old);
	}
	writer_end(writer);
}

/* The sum of one side, money units; false if a line is unpriced. */
static bool
sum_side(const RunLines *lines, RunSide side, int64 *sum)
{
	sg_int128	total = 0;

	for (int i = 0; i < lines->n; i++)
	{
		if (lines->lines[i]->side != side)
			continue;
		if (!lines->lines[i]->has_money)
			return false;
		total += lines->lines[i]->money;
	}
	*sum = run_checked_int64(total, "the money of a run");
	return true;
}

/* The row of a preview; returns its number. */
static int64
insert_run(const Grid *grid, const RunHead *head, const Run *run)
{
	static ElevatedPlan plan = {
		.sql = "INSERT INTO smartgrid.run (grid_id, state, kind, number, period_from, period_to, as_of, as_of_named, basis_from, made_at,"
		" accept, digest, charges, credits, replaces)"
		" VALUES ($1, 0, CASE WHEN $2 > 0 THEN 1 ELSE 0 END, $2, $3, $4, $5, $6, $7, statement_timestamp(), $8, $9, $10, $11, $12) RETURNING run_id",
		.nargs = 12,
		.argtypes = {INT4OID, INT4OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, BOOLOID, TIMESTAMPTZOID, TEXTARRAYOID, BYTEAOID,
			INT8OID, INT8OID, INT8ARRAYOID},
	};
	int64		charges = 0;
	int64		credits = 0;
	char		nulls[] = "            ";
	Elevation	elevation;
	int64		run_id;

	nulls[9] = sum_side(&run->lines, SIDE_CHARGE, &charges) ? ' ' : 'n';
	nulls[10] = sum_side(&run->lines, SIDE_CREDIT, &credits) ? ' ' : 'n';
	{
		Datum		values[] = {
			Int32GetDatum(grid->form.grid_id), Int32GetDatum(head->number), TimestampTzGetDatum(head->from), TimestampTzGetDatum(head->to),
			TimestampTzGetDatum(head->as_of), BoolGetDatum(head->as_of_named), TimestampTzGetDatum(run->basis_from), head->accept.names,
			digest_to_bytea(&head->digest), Int64GetDatum(charges), Int64GetDatum(credits), head->replaces
		};

		elevated_begin(&elevation);
		elevated_execute(&plan, values, nulls, IN_NEW_SNAPSHOT);
		run_id = DatumGetInt64(elevated_value(0, 1, INT8OID));
		elevated_end(&elevation);
	}
	return run_id;
}

/* Puts a preview on record; returns its number. */
int64
run_insert(const Grid *grid, const RunHead *head, const Run *run)
{
	int64		run_id = insert_run(grid, head, run);

	insert_lines(&run->lines, run_id, grid->form.grid_id);
	insert_basis(run, run_id, grid->form.grid_id);
	insert_problems(run, run_id, grid->form.grid_id);
	return run_id;
}
