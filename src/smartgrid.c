/*-------------------------------------------------------------------------
 *
 * smartgrid.c
 *	  Module entry: the magic block and the settings.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/guc.h"

#include "settings.h"

PG_MODULE_MAGIC;

char	   *setting_principal = NULL;
char	   *setting_grid = NULL;

PGDLLEXPORT void _PG_init(void);

/*
 * Defines the settings.  Both may be set by anybody: identity.c decides
 * whether smartgrid.principal counts, and a grid only says where to look.
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
	MarkGUCPrefixReserved("smartgrid");
}
