/*-------------------------------------------------------------------------
 *
 * import_eda_compare.c
 *	  Format eda, option "compare": the shares that the operator has computed,
 *	  beside ours.
 *
 * When what was measured is written, the rows are read again, for each role of
 * columns once: so labels of clocks count for each as they do for what was
 * measured.  A difference is a warning.  The operator rounds each figure to six
 * decimals, so less than that is none, nor is less than an energy unit.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "grid/identity.h"
#include "grid/scale.h"
#include "metering/import_compare.h"
#include "metering/import_eda.h"

#define FIRST_FIGURES	1024

ImportCompareHook import_compare_hook = NULL;

typedef struct EdaFigures
{
	int64		n;
	int64		allocated;
	ComparedFigure *figures;
} EdaFigures;

/* By point, start and figure. */
int
compared_figure_order(const void *a, const void *b)
{
	const ComparedFigure *one = a;
	const ComparedFigure *other = b;
	int			order = strcmp(one->point, other->point);

	if (order != 0)
		return order;
	if (one->start != other->start)
		return one->start < other->start ? -1 : 1;
	return (int) one->figure - (int) other->figure;
}

static int
compare_lines(const void *a, const void *b)
{
	const ComparedFigure *one = a;
	const ComparedFigure *other = b;

	if (one->line != other->line)
		return one->line < other->line ? -1 : 1;
	return compared_figure_order(a, b);
}

/* ---- figures of the report ---- */

static SharedFigure
figure_of_role(EdaRole role)
{
	return role == EDA_SHARE ? FIGURE_SHARE : role == EDA_COVERED ? FIGURE_COVERED : FIGURE_SURPLUS;
}

/* An ImportTaker: notes a figure of the point whose columns are read. */
static void
take_figure(Import *import, int64 line, TimestampTz start, const LoadValue *value)
{
	EdaTable   *table = import->state;
	EdaFigures *figures = table->figures;

	if (figures->n == figures->allocated)
	{
		figures->allocated *= 2;
		figures->figures = repalloc_huge(figures->figures, figures->allocated * sizeof(ComparedFigure));
	}
	figures->figures[figures->n++] = (ComparedFigure) {
		.point = table->current->name,
		.start = start,
		.minutes = EDA_MINUTES,
		.figure = figure_of_role(table->role),
		.line = line,
		.kwh = value->kwh
	};
}

/* Reads the rows once for each role that is compared. */
static void
read_figures(Import *import, EdaTable *table)
{
	import->take = take_figure;
	for (table->role = EDA_SHARE; table->role < EDA_ROLES; table->role++)
	{
		lines_begin(&import->lines, import->content, import->length);
		import_local_begin(import);
		while (import_next_line(import))
			if (import->lines.line >= table->first_line)
				eda_take_row(import, table);
	}
	import->take = NULL;
}

/* ---- differences ---- */

/* So many of 10^-18 kWh are no difference: 10^-6 kWh, or an energy unit if that is more. */
static sg_int128
tolerance(int scale)
{
	return (sg_int128) scale_factor(LOAD_KWH_DECIMALS - Min(scale, EDA_DECIMALS));
}

/* kWh in a message, exact; 10^-18 kWh. */
static char *
kwh_text(sg_int128 kwh)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out, DirectFunctionCall1(numeric_trim_scale, scale_sum(kwh, LOAD_KWH_DECIMALS))));
}

static void
warn_of_difference(Import *import, const ComparedFigure *figure, sg_int128 ours)
{
	static const char *const names[] = {
		[FIGURE_SHARE] = "share",
		[FIGURE_COVERED] = "covered",
		[FIGURE_SURPLUS] = "surplus"
	};
	const char *there = kwh_text(figure->kwh);

	load_warn(import->load, figure->line, figure->point,
			  figure->is_known ?
			  psprintf("%s at %s is %s kWh in the report, %s kWh here", names[figure->figure], timestamptz_to_str(figure->start), there,
					   kwh_text(ours)) :
			  psprintf("%s at %s is %s kWh in the report, there is none here", names[figure->figure], timestamptz_to_str(figure->start), there));
}

/* Warns of the figures that differ, in the order of lines. */
static void
warn_of_differences(Import *import, EdaFigures *figures)
{
	int			scale = load_grid(import->load)->form.energy_scale;
	sg_int128	unit = scale_factor(LOAD_KWH_DECIMALS - scale);

	qsort(figures->figures, figures->n, sizeof(ComparedFigure), compare_lines);
	for (int64 i = 0; i < figures->n; i++)
	{
		const ComparedFigure *figure = &figures->figures[i];
		sg_int128	ours = figure->is_known ? figure->units * unit : 0;
		sg_int128	difference = ours - figure->kwh;

		CHECK_FOR_INTERRUPTS();
		MemoryContextReset(import->row_context);
		if (difference > tolerance(scale) || -difference > tolerance(scale))
			warn_of_difference(import, figure, ours);
	}
}

/* Asks for the right to see what is computed: SG100. */
void
eda_begin_comparing(const EdaTable *table)
{
	if (table->compare)
		(void) identity_require_operator("compare shares");
}

/* Compares the shares of the report with ours, if the option says so. */
void
eda_compare(Import *import)
{
	EdaTable   *table = import->state;
	EdaFigures	figures = {.allocated = FIRST_FIGURES};

	if (!table->compare || table->first_line == 0 || import_compare_hook == NULL)
		return;
	figures.figures = MemoryContextAlloc(import->context, figures.allocated * sizeof(ComparedFigure));
	table->figures = &figures;
	read_figures(import, table);
	qsort(figures.figures, figures.n, sizeof(ComparedFigure), compared_figure_order);
	PushActiveSnapshot(GetTransactionSnapshot());
	import_compare_hook(load_grid(import->load), figures.figures, figures.n);
	PopActiveSnapshot();
	warn_of_differences(import, &figures);
}
