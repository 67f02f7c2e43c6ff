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
#include "ledger/effect.h"
#include "ledger/ledger.h"

PG_FUNCTION_INFO_V1(sg_unix_microseconds);
PG_FUNCTION_INFO_V1(sg_entry_line);

/* Microseconds from 1970-01-01T00:00:00Z to PostgreSQL's epoch, 2000-01-01T00:00:00Z. */
#define UNIX_TO_POSTGRES	((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY)

static const Total totals_1[] = {
	TOTAL_LOAD, TOTAL_HELD, TOTAL_BALANCES, TOTAL_EARNINGS, TOTAL_REVENUE, TOTAL_STORED,
	TOTAL_PRODUCED, TOTAL_CONSUMED, TOTAL_CHARGED, TOTAL_DISCHARGED, TOTAL_TRADED, TOTAL_TOPUPS, TOTAL_WITHDRAWALS
};

static const Total totals_2[] = {
	TOTAL_LOAD, TOTAL_HELD, TOTAL_BALANCES, TOTAL_RESERVED, TOTAL_EARNINGS, TOTAL_REVENUE, TOTAL_STORED, TOTAL_DUE
};

const BlockForm canonical_forms[CANONICAL_FORMS] = {
	{.name = CANONICAL_BLOCK_FORM_1, .ntotals = lengthof(totals_1), .totals = totals_1},
	{.name = CANONICAL_BLOCK_FORM_2, .ntotals = lengthof(totals_2), .totals = totals_2, .has_sums = true},
};

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

/* Writes a comma and the name of a field that not all entries have, and returns where it ends. */
static char *
begin_field(const char *name, char *line)
{
	size_t		length = strlen(name);

	*line++ = ',';
	memcpy(line, name, length);
	return line + length;
}

/*
 * Writes the line of an entry, without a line end, and returns its length;
 * line has room for CANONICAL_ENTRY_MAX.  digest: what it carries; NULL: none.
 */
int
canonical_entry(const FormLedger *entry, const Digest *digest, char *line)
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
		p = begin_field(CANONICAL_BOOKED_AT, p);
		p += append_time(entry->booked_at, p);
	}
	if (digest)
	{
		p = begin_field(CANONICAL_DIGEST, p);
		p += hex_encode((const char *) digest->bytes, DIGEST_BYTES, p);
	}
	*p = '\0';
	return p - line;
}

/* What of an entry the extension cannot have written, so that its line is none; NULL: nothing. */
const char *
canonical_odd_field(const FormLedger *entry, const Digest *digest)
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
		: TIMESTAMP_NOT_FINITE(entry->booked_at) ? "booked_at"
		: (digest != NULL) != effect_of(entry->kind)->has_digest ? "digest" : NULL;
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
		char		energy[NUMBER_TEXT_MAX];
		char		money[NUMBER_TEXT_MAX];

		if (sums->energy[kind] == 0 && sums->money[kind] == 0)
			continue;
		number_to_text(sums->energy[kind], energy);
		number_to_text(sums->money[kind], money);
		appendStringInfo(&text, "%s%s:%s:%s", text.len > 0 ? ";" : "", ledger_kind_name(kind), energy, money);
	}
	return text.data;
}

/* The line of a block, in the server's encoding; hashed, it is in UTF-8 (hasher_digest_text()). */
char *
canonical_block(const LedgerBlock *block)
{
	const BlockForm *form = &canonical_forms[block->form == BLOCK_FORM_1 ? 0 : 1];
	StringInfoData line;
	char		text[NUMBER_TEXT_MAX];

	initStringInfo(&line);
	appendStringInfo(&line, "%s,%d," INT64_FORMAT ",", form->name, block->grid_id, block->height);
	appendBinaryStringInfo(&line, text, append_time(block->sealed_at, text));
	appendStringInfo(&line, "," INT64_FORMAT "," INT64_FORMAT ",%d", block->first_entry, block->last_entry, block->entries);
	append_digest(&line, &block->root);
	for (int i = 0; i < form->ntotals; i++)
	{
		appendStringInfoChar(&line, ',');
		appendBinaryStringInfo(&line, text, number_to_text(block->totals.value[form->totals[i]], text));
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

/* entry_line(entry, digest) -> text: the line of a row of the ledger, for the view of lines; digest empty: it has none. */
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
	Digest		digest;
	bool		has_digest = digest_from_bytea(PG_GETARG_DATUM(11), &digest);

	PG_RETURN_TEXT_P(cstring_to_text_with_len(line, canonical_entry(&entry, has_digest ? &digest : NULL, line)));
}
