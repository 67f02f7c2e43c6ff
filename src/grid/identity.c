/*-------------------------------------------------------------------------
 *
 * identity.c
 *	  Who calls, and what they may do and see (SPEC section 2).
 *
 * current_user is taken at the call (GetUserId), so SET ROLE and a SECURITY
 * DEFINER wrapper behave as they do everywhere.  Settings are read here, in
 * C: a caller cannot put a function of its own in between.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/jsonapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#include "base/arguments.h"
#include "base/compat.h"
#include "base/errors.h"
#include "base/query_mark.h"
#include "grid/identity.h"
#include "settings.h"

#define ROLE_OPERATOR	"smartgrid_operator"
#define ROLE_GATEWAY	"smartgrid_gateway"
#define ROLE_AUDITOR	"smartgrid_auditor"

#define CLAIMS_MAX_BRACKETS	1000

/* An id that no participant has; 0 would be the counterparty of most ledger entries. */
#define PARTICIPANT_ABSENT	INT64CONST(-1)

PG_FUNCTION_INFO_V1(sg_principal);
PG_FUNCTION_INFO_V1(sg_own_participants);
PG_FUNCTION_INFO_V1(sg_own_participant);
PG_FUNCTION_INFO_V1(sg_readable_grids);

/* What became of looking for the principal. */
typedef enum PrincipalStatus
{
	PRINCIPAL_FOUND,
	PRINCIPAL_NOT_SET,			/* a gateway session in which no setting names one */
	PRINCIPAL_FORGED,			/* smartgrid.principal set by somebody it does not count for */
	PRINCIPAL_BAD_CLAIMS		/* request.jwt.claims is not JSON */
} PrincipalStatus;

static bool
is_set(const char *value)
{
	return value != NULL && value[0] != '\0';
}

/* Is the login role a member of smartgrid_gateway?  Superuser rights do not count. */
static bool
is_gateway_session(void)
{
	Oid			gateway = get_role_oid(ROLE_GATEWAY, true);

	return OidIsValid(gateway) && is_member_of_role_nosuper(GetSessionUserId(), gateway);
}

/*
 * The claim "sub" of request.jwt.claims (PostgREST, Supabase), or NULL where
 * there is none.  *valid tells whether the claims are JSON at all.
 */
static char *
claimed_subject(const char *claims, bool *valid)
{
	text	   *json = cstring_to_text(claims);
	LOCAL_FCINFO(fcinfo, 2);
	Datum		sub;
	int			brackets = 0;

	/* Far more brackets than claims have could exhaust the parser's stack. */
	for (const char *c = claims; *c; c++)
		if ((*c == '[' || *c == '{') && ++brackets > CLAIMS_MAX_BRACKETS)
		{
			*valid = false;
			return NULL;
		}
	*valid = pg_parse_json(sg_makeJsonLexContext(json), &nullSemAction) == JSON_SUCCESS;
	if (!*valid)
		return NULL;

	/* claims ->> 'sub', called by hand since it may return NULL */
	InitFunctionCallInfoData(*fcinfo, NULL, 2, InvalidOid, NULL, NULL);
	fcinfo->args[0].value = PointerGetDatum(json);
	fcinfo->args[0].isnull = false;
	fcinfo->args[1].value = CStringGetTextDatum("sub");
	fcinfo->args[1].isnull = false;
	sub = json_object_field_text(fcinfo);
	return fcinfo->isnull ? NULL : TextDatumGetCString(sub);
}

/* Looks for the calling principal without raising an error. */
static PrincipalStatus
find_principal(char **principal)
{
	*principal = NULL;
	if (is_gateway_session())
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
			bool		valid;

			*principal = claimed_subject(setting, &valid);
			if (!valid)
				return PRINCIPAL_BAD_CLAIMS;
			if (is_set(*principal))
				return PRINCIPAL_FOUND;
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

/* The calling principal, with the errors of identity_principal(); NULL where none is set and none is required. */
static char *
require_principal(bool required)
{
	char	   *principal;

	switch (find_principal(&principal))
	{
		case PRINCIPAL_FOUND:
			break;
		case PRINCIPAL_NOT_SET:
			if (!required)
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
	}
	require_name_length(principal, "principal");
	return principal;
}

/*
 * The calling principal.
 *
 * Errors: SG102 where there is none or the setting does not count for this
 * session; SG108 where it is longer than 128 bytes.
 */
char *
identity_principal(void)
{
	return require_principal(true);
}

/*
 * The calling principal, NULL in a gateway session that has set none: for a
 * call that an operator may make without one.  Errors as identity_principal().
 */
char *
identity_principal_if_set(void)
{
	return require_principal(false);
}

/* The calling principal, or NULL where there is none: for what is only read. */
char *
identity_principal_or_null(void)
{
	char	   *principal;

	return find_principal(&principal) == PRINCIPAL_FOUND ? principal : NULL;
}

static bool
has_role(const char *name)
{
	Oid			role = get_role_oid(name, true);

	return OidIsValid(role) && has_privs_of_role(GetUserId(), role);
}

/* Is the current user a member of smartgrid_gateway, or a superuser? */
bool
identity_is_gateway(void)
{
	return has_role(ROLE_GATEWAY);
}

/* Is the current user a member of smartgrid_operator, or a superuser? */
bool
identity_is_general_operator(void)
{
	return superuser() || has_role(ROLE_OPERATOR);
}

/* May the current user administer a grid with this operator role? */
bool
identity_is_operator(Oid operator_role)
{
	return identity_is_general_operator() || has_privs_of_role(GetUserId(), operator_role);
}

/*
 * May the current user see every row of a grid with this operator role?  Its
 * operators, auditors, and those whom row-level security does not apply to.
 */
bool
identity_may_read_grid(Oid operator_role)
{
	return identity_is_operator(operator_role) || has_role(ROLE_AUDITOR) || has_bypassrls_privilege(GetUserId());
}

SG_NORETURN
static void
refuse_operator(const char *action, const char *required_role)
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
		refuse_operator(action, ROLE_OPERATOR);
}

/*
 * The current grid, for its operators.  The right comes before existence: a
 * grid that does not exist is SG100 to those who operate no grid at all, and
 * SG101 to members of smartgrid_operator.
 */
Grid *
identity_require_operator(const char *action)
{
	return identity_require_operator_of(grid_current_name(), action);
}

/* The grid called name, for its operators; the errors are those of identity_require_operator(). */
Grid *
identity_require_operator_of(const char *name, const char *action)
{
	Grid	   *grid = grid_find(name);

	if (grid == NULL)
	{
		identity_require_general_operator(action);
		error_grid_not_found(name);
	}
	if (!identity_is_operator(grid->form.operator_role))
	{
		char	   *role = GetUserNameFromId(grid->form.operator_role, true);

		refuse_operator(action, role ? role : ROLE_OPERATOR);
	}
	return grid;
}

/*
 * The grid called name, for those who may read every row of it: SG100 for
 * anybody else; SG101, to who may read every grid, where it does not exist.
 */
Grid *
identity_require_reader_of(const char *name, const char *action)
{
	Grid	   *grid = grid_find(name);
	bool		may = grid ? identity_may_read_grid(grid->form.operator_role)
		: identity_is_general_operator() || has_role(ROLE_AUDITOR) || has_bypassrls_privilege(GetUserId());

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

/* sg_principal() -> text: the calling principal; SG102, SG108 as identity_principal(). */
Datum
sg_principal(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(identity_principal()));
}

/* Starts to read the participants that the calling principal is, by grid; false where no principal is known. */
static bool
own_scan_begin(StoreScan *scan)
{
	char	   *principal = identity_principal_or_null();
	ScanKeyData key;

	if (principal == NULL)
		return false;
	ScanKeyInit(&key, Anum_participant_principal, BTEqualStrategyNumber, F_TEXTEQ, CStringGetTextDatum(principal));
	store_scan_begin_index(scan, TABLE_PARTICIPANT, INDEX_PARTICIPANT_PRINCIPAL, 1, &key);
	return true;
}

/* The ids, as bigint[], of the participants that the calling principal is, without the first so many. */
Datum
identity_own_participants(int32 skip)
{
	ArrayBuildState *ids = initArrayResult(INT8OID, CurrentMemoryContext, false);
	StoreScan	scan;
	HeapTuple	tuple;

	if (own_scan_begin(&scan))
	{
		while ((tuple = store_scan_next(&scan)) != NULL)
			if (skip-- <= 0)
				ids = accumArrayResult(ids, Int64GetDatum(((FormParticipant *) GETSTRUCT(tuple))->participant_id), false,
									   INT8OID, CurrentMemoryContext);
		store_scan_end(&scan);
	}
	return makeArrayResult(ids, CurrentMemoryContext);
}

/*
 * own_participants() -> bigint[]: the participant ids of the calling principal
 * in all grids; empty where no principal is known.  For row-level security.
 */
Datum
sg_own_participants(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(identity_own_participants(0));
}

/* The id of the n-th participant that the calling principal is. */
static int64
own_participant(int32 n)
{
	int64		id = PARTICIPANT_ABSENT;
	StoreScan	scan;
	HeapTuple	tuple;

	if (own_scan_begin(&scan))
	{
		while ((tuple = store_scan_next(&scan)) != NULL)
			if (--n == 0)
			{
				id = ((FormParticipant *) GETSTRUCT(tuple))->participant_id;
				break;
			}
		store_scan_end(&scan);
	}
	return id;
}

/*
 * own_participant(n) -> bigint: the n-th of own_participants(); -1, which no
 * participant has, where there is none.
 *
 * A scan may have to check it for every row, so the answer is kept for as long
 * as the same call in the same query asks the same.
 */
Datum
sg_own_participant(PG_FUNCTION_ARGS)
{
	typedef struct Answer
	{
		int32		n;
		QueryMark	query;
		int64		id;
	} Answer;
	Answer	   *kept = fcinfo->flinfo->fn_extra;
	QueryMark	query = query_mark();
	int32		n = PG_GETARG_INT32(0);

	if (kept == NULL)
		kept = fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Answer));
	if (kept->n != n || n == 0 || !query_mark_equal(&kept->query, &query))
	{
		kept->n = 0;			/* an error leaves no answer */
		kept->id = own_participant(n);
		kept->query = query;
		kept->n = n;
	}
	PG_RETURN_INT64(kept->id);
}

/* The ids, as integer[], of the grids whose every row the current user may see. */
Datum
identity_readable_grids(void)
{
	ArrayBuildState *ids = initArrayResult(INT4OID, CurrentMemoryContext, false);
	StoreScan	scan;
	HeapTuple	tuple;

	store_scan_begin(&scan, TABLE_GRID, 0, NULL);
	while ((tuple = store_scan_next(&scan)) != NULL)
	{
		FormGrid   *grid = (FormGrid *) GETSTRUCT(tuple);

		if (identity_may_read_grid(grid->operator_role))
			ids = accumArrayResult(ids, Int32GetDatum(grid->grid_id), false,
								   INT4OID, CurrentMemoryContext);
	}
	store_scan_end(&scan);
	return makeArrayResult(ids, CurrentMemoryContext);
}

/* Is there a grid whose every row the current user may see? */
bool
identity_reads_a_grid(void)
{
	StoreScan	scan;
	HeapTuple	tuple;
	bool		found = false;

	store_scan_begin(&scan, TABLE_GRID, 0, NULL);
	while (!found && (tuple = store_scan_next(&scan)) != NULL)
		found = identity_may_read_grid(((FormGrid *) GETSTRUCT(tuple))->operator_role);
	store_scan_end(&scan);
	return found;
}

/* readable_grids() -> integer[]: as identity_readable_grids().  For row-level security. */
Datum
sg_readable_grids(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(identity_readable_grids());
}
