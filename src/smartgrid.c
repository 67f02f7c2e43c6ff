/*-------------------------------------------------------------------------
 *
 * smartgrid.c
 *	  Module entry: the magic block and the settings.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "fmgr.h"
#include "utils/guc.h"

#include "settings.h"

PG_MODULE_MAGIC;

char	   *setting_principal = NULL;
char	   *setting_grid = NULL;
int			setting_seal_wait = 10000;
int			setting_seal_terminate_idle = 0;

PGDLLEXPORT void _PG_init(void);

/*
 * Defines the settings.  Principal and grid may be set by anybody: identity.c
 * decides whether smartgrid.principal counts, and a grid only says where to
 * look.  How long sealing waits is the caller's affair; whose sessions it
 * terminates is the superuser's.
 */
void
_PG_init(void)
{
	DefineCustomStringVariable("smartgrid.principal",
							   "The principal that a gateway session, or a superuser, acts for.",
							   "Use SET LOCAL. Counts only in a session whose login role is a member of smartgrid_gateway, and for superusers.",
							   &setting_principal,
							   "",
							   PGC_USERSET,
							   0,
							   NULL, NULL, NULL);
	DefineCustomStringVariable("smartgrid.grid",
							   "The grid that functions act on.",
							   NULL,
							   &setting_grid,
							   SG_DEFAULT_GRID,
							   PGC_USERSET,
							   0,
							   NULL, NULL, NULL);
	DefineCustomIntVariable("smartgrid.seal_wait",
							"How long sg_seal() waits for transactions that may still write entries.",
							"Then it seals what is final without them.",
							&setting_seal_wait,
							10000, 0, INT_MAX,
							PGC_USERSET,
							GUC_UNIT_MS,
							NULL, NULL, NULL);
	DefineCustomIntVariable("smartgrid.seal_terminate_idle",
							"How long a session that sg_seal() waits for may be idle in its transaction until it is terminated.",
							"0: for ever.",
							&setting_seal_terminate_idle,
							0, 0, INT_MAX,
							PGC_SUSET,
							GUC_UNIT_MS,
							NULL, NULL, NULL);
	MarkGUCPrefixReserved("smartgrid");
}
