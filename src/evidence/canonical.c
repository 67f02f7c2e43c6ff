/*-------------------------------------------------------------------------
 *
 * canonical.c
 *	  The bytes that are hashed: the line of a ledger entry and of a block.
 *
 * Decimal integers, names of kinds and commas: nothing depends on the
 * server's version, time zone, locale, encoding or architecture.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "base/number.h"
#include "evidence/canonical.h"
#include "ledger/ledger.h"

PG_FUNCTION_INFO_V1(sg_unix_microseconds);

/* Microseconds from 1970-01-01T00:00:00Z to PostgreSQL's epoch, 2000-01-01T00:00:00Z. */
#define UNIX_TO_POSTGRES	((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY)

/* The fields of a block's line up to the name, and their places. */
#define BLOCK_FIELDS		23
#define FIELD_GRID_ID		1
#define FIELD_HEIGHT		2
#define FIELD_SEALED_AT		3
#define FIELD_FIRST_ENTRY	4
#define FIELD_LAST_ENTRY	5
#define FIELD_ENTRIES		6
#define FIELD_ROOT			7
#define FIELD_TOTALS		8
#define FIELD_PREVIOUS		21
#define FIELD_HISTORY		22

/* Those of an entry's line. */
#define ENTRY_FIELDS		10
#define ENTRY_FIELD_AT		1
#define ENTRY_FIELD_GRID_ID	2
#define ENTRY_FIELD_KIND	3

/*
 * Writes a time in microseconds since 1970 and returns its length.  The last
 * years of timestamptz pass the range of bigint; an infinite time, which no
 * entry has, is as numeric says it.
 */
static int
append_time(TimestampTz at, char *text)
{
	if (TIMESTAMP_IS_NOBEGIN(at))
		return strlen(strcpy(text, "-Infinity"));
	if (TIMESTAMP_IS_NOEND(at))
		return strlen(strcpy(text, "Infinity"));
	if (at > 0)
		return pg_ulltoa_n((uint64) at + UNIX_TO_POSTGRES, text);
	return pg_lltoa(at + UNIX_TO_POSTGRES, text);
}

/*
 * unix_microseconds(timestamptz) -> numeric, exactly, also in the last years,
 * where EXTRACT(epoch ...) rounds.  For the views of lines.
 */
Datum
sg_unix_microseconds(PG_FUNCTION_ARGS)
{
	char		text[NUMBER_TEXT_MAX];
	int			length = append_time(PG_GETARG_TIMESTAMPTZ(0), text);

	text[length] = '\0';
	return number_of_text(text);
}

/*
 * Writes the line of an entry, without a line end, and returns its length;
 * line has room for CANONICAL_ENTRY_MAX.
 */
int
canonical_entry(const FormLedger *entry, char *line)
{
	const char *kind = ledger_kind_name(entry->kind);
	char	   *p = line;
	const int64 tail[] = {
		entry->participant_id, entry->counterparty_id, entry->energy, entry->price, entry->money, entry->trade_id
	};

	p += pg_lltoa(entry->entry_id, p);
	*p++ = ',';
	p += append_time(entry->at, p);
	*p++ = ',';
	p += pg_lltoa(entry->grid_id, p);
	*p++ = ',';
	if (kind != NULL)
	{
		size_t		len = strlen(kind);

		memcpy(p, kind, len);
		p += len;
	}
	else						/* none that the extension writes */
		p += pg_lltoa(entry->kind, p);
	for (int i = 0; i < (int) lengthof(tail); i++)
	{
		*p++ = ',';
		p += pg_lltoa(tail[i], p);
	}
	*p = '\0';
	return p - line;
}

/* What of an entry the extension cannot have written, so that its line is none; NULL: nothing. */
const char *
canonical_odd_field(const FormLedger *entry)
{
	return entry->entry_id < 1 ? "entry_id"
		: TIMESTAMP_NOT_FINITE(entry->at) ? "at"
		: ledger_kind_name(entry->kind) == NULL ? "kind"
		: entry->participant_id < 0 ? "participant_id"
		: entry->counterparty_id < 0 ? "counterparty_id"
		: entry->energy < 0 ? "energy"
		: entry->price < 0 ? "price"
		: entry->money < 0 ? "money"
		: entry->trade_id < 0 ? "trade_id" : NULL;
}

static void
append_digest(StringInfo line, const Digest *digest)
{
	char	   *hex = digest_to_hex(digest);

	appendStringInfoChar(line, ',');
	appendStringInfoString(line, hex);
	pfree(hex);
}

/* The line of a block, in the server's encoding; hashed, it is in UTF-8 (hasher_digest_text()). */
char *
canonical_block(const LedgerBlock *block)
{
	StringInfoData line;
	char		text[NUMBER_TEXT_MAX];

	initStringInfo(&line);
	appendStringInfo(&line, CANONICAL_BLOCK_FORM ",%d," INT64_FORMAT ",", block->grid_id, block->height);
	appendBinaryStringInfo(&line, text, append_time(block->sealed_at, text));
	appendStringInfo(&line, "," INT64_FORMAT "," INT64_FORMAT ",%d", block->first_entry, block->last_entry, block->entries);
	append_digest(&line, &block->root);
	for (int t = 0; t < TOTAL_COUNT; t++)
	{
		appendStringInfoChar(&line, ',');
		appendBinaryStringInfo(&line, text, number_to_text(block->totals.value[t], text));
	}
	append_digest(&line, &block->previous);
	append_digest(&line, &block->history);
	appendStringInfoChar(&line, ',');
	appendStringInfoString(&line, block->name);
	return line.data;
}

/*
 * Takes the first n fields of a line apart, which end at a comma each, and
 * returns what comes after them; NULL if there are fewer.  The line is
 * changed.
 */
static char *
split_line(char *line, char **fields, int n)
{
	for (int i = 0; i < n; i++)
	{
		char	   *comma = strchr(line, ',');

		if (comma == NULL)
			return NULL;
		*comma = '\0';
		fields[i] = line;
		line = comma + 1;
	}
	return line;
}

/* A decimal number of any length, without leading zeros, sign or anything else? */
static bool
is_natural(const char *text)
{
	size_t		digits = strspn(text, "0123456789");

	return digits > 0 && text[digits] == '\0' && (text[0] != '0' || digits == 1);
}

/* The same, or a minus and such a number that is not zero? */
static bool
is_integer(const char *text)
{
	return is_natural(text) || (text[0] == '-' && text[1] != '0' && is_natural(text + 1));
}

/* A natural number that fits a bigint. */
static bool
parse_number(const char *text, int64 *number)
{
	int64		value = 0;

	if (!is_natural(text))
		return false;
	for (; *text; text++)
		if (__builtin_mul_overflow(value, INT64CONST(10), &value) ||
			!checked_add(value, *text - '0', &value))
			return false;
	*number = value;
	return true;
}

static bool
parse_digest(const char *text, Digest *digest)
{
	return digest_from_hex(text, strlen(text), digest);
}

/*
 * Takes the fields that proofs need out of a block's line; false if it is
 * not of that form in every field.  Whether it is a genuine one its hash alone
 * says.
 */
bool
canonical_parse_block(const char *line, BlockLine *fields)
{
	char	   *field[BLOCK_FIELDS];
	Digest		previous;

	if (split_line(pstrdup(line), field, BLOCK_FIELDS) == NULL ||
		strcmp(field[0], CANONICAL_BLOCK_FORM) != 0)
		return false;
	for (int t = FIELD_TOTALS; t < FIELD_TOTALS + TOTAL_COUNT; t++)
		if (!is_integer(field[t]))
			return false;
	return parse_number(field[FIELD_GRID_ID], &fields->grid_id) &&
		parse_number(field[FIELD_HEIGHT], &fields->height) &&
		is_integer(field[FIELD_SEALED_AT]) &&
		parse_number(field[FIELD_FIRST_ENTRY], &fields->first_entry) &&
		parse_number(field[FIELD_LAST_ENTRY], &fields->last_entry) &&
		parse_number(field[FIELD_ENTRIES], &fields->entries) &&
		fields->entries >= 1 && fields->entries <= BLOCK_MAX_ENTRIES &&
		parse_digest(field[FIELD_ROOT], &fields->root) &&
		parse_digest(field[FIELD_PREVIOUS], &previous) &&
		parse_digest(field[FIELD_HISTORY], &fields->history);
}

/* Takes the id and the grid out of an entry's line; false if it is not of that form in every field. */
bool
canonical_parse_entry(const char *line, int64 *entry_id, int64 *grid_id)
{
	char	   *field[ENTRY_FIELDS];
	char	   *last = split_line(pstrdup(line), field, ENTRY_FIELDS - 1);
	bool		known = false;
	int64		ignored;

	if (last == NULL)
		return false;
	field[ENTRY_FIELDS - 1] = last;
	for (int kind = 0; ledger_kind_name(kind) != NULL; kind++)
		known |= strcmp(field[ENTRY_FIELD_KIND], ledger_kind_name(kind)) == 0;
	for (int i = ENTRY_FIELD_KIND + 1; i < ENTRY_FIELDS; i++)
		known &= parse_number(field[i], &ignored);
	return known && is_integer(field[ENTRY_FIELD_AT]) &&
		parse_number(field[0], entry_id) && parse_number(field[ENTRY_FIELD_GRID_ID], grid_id);
}
