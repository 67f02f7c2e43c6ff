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

#include "evidence/canonical.h"
#include "ledger/ledger.h"

PG_FUNCTION_INFO_V1(sg_unix_microseconds);
PG_FUNCTION_INFO_V1(sg_entry_line);

/* Microseconds from 1970-01-01T00:00:00Z to PostgreSQL's epoch, 2000-01-01T00:00:00Z. */
#define UNIX_TO_POSTGRES	((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY)

/* The fields of a block's line, up to the totals. */
#define FIELD_GRID_ID		1
#define FIELD_HEIGHT		2
#define FIELD_SEALED_AT		3
#define FIELD_FIRST_ENTRY	4
#define FIELD_LAST_ENTRY	5
#define FIELD_ENTRIES		6
#define FIELD_ROOT			7
#define FIELD_TOTALS		8
#define BLOCK_MAX_FIELDS	32

/* What is in a line of a form between those and the name. */
typedef struct BlockForm
{
	const char *name;
	int			ntotals;
	const Total *totals;
	bool		has_sums;		/* then the sums by kind of entry; then previous and history */
} BlockForm;

static const Total totals_1[] = {
	TOTAL_LOAD, TOTAL_HELD, TOTAL_BALANCES, TOTAL_EARNINGS, TOTAL_REVENUE, TOTAL_STORED,
	TOTAL_PRODUCED, TOTAL_CONSUMED, TOTAL_CHARGED, TOTAL_DISCHARGED, TOTAL_TRADED, TOTAL_TOPUPS, TOTAL_WITHDRAWALS
};

static const Total totals_2[] = {
	TOTAL_LOAD, TOTAL_HELD, TOTAL_BALANCES, TOTAL_RESERVED, TOTAL_EARNINGS, TOTAL_REVENUE, TOTAL_STORED, TOTAL_DUE
};

static const BlockForm forms[] = {
	{.name = CANONICAL_BLOCK_FORM_1, .ntotals = lengthof(totals_1), .totals = totals_1},
	{.name = CANONICAL_BLOCK_FORM_2, .ntotals = lengthof(totals_2), .totals = totals_2, .has_sums = true},
};

/* Those of an entry's line. */
#define ENTRY_FIELDS		10
#define ENTRY_FIELD_AT		1
#define ENTRY_FIELD_GRID_ID	2
#define ENTRY_FIELD_KIND	3

/* What may follow them. */
#define ENTRY_BOOKED_AT		"booked_at="

/* Writes a number in decimal and returns its length; text has room for CANONICAL_INT128_MAX. */
int
canonical_int128(sg_int128 value, char *text)
{
	char		digits[CANONICAL_INT128_MAX];
	sg_uint128	rest = value < 0 ? -(sg_uint128) value : (sg_uint128) value;
	int			n = 0;
	int			length = 0;

	do
	{
		digits[n++] = '0' + (char) (rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		text[length++] = '-';
	while (n > 0)
		text[length++] = digits[--n];
	text[length] = '\0';
	return length;
}

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
	char		text[CANONICAL_INT128_MAX];
	int			length = append_time(PG_GETARG_TIMESTAMPTZ(0), text);

	text[length] = '\0';
	return DirectFunctionCall3(numeric_in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
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
	if (entry->booked_at != entry->at)
	{
		memcpy(p, "," ENTRY_BOOKED_AT, sizeof("," ENTRY_BOOKED_AT) - 1);
		p += sizeof("," ENTRY_BOOKED_AT) - 1;
		p += append_time(entry->booked_at, p);
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
		: entry->trade_id < 0 ? "trade_id"
		: TIMESTAMP_NOT_FINITE(entry->booked_at) ? "booked_at" : NULL;
}

static void
append_digest(StringInfo line, const Digest *digest)
{
	char	   *hex = digest_to_hex(digest);

	appendStringInfoChar(line, ',');
	appendStringInfoString(line, hex);
	pfree(hex);
}

/* The sums by kind of entry as a block's line has them: kinds without any are left out. */
char *
canonical_sums(const KindSums *sums)
{
	StringInfoData text;

	initStringInfo(&text);
	for (int kind = 0; kind < LEDGER_KIND_COUNT; kind++)
	{
		char		energy[CANONICAL_INT128_MAX];
		char		money[CANONICAL_INT128_MAX];

		if (sums->energy[kind] == 0 && sums->money[kind] == 0)
			continue;
		canonical_int128(sums->energy[kind], energy);
		canonical_int128(sums->money[kind], money);
		appendStringInfo(&text, "%s%s:%s:%s", text.len > 0 ? ";" : "", ledger_kind_name(kind), energy, money);
	}
	return text.data;
}

/* The line of a block, in the server's encoding; hashed, it is in UTF-8 (hasher_digest_text()). */
char *
canonical_block(const LedgerBlock *block)
{
	const BlockForm *form = &forms[block->form == BLOCK_FORM_1 ? 0 : 1];
	StringInfoData line;
	char		text[CANONICAL_INT128_MAX];

	initStringInfo(&line);
	appendStringInfo(&line, "%s,%d," INT64_FORMAT ",", form->name, block->grid_id, block->height);
	appendBinaryStringInfo(&line, text, append_time(block->sealed_at, text));
	appendStringInfo(&line, "," INT64_FORMAT "," INT64_FORMAT ",%d", block->first_entry, block->last_entry, block->entries);
	append_digest(&line, &block->root);
	for (int i = 0; i < form->ntotals; i++)
	{
		appendStringInfoChar(&line, ',');
		appendBinaryStringInfo(&line, text, canonical_int128(block->totals.value[form->totals[i]], text));
	}
	if (form->has_sums)
	{
		char	   *sums = canonical_sums(&block->sums);

		appendStringInfo(&line, ",%s", sums);
		pfree(sums);
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

/* An integer of at most 127 bits. */
static bool
parse_int128(const char *text, sg_int128 *number)
{
	bool		negative = text[0] == '-';
	sg_int128	value = 0;

	if (!is_integer(text))
		return false;
	for (const char *c = text + negative; *c; c++)
		if (__builtin_mul_overflow(value, (sg_int128) 10, &value) ||
			__builtin_add_overflow(value, (sg_int128) (*c - '0'), &value))
			return false;
	*number = negative ? -value : value;
	return true;
}

/* The kind of this name, -1 if there is none. */
static int
kind_called(const char *name)
{
	for (int kind = 0; kind < LEDGER_KIND_COUNT; kind++)
		if (strcmp(ledger_kind_name(kind), name) == 0)
			return kind;
	return -1;
}

/* Takes apart the sums by kind of entry; false unless they are as canonical_sums() writes them. */
bool
canonical_parse_sums(const char *text, KindSums *sums)
{
	char	   *rest = pstrdup(text);
	char	   *again;
	bool		fits;

	memset(sums, 0, sizeof(*sums));
	while (rest && *rest)
	{
		char	   *sum = rest;
		char	   *energy = strchr(sum, ':');
		char	   *money = energy ? strchr(energy + 1, ':') : NULL;
		int			kind;

		rest = strchr(sum, ';');
		if (rest)
			*rest++ = '\0';
		if (money == NULL || (rest && money > rest))
			return false;
		*energy++ = '\0';
		*money++ = '\0';
		kind = kind_called(sum);
		if (kind < 0 || !parse_int128(energy, &sums->energy[kind]) || !parse_int128(money, &sums->money[kind]))
			return false;
	}
	again = canonical_sums(sums);
	fits = strcmp(again, text) == 0;
	pfree(again);
	return fits;
}

/* The form of a block's line by its first field, NULL if there is none. */
static const BlockForm *
form_of(const char *line)
{
	for (int i = 0; i < (int) lengthof(forms); i++)
	{
		size_t		length = strlen(forms[i].name);

		if (strncmp(line, forms[i].name, length) == 0 && line[length] == ',')
			return &forms[i];
	}
	return NULL;
}

/*
 * Takes the fields that proofs need out of a block's line; false if it is
 * not of that form in every field.  Whether it is a genuine one its hash alone
 * says.
 */
bool
canonical_parse_block(const char *line, BlockLine *fields)
{
	const BlockForm *form = form_of(line);
	char	   *field[BLOCK_MAX_FIELDS];
	int			n;
	KindSums	sums;
	Digest		previous;

	if (form == NULL)
		return false;
	n = FIELD_TOTALS + form->ntotals + form->has_sums;
	if (split_line(pstrdup(line), field, n + 2) == NULL)
		return false;
	for (int t = FIELD_TOTALS; t < FIELD_TOTALS + form->ntotals; t++)
		if (!is_integer(field[t]))
			return false;
	if (form->has_sums && !canonical_parse_sums(field[n - 1], &sums))
		return false;
	return parse_number(field[FIELD_GRID_ID], &fields->grid_id) &&
		parse_number(field[FIELD_HEIGHT], &fields->height) &&
		is_integer(field[FIELD_SEALED_AT]) &&
		parse_number(field[FIELD_FIRST_ENTRY], &fields->first_entry) &&
		parse_number(field[FIELD_LAST_ENTRY], &fields->last_entry) &&
		parse_number(field[FIELD_ENTRIES], &fields->entries) &&
		fields->entries >= 1 && fields->entries <= BLOCK_MAX_ENTRIES &&
		parse_digest(field[FIELD_ROOT], &fields->root) &&
		parse_digest(field[n], &previous) &&
		parse_digest(field[n + 1], &fields->history);
}

/* Takes the last of the ten fields apart from what follows: an integer that differs from at, after "booked_at=". */
static bool
parse_booked_at(char *last, const char *at)
{
	char	   *comma = strchr(last, ',');
	const char *booked_at;

	if (comma == NULL)
		return true;
	*comma = '\0';
	if (strncmp(comma + 1, ENTRY_BOOKED_AT, strlen(ENTRY_BOOKED_AT)) != 0)
		return false;
	booked_at = comma + 1 + strlen(ENTRY_BOOKED_AT);
	return is_integer(booked_at) && strcmp(booked_at, at) != 0;
}

/* Takes the id and the grid out of an entry's line; false if it is not of that form in every field. */
bool
canonical_parse_entry(const char *line, int64 *entry_id, int64 *grid_id)
{
	char	   *field[ENTRY_FIELDS];
	char	   *last = split_line(pstrdup(line), field, ENTRY_FIELDS - 1);
	bool		known;
	int64		ignored;

	if (last == NULL || !parse_booked_at(last, field[ENTRY_FIELD_AT]))
		return false;
	field[ENTRY_FIELDS - 1] = last;
	known = kind_called(field[ENTRY_FIELD_KIND]) >= 0;
	for (int i = ENTRY_FIELD_KIND + 1; i < ENTRY_FIELDS; i++)
		known &= parse_number(field[i], &ignored);
	return known && is_integer(field[ENTRY_FIELD_AT]) &&
		parse_number(field[0], entry_id) && parse_number(field[ENTRY_FIELD_GRID_ID], grid_id);
}

/* entry_line(entry) -> text: the line of a row of the ledger, for the view of lines. */
Datum
sg_entry_line(PG_FUNCTION_ARGS)
{
	FormLedger	entry = {
		.entry_id = PG_GETARG_INT64(0), .at = PG_GETARG_TIMESTAMPTZ(1), .grid_id = PG_GETARG_INT32(2), .kind = PG_GETARG_INT16(3),
		.participant_id = PG_GETARG_INT64(4), .counterparty_id = PG_GETARG_INT64(5), .energy = PG_GETARG_INT64(6),
		.price = PG_GETARG_INT64(7), .money = PG_GETARG_INT64(8), .trade_id = PG_GETARG_INT64(9),
		.booked_at = PG_GETARG_TIMESTAMPTZ(10)
	};
	char		line[CANONICAL_ENTRY_MAX];

	PG_RETURN_TEXT_P(cstring_to_text_with_len(line, canonical_entry(&entry, line)));
}
