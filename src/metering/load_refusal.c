/*-------------------------------------------------------------------------
 *
 * load_refusal.c
 *	  The refused rows of a load.
 *
 * They are returned in the order of their positions, unless there are very many:
 * then in the order in which they were refused.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/elog.h"
#include "utils/memutils.h"

#include "metering/load_state.h"

/* So many are kept to be put into order. */
#define MOST_REFUSALS	50000

/* The beginning of a text, for a message: whole characters, of at most so many bytes. */
char *
load_excerpt(const char *text, size_t length, int most)
{
	int			shown = pg_mbcliplen(text, (int) Min(length, (size_t) most + MAX_MULTIBYTE_CHAR_LEN), most);

	return psprintf("%.*s%s", shown, text, (size_t) shown < length ? "..." : "");
}

static int
compare_refusals(const void *a, const void *b)
{
	const LoadRefusal *one = a;
	const LoadRefusal *other = b;

	if (one->ord != other->ord)
		return one->ord < other->ord ? -1 : 1;
	return one->number < other->number ? -1 : 1;
}

/* Puts the refused rows that are kept into the result of the function. */
void
load_return_refusals(Load *load)
{
	ResultRow  *result = &load->result;

	if (load->nrefusals == 0)
		return;
	if (result->desc == NULL)
		load->nrefusals = 0;
	qsort(load->refusals, load->nrefusals, sizeof(LoadRefusal), compare_refusals);
	for (int i = 0; i < load->nrefusals; i++)
	{
		const LoadRefusal *refused = &load->refusals[i];

		if (!load->options.names_points)
			result_int64(result, refused->ord);
		else
		{
			result_int32(result, (int32) refused->ord);
			if (refused->point)
				result_text(result, refused->point);
			else
				result_null(result);
		}
		result_text(result, unpack_sql_state(refused->sqlstate));
		result_text(result, refused->message);
		result_end_row(result);
	}
	load->nrefusals = 0;
	MemoryContextReset(load->refused);
}

/* Is this what was said of the row before, of the same line of a file?  It is told once. */
static bool
is_repeated(const Load *load, int64 ord, const char *point, const Refusal *refusal)
{
	const LoadRefusal *latest = load->nrefusals == 0 ? NULL : &load->refusals[load->nrefusals - 1];

	return load->options.names_points && latest && latest->ord == ord && latest->sqlstate == refusal->sqlstate &&
		strcmp(latest->message, refusal->message) == 0 &&
		(latest->point && point ? strcmp(latest->point, point) == 0 : latest->point == point);
}

/* Keeps what is said of a row, to be returned, and frees it. */
static void
keep_refusal(Load *load, int64 ord, const char *point, Refusal *refusal)
{
	if (load->refusals == NULL)
	{
		load->refused = AllocSetContextCreate(load->context, "smartgrid refused rows", ALLOCSET_DEFAULT_SIZES);
		load->refusals = MemoryContextAlloc(load->context, MOST_REFUSALS * sizeof(LoadRefusal));
	}
	if (!is_repeated(load, ord, point, refusal))
	{
		load->refusals[load->nrefusals] = (LoadRefusal) {
			.ord = ord,
			.number = load->nrefusals,
			.sqlstate = refusal->sqlstate,
			.message = MemoryContextStrdup(load->refused, refusal->message),
			.point = point && load->options.names_points ? MemoryContextStrdup(load->refused, point) : NULL
		};
		load->nrefusals++;
	}
	refusal_free(refusal);
	if (load->nrefusals == MOST_REFUSALS)
		load_return_refusals(load);
}

/* Notes that a row is refused, and frees the refusal. */
void
load_refuse_row(Load *load, int64 ord, const char *point, Refusal *refusal)
{
	load->batch.refused++;
	keep_refusal(load, ord, point, refusal);
}

/* A row that its reader refuses; point may be NULL. */
void
load_refuse(Load *load, int64 ord, const char *point, Refusal *refusal)
{
	load->batch.given++;
	load_refuse_row(load, ord, point, refusal);
}

/* Returns a warning (01000) about what is loaded among the refused rows; it is counted as none. */
void
load_warn(Load *load, int64 ord, const char *point, const char *message)
{
	keep_refusal(load, ord, point, refuse(ERRCODE_WARNING, "%s", message));
}
