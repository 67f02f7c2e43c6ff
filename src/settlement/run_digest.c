/*-------------------------------------------------------------------------
 *
 * run_digest.c
 *	  The digest of a run: of the canonical lines of what it was computed from and
 *	  what came of it (doc/evidence.md).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/timestamp.h"

#include "base/csv.h"
#include "base/number.h"
#include "grid/zone.h"
#include "settlement/run_digest.h"

static void
add_field(StringInfo line, const char *text)
{
	const char *utf8 = utf8_of(text);

	enlargeStringInfo(line, CSV_FIELD_MAX(strlen(utf8)) + 1);
	line->len += csv_field(utf8, line->data + line->len);
	appendStringInfoChar(line, ',');
}

static void
add_decimal(StringInfo line, sg_int128 value, int digits)
{
	char		text[64];

	appendBinaryStringInfo(line, text, run_decimal_text(value, digits, text));
	appendStringInfoChar(line, ',');
}

/* Microseconds since 1970, as in lines of the ledger. */
static void
add_time(StringInfo line, TimestampTz at)
{
	if (TIMESTAMP_IS_NOBEGIN(at))
		appendStringInfoString(line, "-Infinity,");
	else if (TIMESTAMP_IS_NOEND(at))
		appendStringInfoString(line, "Infinity,");
	else
		add_decimal(line, (sg_int128) at + (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY, 0);
}

static void
add_qualities(StringInfo line, QualitySet set)
{
	for (int quality = 0; quality < QUALITY_COUNT; quality++)
		if (set & QUALITY_SET(quality))
			appendStringInfoChar(line, quality_letter((Quality) quality));
}

/* Ends a line, and hashes it. */
static void
end_line(Hasher *hasher, StringInfo line)
{
	appendStringInfoChar(line, '\n');
	hasher_add(hasher, line->data, line->len);
	resetStringInfo(line);
}

/* <participant>,<point>,<tariff>,<component>,<base>,<tier>,<side>,<from>,<to>,<quantity>,<unit>,<price>,<money>,<gross>,<category>,<rate>,<qualities> */
static void
add_line(Hasher *hasher, StringInfo text, const RunLine *line)
{
	appendStringInfoString(text, "line,");
	add_field(text, line->participant);
	add_field(text, line->point);
	add_field(text, line->tariff);
	add_field(text, line->component);
	add_field(text, line->base);
	add_decimal(text, line->tier, 0);
	add_field(text, run_side_name(line->side));
	add_time(text, line->from);
	add_time(text, line->to);
	add_decimal(text, line->quantity, RUN_QUANTITY_DIGITS);
	add_field(text, run_unit_name(line->unit));
	if (line->has_price)
		add_decimal(text, line->price, RUN_PRICE_DIGITS);
	else
		appendStringInfoChar(text, ',');
	if (line->has_money)
		add_decimal(text, line->money, 0);
	else
		appendStringInfoChar(text, ',');
	appendStringInfoString(text, line->gross ? "gross," : "net,");
	add_field(text, line->vat_category ? line->vat_category : "");
	if (line->vat_rate >= 0)
		add_decimal(text, line->vat_rate, COMPONENT_DECIMALS);
	else
		appendStringInfoChar(text, ',');
	add_qualities(text, line->qualities);
	end_line(hasher, text);
}

/* Hashes lines in their order. */
void
run_digest_lines(const RunLines *lines, Digest *digest)
{
	Hasher		hasher;
	StringInfoData text;

	initStringInfo(&text);
	hasher_open(&hasher);
	hasher_begin(&hasher);
	for (int i = 0; i < lines->n; i++)
		add_line(&hasher, &text, lines->lines[i]);
	hasher_finish(&hasher, digest);
	hasher_close(&hasher);
	pfree(text.data);
}

/* Is a part among those that are asked for? */
static bool
is_of_part(const RunBasis *basis, RunBasisPart part)
{
	if (strcmp(basis->kind, BASIS_SHARING) == 0)
		return part == BASIS_PART_SHARING;
	if (strcmp(basis->kind, BASIS_PARTICIPANT) == 0)
		return part == BASIS_PART_NAMES;
	return part == BASIS_PART_READ;
}

/* <kind>,<key>,<from>,<to>,<digest> */
static void
add_basis(Hasher *hasher, StringInfo text, const RunBasis *basis)
{
	appendStringInfoString(text, "basis,");
	add_field(text, basis->kind);
	add_field(text, basis->key);
	add_time(text, basis->from);
	add_time(text, basis->to);
	appendStringInfoString(text, digest_to_hex(&basis->digest));
	end_line(hasher, text);
}

/* Hashes one part of the basis. */
void
run_digest_basis(const RunBasis *basis, int n, RunBasisPart part, Digest *digest)
{
	Hasher		hasher;
	StringInfoData text;

	initStringInfo(&text);
	hasher_open(&hasher);
	hasher_begin(&hasher);
	for (int i = 0; i < n; i++)
		if (is_of_part(&basis[i], part))
			add_basis(&hasher, &text, &basis[i]);
	hasher_finish(&hasher, digest);
	hasher_close(&hasher);
	pfree(text.data);
}

/*
 * The digest of all: of a line that says what the run is about, and one for each
 * part with its digest.
 */
void
run_digest_total(const Grid *grid, const RunHead *head, const RunDigests *parts, Digest *digest)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfoString(&text, "run,");
	add_time(&text, head->from);
	add_time(&text, head->to);
	add_decimal(&text, head->number, 0);
	add_field(&text, zone_name_of_grid(grid));
	appendStringInfo(&text, "%d,%d\n", grid->form.energy_scale, grid->form.money_scale);
	appendStringInfo(&text, "basis,%s\n", digest_to_hex(&parts->basis));
	appendStringInfo(&text, "names,%s\n", digest_to_hex(&parts->names));
	appendStringInfo(&text, "allocation,%s\n", digest_to_hex(&parts->allocation));
	appendStringInfo(&text, "lines,%s\n", digest_to_hex(&parts->lines));
	hasher_digest(hasher_of_session(), text.data, text.len, digest);
	pfree(text.data);
}

/* The digests of all parts of a run. */
void
run_digest_parts(const Run *run, RunDigests *parts)
{
	run_digest_basis(run->basis, run->nbasis, BASIS_PART_READ, &parts->basis);
	run_digest_basis(run->basis, run->nbasis, BASIS_PART_NAMES, &parts->names);
	run_digest_basis(run->basis, run->nbasis, BASIS_PART_SHARING, &parts->allocation);
	run_digest_lines(&run->lines, &parts->lines);
}
