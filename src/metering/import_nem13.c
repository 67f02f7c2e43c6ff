/*-------------------------------------------------------------------------
 *
 * import_nem13.c
 *	  Format nem13: register readings of the Australian market.
 *
 *	  250	what a register showed at one time and at a later one, and how much
 *			that is
 *	  550	business transactions, passed over
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/errors.h"
#include "metering/import_nem.h"
#include "metering/point_rows.h"
#include "metering/register.h"

/* Fields of record 250. */
enum
{
	READING_NMI = 1,
	READING_SUFFIX = 4,
	READING_DIRECTION = 7,
	READING_BEFORE = 8,			/* value, time, quality flag */
	READING_AFTER = 13,			/* the same */
	READING_QUANTITY = 18,
	READING_UNIT = 19
};

/* What a register showed. */
typedef struct Shown
{
	const Field *written;
	LoadValue	value;
	TimestampTz at;
	Quality		quality;
} Shown;

typedef struct Nem13
{
	NemFile		file;
	const char *spread;			/* option */
} Nem13;

static const char *const nem13_options[] = {"spread", NULL};

static void
prepare_nem13(Import *import)
{
	Nem13	   *nem = palloc0(sizeof(Nem13));

	nem->file.version = "NEM13";
	nem->spread = import_option_text(import, "spread");
	if (nem->spread == NULL)
		error_option("format nem13 needs option \"spread\": \"%s\", or the name of a series of weights", SPREAD_EVEN);
	import->state = nem;
}

/* The reading whose value is the n-th field, then come its time and its flag.  SG108, SG104 if it is none. */
static Refusal *
read_shown(const Import *import, int n, int power, Shown *shown)
{
	const Field *at = nem_field(import, n + 1);
	const Field *flag = nem_field(import, n + 2);

	shown->written = nem_field(import, n);
	if (!nem_moment(import, at, &shown->at))
		return refuse(ERRCODE_SG_INVALID_INPUT, "\"%s\" is no time as 20260329103000", import_excerpt(at->text, at->length));
	if (!nem_quality(flag, &shown->quality) || shown->quality == QUALITY_MISSING)
		return refuse(ERRCODE_SG_INVALID_INPUT, "quality flag \"%s\" is none of a reading", import_excerpt(flag->text, flag->length));
	return import_kwh(shown->written->text, shown->written->length, '.', power, &shown->value);
}

/* The digits of a number before or after its decimal point. */
static int
count_digits(const Field *written, bool decimals)
{
	const char *mark = memchr(written->text, '.', written->length);
	int			before = (int) (mark ? mark - written->text : (ptrdiff_t) written->length);

	if (!decimals)
		return before;
	return mark ? (int) written->length - before - 1 : 0;
}

/* 10 to the power kWh, exact; the largest number if it is larger. */
static sg_int128
power_of_ten(int power)
{
	sg_int128	kwh = 1;

	return import_scale(&kwh, power + LOAD_KWH_DECIMALS) ? kwh : (sg_int128) (SG_UINT128_MAX / 2);
}

/*
 * Did the register go on by the quantity?  It begins anew after as many digits as
 * it shows; and numbers may differ by less than one in the last place of the
 * coarsest of them, for registers show no more.  None of them is below 0.
 */
static bool
goes_on_by(const Shown *before, const Shown *after, const Shown *quantity, int power)
{
	int			decimals = Min(Min(count_digits(before->written, true), count_digits(after->written, true)),
							   count_digits(quantity->written, true));
	int			digits = Max(count_digits(before->written, false), count_digits(after->written, false));
	sg_int128	difference = after->value.kwh - before->value.kwh;

	if (difference < 0)
		difference += power_of_ten(digits + power);
	difference -= quantity->value.kwh;
	return difference == 0 || (difference < 0 ? -difference : difference) < power_of_ten(power - decimals);
}

/* "register": SG104 unless the readings and the quantity say the same. */
static Refusal *
check_register(const Import *import, const Shown *before, const Shown *after, int power)
{
	Shown		quantity = {.written = nem_field(import, READING_QUANTITY)};
	Refusal    *refusal = import_kwh(quantity.written->text, quantity.written->length, '.', power, &quantity.value);

	if (refusal != NULL)
		return refusal;
	/* What flowed into the grid is below 0 in some files. */
	if (quantity.value.kwh < 0 && field_is(nem_field(import, READING_DIRECTION), "I"))
		quantity.value.kwh = -quantity.value.kwh;
	if (before->value.kwh >= 0 && after->value.kwh >= 0 && quantity.value.kwh >= 0 && goes_on_by(before, after, &quantity, power))
		return NULL;
	return refuse(ERRCODE_SG_INVALID_AMOUNT, "register: from %.*s to %.*s it does not go on by the quantity %.*s",
				  (int) before->written->length, before->written->text, (int) after->written->length, after->written->text,
				  (int) quantity.written->length, quantity.written->text);
}

/* Reads record 250.  SG108, SG104 if there is something wrong with it. */
static Refusal *
read_record(const Import *import, Shown *before, Shown *after)
{
	int			power;
	Refusal    *refusal = nem_unit(nem_field(import, READING_UNIT), &power);

	if (refusal == NULL)
		refusal = read_shown(import, READING_BEFORE, power, before);
	if (refusal == NULL)
		refusal = read_shown(import, READING_AFTER, power, after);
	if (refusal != NULL)
		return refusal;
	if (after->at <= before->at)
		return refuse(ERRCODE_SG_INVALID_INPUT, "the later reading is not after the earlier one");
	return check_register(import, before, after, power);
}

/* Record 250. */
static void
take_reading(Import *import, NemFile *file)
{
	int64		line = import->lines.line;
	ImportPoint point;
	ImportFlow	flow;
	Shown		before;
	Shown		after;
	Refusal    *refusal = nem_point(import, file, READING_NMI, READING_SUFFIX, &point);

	if (refusal != NULL)
	{
		import_refuse(import, line, NULL, refusal);
		return;
	}
	refusal = read_record(import, &before, &after);
	if (refusal != NULL)
	{
		import_refuse(import, line, &point, refusal);
		return;
	}
	nem_flow(import, &point, nem_field(import, READING_DIRECTION), &flow);
	load_make_of_kind(import->load, point_kind_name(flow.kind));
	import_register(import, line, point, before.at, before.value.kwh, before.quality);
	import_register(import, line, point, after.at, after.value.kwh, after.quality);
}

static void
read_nem13(Import *import)
{
	Nem13	   *nem = import->state;
	MemoryContext outer = MemoryContextSwitchTo(import->context);
	Refusal    *refusal;

	registers_require_spread(load_grid(import->load), nem->spread);
	import->registers = registers_begin(import->load, nem->spread);
	MemoryContextSwitchTo(outer);
	while (nem_next_record(import, &nem->file, &refusal))
	{
		const Field *indicator = nem_field(import, 0);

		if (refusal == NULL && nem_record_is(import, "250"))
			take_reading(import, &nem->file);
		else if (refusal == NULL && !nem_record_is(import, "100") && !nem_record_is(import, "550") && !nem_record_is(import, "900"))
			refusal = refuse(ERRCODE_SG_INVALID_INPUT, "unknown record \"%s\"", import_excerpt(indicator->text, indicator->length));
		if (refusal != NULL)
			import_refuse(import, import->lines.line, NULL, refusal);
	}
	nem_end(import, &nem->file);
}

const ImportFormat import_nem13 = {
	.name = "nem13", .options = nem13_options, .prepare = prepare_nem13, .read = read_nem13, .says_direction = true
};
