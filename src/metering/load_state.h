/*-------------------------------------------------------------------------
 *
 * load_state.h
 *	  A load while it is going on: what the files load*.c share.
 *
 * Rows are gathered with their place (a point's local day) and slot; when there
 * are enough, or no more, they are taken place by place: compared with each
 * other (load_place.c), with what is on record (load_merge.c), and written
 * (load_write.c).
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_LOAD_STATE_H
#define SG_LOAD_STATE_H

#include "postgres.h"

#include "metering/batch.h"
#include "metering/day_codec.h"
#include "metering/load.h"
#include "metering/load_point.h"
#include "metering/pack.h"

/* So many rows are gathered before they are written; most calls have less. */
#define LOAD_CHUNK_ROWS		(1024 * 1024)

/* A point's day, of which there are rows. */
typedef struct LoadPlace
{
	LoadPoint  *point;
	const DayFrame *frame;
	int			minutes;
	int			first;			/* of its rows, when they are grouped */
	int			n;
	bool		has_odd;		/* rows that begin within a slot */
} LoadPlace;

#define ROW_REFUSED		0x01	/* it is only there for its start */
#define ROW_ODD			0x02	/* it begins within its slot, by amount microseconds; and is refused */

typedef struct LoadRow
{
	int64		ord;
	int64		amount;			/* energy units; with round, of what is exact */
	int32		place;
	uint16		slot;
	uint8		quality;		/* Quality */
	uint8		flags;
} LoadRow;

/* A refused row, as it is returned. */
typedef struct LoadRefusal
{
	int64		ord;
	int			number;			/* of the refusal: rows of one position stay in their order */
	int			sqlstate;
	const char *message;
	const char *point;			/* NULL: its row names none, or it is not returned */
} LoadRefusal;

struct Earlier;
struct earlier_hash;
struct place_hash;
struct frame_hash;

struct Load
{
	Call	   *call;
	const Grid *grid;
	pg_tz	   *zone;
	LoadOptions options;
	ResultRow	result;
	uint64		number;			/* of the call, in this session */
	TimestampTz now;
	Batch		batch;
	struct BatchLines *lines;	/* of what has been written */
	bool		writes;			/* locks are taken, and batch.recorded_at is known */
	int			nparts;			/* that were written */
	bool		in_parts;		/* more than one, or more may come */
	struct earlier_hash *earlier_of;	/* what they said; NULL: nothing yet */
	MemoryContext context;		/* for the whole load */
	MemoryContext part;			/* for what is being written */

	LoadRow    *rows;
	sg_int128  *exact;			/* kWh of each row, 10^-18, if they are rounded; else NULL */
	int			nrows;
	int			allocated;
	LoadPlace  *places;
	int			nplaces;
	int			allocated_places;
	struct place_hash *place_of;
	struct frame_hash *frame_of;
	List	   *weights;		/* series that readings of registers are spread by */
	const DayFrame *frame;		/* of the latest row */
	LoadPoint  *latest;			/* point of the latest row */

	LoadRefusal *refusals;
	int			nrefusals;
	MemoryContext refused;		/* for these */
	int64		told;			/* rows that a NOTICE has told of */
};

/* What a place is to be, while it is worked on. */
typedef struct PlaceValues
{
	int			n;				/* slots of the day */
	int			ngiven;			/* of these */
	struct Earlier *earlier;	/* what was said of the day before; NULL: the load is written at once */
	bool		given[DAY_MAX_SLOTS];
	int			row[DAY_MAX_SLOTS];
	int64		amount[DAY_MAX_SLOTS];
	uint8		quality[DAY_MAX_SLOTS];
} PlaceValues;

/* The first of the slots i .. n - 1 that is marked; n if none is. */
static inline int
marked_slot(const bool *marks, int i, int n)
{
	const bool *mark = i < n ? memchr(marks + i, true, n - i) : NULL;

	return mark ? (int) (mark - marks) : n;
}

typedef enum LoadRest
{
	MORE_ROWS_MAY_COME,
	NO_MORE_ROWS
} LoadRest;

/* load.c */
extern void load_write_if_many(Load *load);

/* Does the load also take values away? */
static inline bool
load_replaces_any(const Load *load)
{
	return load->options.replace == REPLACE_ANY;
}

/* load_refusal.c */
extern void load_refuse_row(Load *load, int64 ord, const char *point, Refusal *refusal);
extern void load_return_refusals(Load *load);

/* load_place.c */
extern void load_places_begin(Load *load);
extern void load_places_forget(Load *load);
SG_NODISCARD extern Refusal *refuse_frame(const Load *load, const DayFrame *frame, int minutes);
SG_NODISCARD extern Refusal *load_find_frame(Load *load, TimestampTz at, int minutes, const DayFrame **frame);
extern const DayFrame *load_frame_of_date(Load *load, DateADT date);
extern char *load_day_name(DateADT date);
extern int	load_place(Load *load, LoadPoint *point, const DayFrame *frame, int minutes);
extern LoadPlace **load_group_rows(Load *load, int **rows);
extern void load_refuse_twice(Load *load, const LoadPlace *place, const LoadRow *row);
extern void load_accept_rows(Load *load, const LoadPlace *place, const int *rows, PlaceValues *values);

/* load_row.c */
extern LoadPoint *load_find_point(Load *load, const char *name, size_t length, int minutes);
extern Refusal *refuse_unknown_point(const Load *load, const char *name, size_t length);

/* load_create.c */
extern void load_begin_creating(const Load *load);
extern LoadPoint *load_create_point(Load *load, const char *name, int minutes);

/* load_value.c */
extern sg_int128 load_kwh_in_unit(const Load *load);
extern Refusal *load_units_of(const Load *load, const LoadValue *value, int64 *units, sg_int128 *exact);
extern Refusal *refuse_beyond_limit(const Load *load, const LoadValue *value, int64 limit);
extern int	load_sign_of(const LoadValue *value);
extern bool load_rows_equal(const Load *load, const LoadRow *one, const LoadRow *other);
extern void load_round_day(const Load *load, PlaceValues *values);

/* load_write.c */
extern void load_lock_all(Load *load);
extern void load_write_rows(Load *load, LoadRest rest);
extern void load_digest(Load *load, Digest *digest);

#endif							/* SG_LOAD_STATE_H */
