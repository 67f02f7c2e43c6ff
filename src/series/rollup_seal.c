/*-------------------------------------------------------------------------
 *
 * rollup_seal.c
 *	  Rollups that grow with what is sealed.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "series/rollup.h"
#include "series/rollup_seal.h"

static void *
begin_rollups(int32 grid_id, int64 from)
{
	RollupWriter *writer = palloc(sizeof(RollupWriter));

	rollup_writer_open(writer, grid_id, from);
	return writer;
}

static void
add_entry(void *follower, const FormLedger *entry)
{
	rollup_add((RollupWriter *) follower, entry);
}

static void
end_rollups(void *follower, int64 boundary)
{
	rollup_writer_close((RollupWriter *) follower, boundary);
}

const SealFollower rollup_seal_follower = {
	.begin = begin_rollups, .add = add_entry, .end = end_rollups
};
