/*-------------------------------------------------------------------------
 *
 * loss.c
 *	  The grid's loss: what came into it and was not taken out of it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "base/errors.h"
#include "metering/loss.h"
#include "metering/meter_state.h"
#include "metering/resample.h"

/* Does a span count in the balance of the grid?  Not what flows within it. */
bool
loss_counts(const MeterRead *read, const MeterDay *day, const ReadSpan *span)
{
	return !span->period->is_loss &&
		!(day->point->kind == POINT_EXCHANGE && span->period->neighbour != NULL &&
		  strcmp(span->period->neighbour, read->request.grid->name) == 0);
}

/* What a loss point of the kind takes of a loss.  22003. */
int64
loss_amount(PointKind kind, sg_int128 loss)
{
	sg_int128	part = kind == POINT_PRODUCTION ? -loss : loss;

	if (part > PG_INT64_MAX)
		error_out_of_range("the loss of the grid");
	return part > 0 ? (int64) part : 0;
}

/* Begins to read what the losses of a read's loss points are made of; NULL if it has no loss point. */
MeterRead *
loss_source_begin(const MeterRead *read)
{
	MeterReadRequest request = read->request;
	bool		has_loss = false;

	for (int p = 0; p < read->npoints; p++)
		for (int i = 0; i < read->points[p].nperiods; i++)
			has_loss = has_loss || read->points[p].periods[i].is_loss;
	if (!has_loss)
		return NULL;
	resample_whole_slots(&request.from, &request.to, read->zone);
	request.points = NULL;
	request.npoints = 0;
	request.owner_id = 0;
	request.flags = READ_WITHOUT_LOSS;
	return meter_read_begin(&request);
}

/* The loss of the source's day in its slots of so many minutes. */
static sg_int128 *
losses(const MeterRead *source, int minutes)
{
	int			n = resample_slots(source, minutes);
	sg_int128  *consumed = palloc0(n * sizeof(sg_int128));
	sg_int128  *loss = palloc0(n * sizeof(sg_int128));

	for (int i = 0; i < source->n; i++)
	{
		const MeterDay *day = &source->days[i];

		for (int s = 0; s < day->nspans; s++)
			if (loss_counts(source, day, &day->spans[s]))
				resample_add(day, &day->spans[s], minutes, day->point->kind == POINT_CONSUMPTION ? consumed : loss);
	}
	for (int i = 0; i < n; i++)
		loss[i] -= consumed[i];
	return loss;
}

/* Puts the losses of the read's day into its loss points.  22003. */
void
loss_fill(MeterRead *read, MeterRead *source)
{
	const sg_int128 *loss = NULL;
	int			minutes = 0;
	bool		more = true;

	while (more && source->date < read->date)
		more = meter_read_next_day(source);
	for (int i = 0; i < read->n; i++)
	{
		const MeterDay *day = &read->days[i];
		MeterSlots *slots = &read->state->slots[i];

		for (int s = 0; s < day->nspans; s++)
		{
			if (!day->spans[s].period->is_loss)
				continue;
			if (more && source->date == read->date && minutes != day->minutes)
			{
				minutes = day->minutes;
				loss = losses(source, minutes);
			}
			for (int slot = day->spans[s].from; slot < day->spans[s].to; slot++)
			{
				slots->amount[slot] = loss ? loss_amount(day->point->kind, loss[slot]) : 0;
				slots->quality[slot] = QUALITY_CALCULATED;
			}
		}
	}
}
