/*-------------------------------------------------------------------------
 *
 * run_correction.c
 *	  Corrections: the differences of what a period comes to now to the sum of the
 *	  runs before.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/errors.h"
#include "settlement/run_rows.h"

static int
compare_texts(const char *one, const char *other)
{
	return strcmp(one ? one : "", other ? other : "");
}

#define COMPARE(one, other)	(((one) > (other)) - ((one) < (other)))

/* Compares what lines are matched by. */
static int
compare_keys(const RunLine *one, const RunLine *other)
{
	int			order = COMPARE(one->participant_id, other->participant_id);

	order = order ? order : COMPARE(one->point_id, other->point_id);
	order = order ? order : COMPARE(one->side, other->side);
	order = order ? order : COMPARE(one->from, other->from);
	order = order ? order : COMPARE(one->to, other->to);
	order = order ? order : strcmp(one->tariff, other->tariff);
	order = order ? order : strcmp(one->component, other->component);
	order = order ? order : strcmp(one->base, other->base);
	order = order ? order : COMPARE(one->tier, other->tier);
	order = order ? order : COMPARE(one->unit, other->unit);
	order = order ? order : COMPARE(one->gross, other->gross);
	order = order ? order : compare_texts(one->vat_category, other->vat_category);
	return order ? order : COMPARE(one->vat_rate, other->vat_rate);
}

/* A line, and whether it is of the newest computation. */
typedef struct Term
{
	RunLine    *line;
	bool		is_new;
	int			place;			/* keeps the order of equal ones */
} Term;

static int
compare_terms(const void *a, const void *b)
{
	const Term *one = a;
	const Term *other = b;
	int			order = compare_keys(one->line, other->line);

	return order ? order : one->place - other->place;
}

/* Adds a term to the difference of its key. */
static void
add_term(RunLine *difference, const Term *term)
{
	const RunLine *line = term->line;
	sg_int128	sign = term->is_new ? 1 : -1;
	sg_int128	money = (sg_int128) difference->money + sign * line->money;

	difference->quantity += sign * line->quantity;
	difference->money = run_checked_int64(money, "the money of a line");
	difference->has_money &= line->has_money;
	if (term->is_new)
	{
		difference->has_price = line->has_price;
		difference->price = line->price;
		difference->qualities = line->qualities;
		difference->participant = line->participant;
		difference->point = line->point;
		difference->place = line->place;
	}
}

/* The difference of terms from .. to - 1, which have one key; NULL if there is none. */
static RunLine *
difference_of(const Term *terms, int from, int to, int money_scale)
{
	RunLine    *difference = palloc(sizeof(RunLine));

	*difference = *terms[to - 1].line;
	difference->quantity = 0;
	difference->money = 0;
	difference->has_money = true;
	for (int i = from; i < to; i++)
		add_term(difference, &terms[i]);
	if (difference->has_money && difference->quantity == 0 && difference->money == 0)
		return NULL;
	if (difference->has_price && difference->has_money &&
		!run_is_money_of(difference->quantity, difference->price, difference->unit, money_scale, difference->money))
		difference->has_price = false;
	return difference;
}

/* Makes of lines their differences to the sum of those before. */
void
run_subtract(RunLines *lines, const RunLines *before, int money_scale)
{
	int			n = before->n + lines->n;
	Term	   *terms = palloc_extended(Max(n, 1) * sizeof(Term), MCXT_ALLOC_HUGE);
	RunLines	differences = {0};

	for (int i = 0; i < n; i++)
		terms[i] = (Term) {
			.line = i < before->n ? before->lines[i] : lines->lines[i - before->n], .is_new = i >= before->n, .place = i
		};
	qsort(terms, n, sizeof(Term), compare_terms);
	for (int from = 0, to; from < n; from = to)
	{
		RunLine    *difference;

		for (to = from + 1; to < n && compare_keys(terms[from].line, terms[to].line) == 0;)
			to++;
		difference = difference_of(terms, from, to, money_scale);
		if (difference)
			run_lines_add(&differences, difference);
	}
	*lines = differences;
	run_lines_sort(lines);
}
