/*-------------------------------------------------------------------------
 *
 * smartgrid.c
 *	  Module entry: the magic block, the version, the settings and the hooks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/guc.h"

#include "booking/trade_rows.h"
#include "evidence/check.h"
#include "evidence/seal.h"
#include "grid/identity.h"
#include "grid/notify.h"
#include "grid/party.h"
#include "grid/zone.h"
#include "ledger/effect.h"
#include "metering/point.h"
#include "series/rollup_check.h"
#include "series/rollup_seal.h"
#include "settlement/assignment.h"
#include "settlement/compare.h"
#include "settlement/run_hooks.h"
#include "settlement/share.h"
#include "settings.h"

/* SG_VERSION is the version of the control file, from the Makefile. 18 shows it in pg_get_loaded_modules(). */
#ifdef PG_MODULE_MAGIC_EXT
PG_MODULE_MAGIC_EXT(.name = "smartgrid", .version = SG_VERSION);
#else
PG_MODULE_MAGIC;
#endif

PG_FUNCTION_INFO_V1(sg_library_version);

char	   *setting_principal = NULL;
char	   *setting_grid = NULL;
char	   *setting_reference = NULL;
int			setting_row_wait = 1000;
int			setting_seal_wait = 10000;
int			setting_pack_after = 24 * 60;
int			setting_seal_terminate_idle = 0;
bool		setting_notify_trades = true;

PGDLLEXPORT void _PG_init(void);

/* What is said of a point ends with it. */
static void
end_facts_of_point(Recording *recording, int64 point_id, TimestampTz at)
{
	share_point_end(recording, point_id, at);
	assignment_point_end(recording, point_id, at);
}

/*
 * What a floor has to ask one above it: each hook is declared in a header of the
 * lower floor, and filled here by what the upper one has for it.
 */
static void
fill_hooks(void)
{
	zone_change_hook = point_zone_change;
	dated_settled_hook = run_settled;
	point_end_hook = end_facts_of_point;
	point_rename_hook = share_point_rename;
	import_compare_hook = compare_figures;
	party_knows_hook = trade_was_offered;
	seal_follower_hook = &rollup_seal_follower;
	check_follower_hook = &rollup_check_follower;
}

/*
 * Defines the settings.  Principal and grid may be set by anybody: identity.c
 * decides whether smartgrid.principal counts, and a grid only says where to
 * look.  How long sealing waits is the caller's affair; whose sessions it
 * terminates, and whether the buyer hears of the seller's offer, is the
 * superuser's.
 */
static void
define_settings(void)
{
	DefineCustomStringVariable("smartgrid.principal",
							   "The principal that a gateway session, or a superuser, acts for.",
							   "Use SET LOCAL. Counts only in a session whose login role is a member of " ROLE_GATEWAY ", and for superusers.",
							   &setting_principal,
							   "",
							   PGC_USERSET,
							   0,
							   NULL, NULL, NULL);
	DefineCustomStringVariable("smartgrid.grid",
							   "The grid that functions act on.",
							   "Anybody may set it: it says where to look, and gives no right. Empty means \"default\".",
							   &setting_grid,
							   SG_DEFAULT_GRID,
							   PGC_USERSET,
							   0,
							   NULL, NULL, NULL);
	DefineCustomStringVariable("smartgrid.reference",
							   "The reference under which a call is remembered, 1 to 128 bytes.",
							   "Use SET LOCAL. The same call again under it returns the same result and does nothing.",
							   &setting_reference,
							   "",
							   PGC_USERSET,
							   0,
							   NULL, NULL, NULL);
	DefineCustomIntVariable("smartgrid.row_wait",
							"How long a call waits for what other participants' transactions have locked.",
							"Then it fails (55P03), or goes on without, as a batch does.",
							&setting_row_wait,
							1000, 0, INT_MAX,
							PGC_USERSET,
							GUC_UNIT_MS,
							NULL, NULL, NULL);
	DefineCustomIntVariable("smartgrid.seal_wait",
							"How long sg_seal() waits for transactions that may still write entries.",
							"Then it seals what is final without them.",
							&setting_seal_wait,
							10000, 0, INT_MAX,
							PGC_USERSET,
							GUC_UNIT_MS,
							NULL, NULL, NULL);
	DefineCustomIntVariable("smartgrid.pack_after",
							"How long after its end a day with slots that are missing is packed all the same.",
							"By the next call that loads intervals, or by sg_pack_intervals().",
							&setting_pack_after,
							24 * 60, 0, 100 * 366 * 24 * 60,
							PGC_USERSET,
							GUC_UNIT_MIN,
							NULL, NULL, NULL);
	DefineCustomIntVariable("smartgrid.seal_terminate_idle",
							"How long a session that sg_seal() waits for may be idle in its transaction until it is terminated.",
							"0: for ever.",
							&setting_seal_terminate_idle,
							0, 0, INT_MAX,
							PGC_SUSET,
							GUC_UNIT_MS,
							NULL, NULL, NULL);
	DefineCustomBoolVariable("smartgrid.notify_trades",
							 "Whether trades that are offered, completed, cancelled and taken back are told to who listens on the channel \"smartgrid\".",
							 "Transactions that notify commit one after the other.",
							 &setting_notify_trades,
							 true,
							 PGC_SUSET,
							 0,
							 NULL, NULL, NULL);
	MarkGUCPrefixReserved("smartgrid");
}

/* Runs once in each process that loads the library. */
void
_PG_init(void)
{
	define_settings();
	fill_hooks();
	notify_init();
	effect_init();
}

/* library_version() -> text: of the library that this session has loaded. */
Datum
sg_library_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(SG_VERSION));
}
