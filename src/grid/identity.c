/*-------------------------------------------------------------------------
 *
 * identity.c
 *	  Who calls, and what they may do.
 *
 * current_user is taken at the call (GetUserId), so SET ROLE and a SECURITY
 * DEFINER wrapper behave as they do everywhere.  Settings are read here, in
 * C: a caller cannot put a function of its own in between.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/jsonapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/syscache.h"

#include "base/arguments.h"
#include "base/compat.h"
#include "base/errors.h"
#include "base/json_member.h"
#include "grid/identity.h"
#include "settings.h"

PG_FUNCTION_INFO_V1(sg_principal);

/* What became of looking for the principal. */
typedef enum PrincipalStatus
{
	PRINCIPAL_FOUND,
	PRINCIPAL_NOT_SET,			/* a gateway session in which no setting names one */
	PRINCIPAL_FORGED,			/* smartgrid.principal set by somebody it does not count for */
	PRINCIPAL_BAD_CLAIMS,		/* request.jwt.claims is not JSON */
	PRINCIPAL_BAD_SUBJECT		/* its "sub" is no string */
} PrincipalStatus;

static bool
is_set(const char *value)
{
	return value != NULL && value[0] != '\0';
}

/* Whether the login role is one of a gateway, until roles or their members change. */
static struct
{
	bool		callbacks_registered;
	bool		valid;
	Oid			login;
	bool		is_gateway;
}			known_session;

static void
forget_session(Datum arg, int cache, uint32 hash)
{
	known_session.valid = false;
}

/* Is the login role a member of smartgrid_gateway?  Superuser rights do not count. */
bool
identity_is_gateway_session(void)
{
	Oid			gateway;

	if (likely(known_session.valid && known_session.login == GetSessionUserId()))
		return known_session.is_gateway;
	if (!known_session.callbacks_registered)
	{
		CacheRegisterSyscacheCallback(AUTHOID, forget_session, (Datum) 0);
		CacheRegisterSyscacheCallback(AUTHMEMROLEMEM, forget_session, (Datum) 0);
		CacheRegisterSyscacheCallback(DATABASEOID, forget_session, (Datum) 0);	/* of pg_database_owner */
		known_session.callbacks_registered = true;
	}
	known_session.valid = true; /* unless looking hears of a change */
	known_session.login = GetSessionUserId();
	gateway = get_role_oid(ROLE_GATEWAY, true);
	known_session.is_gateway = OidIsValid(gateway) && is_member_of_role_nosuper(known_session.login, gateway);
	return known_session.is_gateway;
}

/*
 * Looks for the principal in the claim "sub" of request.jwt.claims (PostgREST,
 * Supabase): not set if there is none, or it is null or empty.
 */
static PrincipalStatus
find_claimed_subject(const char *claims, char **principal)
{
	switch (json_member(claims, "sub", principal))
	{
		case JSON_IS_INVALID:
			return PRINCIPAL_BAD_CLAIMS;
		case JSON_MEMBER_IS_NO_STRING:
			return PRINCIPAL_BAD_SUBJECT;
		case JSON_MEMBER_FOUND:
		case JSON_MEMBER_ABSENT:
			break;
	}
	return is_set(*principal) ? PRINCIPAL_FOUND : PRINCIPAL_NOT_SET;
}

/* Looks for the calling principal without raising an error. */
static PrincipalStatus
find_principal(char **principal)
{
	*principal = NULL;
	if (identity_is_gateway_session())
	{
		const char *setting;

		if (is_set(setting_principal))
		{
			*principal = pstrdup(setting_principal);
			return PRINCIPAL_FOUND;
		}
		setting = GetConfigOption("request.jwt.claims", true, false);
		if (is_set(setting))
		{
			PrincipalStatus claimed = find_claimed_subject(setting, principal);

			if (claimed != PRINCIPAL_NOT_SET)
				return claimed;
		}
		setting = GetConfigOption("jwt.claims.sub", true, false);
		if (is_set(setting))
		{
			*principal = pstrdup(setting);
			return PRINCIPAL_FOUND;
		}
		*principal = NULL;
		return PRINCIPAL_NOT_SET;
	}

	if (is_set(setting_principal))
	{
		/*
		 * Both the login role and the current role have to be superusers: a
		 * superuser's SECURITY DEFINER function must not lend its caller any
		 * name, and a superuser that has switched to a role means that role.
		 */
		if (!superuser() || !superuser_arg(GetSessionUserId()))
			return PRINCIPAL_FORGED;
		*principal = pstrdup(setting_principal);
		return PRINCIPAL_FOUND;
	}
	*principal = GetUserNameFromId(GetUserId(), false);
	return PRINCIPAL_FOUND;
}

/* What a gateway session is that has set no principal. */
typedef enum PrincipalNotSet
{
	NOT_SET_IS_ERROR,
	NOT_SET_IS_NULL
} PrincipalNotSet;

/* The calling principal, with the errors of identity_principal(). */
static char *
require_principal(PrincipalNotSet not_set)
{
	char	   *principal;

	switch (find_principal(&principal))
	{
		case PRINCIPAL_FOUND:
			break;
		case PRINCIPAL_NOT_SET:
			if (not_set == NOT_SET_IS_NULL)
				return NULL;
			ereport(ERROR,
					(errcode(ERRCODE_SG_UNAUTHORIZED),
					 errmsg("no principal is set in this gateway session"),
					 errdetail("Role \"%s\" is a member of \"%s\" and acts for others, never for itself.",
							   GetUserNameFromId(GetSessionUserId(), false), ROLE_GATEWAY),
					 errhint("Name the principal in this transaction: SET LOCAL smartgrid.principal = '...', or set request.jwt.claims or jwt.claims.sub.")));
			break;
		case PRINCIPAL_FORGED:
			ereport(ERROR,
					(errcode(ERRCODE_SG_UNAUTHORIZED),
					 errmsg("role \"%s\" may not act for principal \"%s\"",
							GetUserNameFromId(GetUserId(), false), setting_principal),
					 errdetail("The setting smartgrid.principal counts only in sessions of members of \"%s\" and for superusers.", ROLE_GATEWAY),
					 errhint("RESET smartgrid.principal to act as the current role.")));
			break;
		case PRINCIPAL_BAD_CLAIMS:
			ereport(ERROR,
					(errcode(ERRCODE_SG_UNAUTHORIZED),
					 errmsg("request.jwt.claims is not valid JSON"),
					 errhint("It should be an object with the principal as \"sub\".")));
			break;
		case PRINCIPAL_BAD_SUBJECT:
			ereport(ERROR,
					(errcode(ERRCODE_SG_UNAUTHORIZED),
					 errmsg("the claim \"sub\" of request.jwt.claims is not a string"),
					 errhint("It names the principal, as in {\"sub\": \"anna\"}.")));
			break;
	}
	require_name_length(principal, "principal");
	return principal;
}

/*
 * The calling principal.  SG102 if there is none, or the setting does not count
 * for this session; SG108 if it is longer than 128 bytes.
 */
char *
identity_principal(void)
{
	return require_principal(NOT_SET_IS_ERROR);
}

/*
 * The calling principal, or NULL in a gateway session that has set none: for a
 * call that an operator may make without one.  Else as identity_principal().
 */
char *
identity_principal_if_set(void)
{
	return require_principal(NOT_SET_IS_NULL);
}

/* The calling principal, or NULL if there is none: for what is only read. */
char *
identity_principal_or_null(void)
{
	char	   *principal;

	return find_principal(&principal) == PRINCIPAL_FOUND ? principal : NULL;
}

/*
 * Who calls, for what is kept of calls: the principal or, in a gateway session
 * that has set none, the current role.  SG102, SG108 as
 * identity_principal_if_set().
 */
char *
identity_caller(bool *is_role)
{
	char	   *principal = identity_principal_if_set();

	*is_role = principal == NULL;
	return principal ? principal : GetUserNameFromId(GetUserId(), false);
}

/* The same, or NULL instead of an error: for what is only read. */
char *
identity_caller_or_null(bool *is_role)
{
	char	   *principal;
	PrincipalStatus status = find_principal(&principal);

	*is_role = status == PRINCIPAL_NOT_SET;
	if (*is_role)
		return GetUserNameFromId(GetUserId(), false);
	return status == PRINCIPAL_FOUND ? principal : NULL;
}

static bool
has_role(const char *name)
{
	Oid			role = get_role_oid(name, true);

	return OidIsValid(role) && has_privs_of_role(GetUserId(), role);
}

/*
 * Is the current user a member of smartgrid_gateway, or a superuser?  Whether
 * the membership is inherited does not matter: the login of a gateway should
 * have no other right of its own, and is NOINHERIT for that.
 */
bool
identity_is_gateway(void)
{
	Oid			gateway = get_role_oid(ROLE_GATEWAY, true);

	return OidIsValid(gateway) && is_member_of_role(GetUserId(), gateway);
}

/* Is the current user a member of smartgrid_operator, or a superuser? */
bool
identity_is_general_operator(void)
{
	return superuser() || has_role(ROLE_OPERATOR);
}

/* May the current user administer a grid with this operator role? */
bool
identity_is_operator(const char *operator_role)
{
	return identity_is_general_operator() || has_role(operator_role);
}

/* May the current user see every row of every grid? */
bool
identity_may_read_every_grid(void)
{
	return identity_is_general_operator() || has_role(ROLE_AUDITOR) || has_bypassrls_privilege(GetUserId());
}

/*
 * May the current user see every row of a grid with this operator role?  Its
 * operators, auditors, and those whom row-level security does not apply to.
 */
bool
identity_may_read_grid(const char *operator_role)
{
	return identity_may_read_every_grid() || has_role(operator_role);
}

/* The same of a grid by its row. */
bool
identity_may_read_grid_row(const StoreRow *grid)
{
	return identity_may_read_grid(grid_operator_role(grid));
}

/* Raises SG100: only members of a role may do what was tried. */
SG_NORETURN
static void
error_operator_only(const char *action, const char *required_role)
{
	ereport(ERROR,
			(errcode(ERRCODE_SG_OWNER_ONLY),
			 errmsg("only an operator may %s", action),
			 errdetail("Role \"%s\" is not a member of \"%s\".",
					   GetUserNameFromId(GetUserId(), false), required_role),
			 errhint("Ask an operator of the grid, or for membership in that role.")));
}

/* Raises SG100 unless the current user is a member of smartgrid_operator; action says what was tried. */
void
identity_require_general_operator(const char *action)
{
	if (!identity_is_general_operator())
		error_operator_only(action, ROLE_OPERATOR);
}

/*
 * The current grid, for its operators; action says what was tried.  The right
 * comes before existence: SG100 if the current user is no operator of it, SG101
 * if a member of smartgrid_operator names a grid that does not exist.
 */
Grid *
identity_require_operator(const char *action)
{
	return identity_require_operator_of(grid_current_name(), action);
}

/* The grid called name, for its operators.  Fails as identity_require_operator(). */
Grid *
identity_require_operator_of(const char *name, const char *action)
{
	Grid	   *grid = grid_find(name);

	if (grid == NULL)
	{
		identity_require_general_operator(action);
		error_grid_not_found(name);
	}
	if (!identity_is_operator(grid->operator_role))
		error_operator_only(action, grid->operator_role);
	return grid;
}

/*
 * The grid called name, for those who may read every row of it.  SG100 if the
 * current user may not; SG101 if it does not exist, to who may read every grid.
 */
Grid *
identity_require_reader_of(const char *name, const char *action)
{
	Grid	   *grid = grid_find(name);
	bool		may = grid ? identity_may_read_grid(grid->operator_role) : identity_may_read_every_grid();

	if (!may)
		ereport(ERROR,
				(errcode(ERRCODE_SG_OWNER_ONLY),
				 errmsg("only an operator or auditor may %s", action),
				 errdetail("Role \"%s\" is a member neither of the operator role of grid \"%s\" nor of \"%s\".",
						   GetUserNameFromId(GetUserId(), false), name, ROLE_AUDITOR),
				 errhint("Ask an operator of the grid, or for membership in one of these roles.")));
	if (grid == NULL)
		error_grid_not_found(name);
	return grid;
}

/* sg_principal() -> text: the calling principal.  Fails as identity_principal(). */
Datum
sg_principal(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(identity_principal()));
}
