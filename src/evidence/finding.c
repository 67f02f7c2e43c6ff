/*-------------------------------------------------------------------------
 *
 * finding.c
 *	  What verification finds: a row of its result for each block.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/format.h"
#include "evidence/finding.h"

/* No findings, in the current memory context. */
void
findings_open(Findings *findings)
{
	findings->n = 0;
	findings->allocated = 64;
	findings->all = palloc(findings->allocated * sizeof(Finding));
}

/* Another one, of the block of this height; valid until the next. */
Finding *
finding_add(Findings *findings, int64 height)
{
	Finding    *finding;

	if (findings->n == findings->allocated)
	{
		findings->allocated *= 2;
		findings->all = repalloc_huge(findings->all, findings->allocated * sizeof(Finding));
	}
	finding = &findings->all[findings->n++];
	memset(finding, 0, sizeof(*finding));
	finding->is_block = true;
	finding->height = height;
	return finding;
}

/* Says what is wrong with a block, unless something has been said before. */
void
finding_report(Finding *finding, const char *problem, const char *format,...)
{
	va_list		args;

	if (finding->problem != NULL)
		return;
	finding->problem = problem;
	va_start(args, format);
	finding->detail = format_text(format, args);
	va_end(args);
}

/* Returns it as a row. */
void
finding_return(const Finding *finding, ResultRow *result)
{
	if (finding->is_block)
		result_int64(result, finding->height);
	else
		result_null(result);
	result_int64(result, finding->entries);
	result_bool(result, finding->problem == NULL);
	result_text(result, finding->problem);
	if (finding->has_difference)
		result_int64(result, finding->difference.entry_id);
	else
		result_null(result);
	result_text(result, finding->detail);
	result_end_row(result);
}
