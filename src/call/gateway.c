/*-------------------------------------------------------------------------
 *
 * gateway.c
 *	  Calls that gateways make for others: they post readings, load intervals.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "base/errors.h"
#include "call/call.h"
#include "grid/identity.h"

/*
 * The call acts for no participant, in the current grid: SG102 unless the
 * current user is a member of smartgrid_gateway (a role that a gateway has
 * switched to is not) or an operator of the grid; SG101 if there is no such
 * grid.  action says what is tried, hint what others may do instead.  False as
 * call_act_as().
 */
bool
call_act_as_gateway(Call *call, const char *action, const char *hint)
{
	Grid	   *grid;

	if (call_is_remembered(call, grid_current_name(), NULL))
		return false;
	grid = grid_current_or_null();
	if (!identity_is_gateway() &&
		!(grid ? identity_is_operator(grid->operator_role) : identity_is_general_operator()))
		ereport(ERROR,
				(errcode(ERRCODE_SG_UNAUTHORIZED),
				 errmsg("only a gateway or an operator may %s", action),
				 errdetail("Role \"%s\" is neither a member of \"" ROLE_GATEWAY "\" nor an operator of grid \"%s\".",
						   GetUserNameFromId(GetUserId(), false), grid_current_name()),
				 errhint("%s", hint)));
	if (grid == NULL)
		error_grid_not_found(grid_current_name());
	grid_require_scales(grid);
	call_act_in(call, grid, NULL);
	return true;
}
