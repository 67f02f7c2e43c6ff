/*-------------------------------------------------------------------------
 *
 * canonical_parse.c
 *	  Taking lines of entries and blocks apart: whether they are of the form
 *	  that canonical.c writes, in every field.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/checked.h"
#include "evidence/canonical.h"
#include "ledger/effect.h"
#include "ledger/ledger.h"

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

/* Those of an entry's line. */
#define ENTRY_FIELDS		10
#define ENTRY_FIELD_AT		1
#define ENTRY_FIELD_GRID_ID	2
#define ENTRY_FIELD_KIND	3

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

/* A natural number below 2^127. */
static bool
parse_sum(const char *text, sg_int128 *number)
{
	sg_int128	value = 0;

	if (!is_natural(text))
		return false;
	for (const char *c = text; *c; c++)
		if (__builtin_mul_overflow(value, (sg_int128) 10, &value) ||
			__builtin_add_overflow(value, (sg_int128) (*c - '0'), &value))
			return false;
	*number = value;
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
		if (kind < 0 || !parse_sum(energy, &sums->energy[kind]) || !parse_sum(money, &sums->money[kind]))
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
	for (int i = 0; i < CANONICAL_FORMS; i++)
	{
		size_t		length = strlen(canonical_forms[i].name);

		if (strncmp(line, canonical_forms[i].name, length) == 0 && line[length] == ',')
			return &canonical_forms[i];
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

/* What comes after a name that a text begins with; NULL if it does not. */
static const char *
after_name(const char *text, const char *name)
{
	size_t		length = strlen(name);

	return strncmp(text, name, length) == 0 ? text + length : NULL;
}

/* Cuts a text off at its first comma, and returns what comes after that; NULL if there is none. */
static char *
cut_at_comma(char *text)
{
	char	   *comma = strchr(text, ',');

	if (comma == NULL)
		return NULL;
	*comma = '\0';
	return comma + 1;
}

/*
 * Are these the fields that come after the ten?  After "booked_at=" an integer
 * that differs from at, or nothing; then, if entries of its kind carry one, the
 * digest.  NULL: there are none.
 */
static bool
further_fields_fit(char *further, const char *at, int kind)
{
	const char *booked_at = further ? after_name(further, CANONICAL_BOOKED_AT) : NULL;
	const char *digest;
	Digest		ignored;

	if (booked_at)
	{
		further = cut_at_comma(further);
		if (!is_integer(booked_at) || strcmp(booked_at, at) == 0)
			return false;
	}
	if (further == NULL || !effect_of(kind)->has_digest)
		return further == NULL && !effect_of(kind)->has_digest;
	digest = after_name(further, CANONICAL_DIGEST);
	return digest && parse_digest(digest, &ignored);
}

/* Takes the id and the grid out of an entry's line; false if it is not of that form in every field. */
bool
canonical_parse_entry(const char *line, int64 *entry_id, int64 *grid_id)
{
	char	   *field[ENTRY_FIELDS];
	char	   *last = split_line(pstrdup(line), field, ENTRY_FIELDS - 1);
	int			kind;
	int64		ignored;

	if (last == NULL)
		return false;
	kind = kind_called(field[ENTRY_FIELD_KIND]);
	if (kind < 0 || !further_fields_fit(cut_at_comma(last), field[ENTRY_FIELD_AT], kind))
		return false;
	field[ENTRY_FIELDS - 1] = last;
	for (int i = ENTRY_FIELD_KIND + 1; i < ENTRY_FIELDS; i++)
		if (!parse_number(field[i], &ignored))
			return false;
	return is_integer(field[ENTRY_FIELD_AT]) &&
		parse_number(field[0], entry_id) && parse_number(field[ENTRY_FIELD_GRID_ID], grid_id);
}
