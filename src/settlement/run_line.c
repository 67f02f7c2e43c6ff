/*-------------------------------------------------------------------------
 *
 * run_line.c
 *	  Lines of a run: adding up, rounding once, their order.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/errors.h"
#include "base/number.h"
#include "settlement/run_line.h"

/* Decimals of figures that do not end. */
#define SHOWN_DIGITS	12

static const char *const unit_name[UNIT_COUNT] = {
	[UNIT_KWH] = "kWh", [UNIT_KW] = "kW", [UNIT_PIECE] = "piece", [UNIT_PERCENT] = "%"
};

const char *
run_unit_name(RunUnit unit)
{
	return unit_name[unit];
}

const char *
run_side_name(RunSide side)
{
	return side == SIDE_CHARGE ? "charge" : "credit";
}

/* 22003 if a figure is beyond bigint. */
int64
run_checked_int64(sg_int128 value, const char *what)
{
	if (value > PG_INT64_MAX || value < PG_INT64_MIN)
		error_out_of_range(what);
	return (int64) value;
}

void
run_lines_add(RunLines *lines, RunLine *line)
{
	if (lines->n == lines->room)
	{
		lines->room = Max(2 * lines->room, 256);
		lines->lines = lines->lines ? repalloc_huge(lines->lines, lines->room * sizeof(RunLine *))
			: palloc_extended(lines->room * sizeof(RunLine *), MCXT_ALLOC_HUGE);
	}
	lines->lines[lines->n++] = line;
}

static void
note_price(RunSum *sum, sg_int128 price)
{
	sum->has_prices |= sum->has_price && sum->price != price;
	sum->has_price = true;
	sum->price = price;
}

/* Adds a quantity at a price. */
void
run_sum_add(RunSum *sum, sg_int128 quantity, bool is_priced, sg_int128 price, QualitySet qualities)
{
	sum->qualities |= qualities;
	if (__builtin_add_overflow(sum->quantity, quantity, &sum->quantity))
		error_out_of_range("the quantity of a line");
	if (!is_priced)
	{
		sum->is_unpriced = true;
		return;
	}
	note_price(sum, price);
	if (!wide_add_product(&sum->amount, quantity, price))
		error_out_of_range("the money of a line");
}

/* A quotient with so many decimals, rounded. */
static sg_int128
quotient(sg_int128 value, int digits, uint64 divisor, int decimals)
{
	Wide		wide = {{0}};
	sg_int128	result;

	if (!wide_add_product(&wide, value, 1))
		error_out_of_range("a quantity");
	for (int i = 0; i < decimals; i++)
		if (!wide_multiply(&wide, 10))
			error_out_of_range("a quantity");
	if (!wide_round(&wide, digits, divisor, &result))
		error_out_of_range("a quantity");
	return result;
}

/* What a sum is in the unit of its line, RUN_QUANTITY_DIGITS decimals: exact, or rounded to 12 if it does not end. */
sg_int128
run_sum_quantity(const RunLine *line, const RunSum *sum)
{
	if (line->divisor == 1)
		return quotient(sum->quantity, line->digits, 1, RUN_QUANTITY_DIGITS);
	return quotient(quotient(sum->quantity, line->digits, line->divisor, SHOWN_DIGITS), 0, 1, RUN_QUANTITY_DIGITS - SHOWN_DIGITS);
}

/* What a sum costs, money units, rounded half away from zero. */
int64
run_sum_money(const RunLine *line, const RunSum *sum, int money_scale)
{
	sg_int128	money;

	Wide		amount = sum->amount;
	int			digits = line->digits + RUN_PRICE_DIGITS - money_scale;

	for (; digits < 0; digits++)
		if (!wide_multiply(&amount, 10))
			error_out_of_range("the money of a line");
	if (!wide_round(&amount, digits, line->divisor, &money))
		error_out_of_range("the money of a line");
	return run_checked_int64(money, "the money of a line");
}

/* What comes of a line once all is added up. */
void
run_line_finish(RunLine *line, int money_scale)
{
	line->quantity = run_sum_quantity(line, &line->sum);
	line->has_price = line->sum.has_price && !line->sum.has_prices && !line->sum.is_unpriced;
	line->price = line->sum.price;
	line->has_money = !line->sum.is_unpriced;
	line->qualities = line->sum.qualities;
	if (line->has_money)
		line->money = line->is_stepping ? line->stepped : run_sum_money(line, &line->sum, money_scale);
}

/* Money as a quantity, currency. */
sg_int128
run_quantity_of_money(int64 money, int money_scale)
{
	return quotient(money, money_scale, 1, RUN_QUANTITY_DIGITS);
}

/* Is quantity * price, rounded, the money? */
bool
run_is_money_of(sg_int128 quantity, sg_int128 price, RunUnit unit, int money_scale, int64 money)
{
	Wide		amount = {{0}};
	sg_int128	product;

	return wide_add_product(&amount, quantity, price) &&
		wide_round(&amount, RUN_QUANTITY_DIGITS + RUN_PRICE_DIGITS - money_scale + (unit == UNIT_PERCENT ? 2 : 0), 1, &product) &&
		product == money;
}

/* Writes a number of so many decimals, without zeros at its end; returns the length.  Room: NUMBER_TEXT_MAX + 3. */
int
run_decimal_text(sg_int128 value, int digits, char *text)
{
	char		plain[NUMBER_TEXT_MAX];
	char	   *p = text;
	int			length;

	while (digits > 0 && value % 10 == 0)
	{
		value /= 10;
		digits--;
	}
	length = number_to_text(value < 0 ? -value : value, plain);
	if (value < 0)
		*p++ = '-';
	if (length <= digits)
		*p++ = '0';
	for (int i = 0; i < length - digits; i++)
		*p++ = plain[i];
	if (digits > 0)
		*p++ = '.';
	for (int i = length; i < digits; i++)
		*p++ = '0';
	for (int i = Max(length - digits, 0); i < length; i++)
		*p++ = plain[i];
	*p = '\0';
	return p - text;
}

static int
compare_int64(int64 one, int64 other)
{
	return (one > other) - (one < other);
}

/* By point, those without one last. */
static int
compare_points(const RunLine *one, const RunLine *other)
{
	if ((one->point_id == 0) != (other->point_id == 0))
		return one->point_id == 0 ? 1 : -1;
	return strcmp(one->point, other->point);
}

/* By what people see, then by what sets lines apart. */
static int
compare_lines(const void *a, const void *b)
{
	const RunLine *one = *(RunLine *const *) a;
	const RunLine *other = *(RunLine *const *) b;
	int			order = strcmp(one->participant, other->participant);

	order = order ? order : (int) one->side - (int) other->side;
	order = order ? order : compare_points(one, other);
	order = order ? order : compare_int64(one->from, other->from);
	order = order ? order : strcmp(one->tariff, other->tariff);
	order = order ? order : one->place - other->place;
	order = order ? order : strcmp(one->component, other->component);
	order = order ? order : one->tier - other->tier;
	order = order ? order : compare_int64(one->to, other->to);
	order = order ? order : strcmp(one->base, other->base);
	order = order ? order : (int) one->unit - (int) other->unit;
	order = order ? order : (int) one->gross - (int) other->gross;
	order = order ? order : strcmp(one->vat_category ? one->vat_category : "", other->vat_category ? other->vat_category : "");
	return order ? order : (one->vat_rate > other->vat_rate) - (one->vat_rate < other->vat_rate);
}

/* Puts lines in the order in which they are told. */
void
run_lines_sort(RunLines *lines)
{
	if (lines->n > 0)
		qsort(lines->lines, lines->n, sizeof(RunLine *), compare_lines);
}
