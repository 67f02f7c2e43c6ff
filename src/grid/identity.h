/*-------------------------------------------------------------------------
 *
 * identity.h
 *	  Who calls, and what they may do; what they may see is viewer.h.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_IDENTITY_H
#define SG_IDENTITY_H

#include "postgres.h"

#include "grid/grid.h"

/* The roles that CREATE EXTENSION makes if they are missing (src/install/roles.sql). */
#define ROLE_OPERATOR	"smartgrid_operator"
#define ROLE_GATEWAY	"smartgrid_gateway"
#define ROLE_AUDITOR	"smartgrid_auditor"

extern char *identity_principal(void);
extern char *identity_principal_if_set(void);
extern char *identity_principal_or_null(void);

extern char *identity_caller(bool *is_role);
extern char *identity_caller_or_null(bool *is_role);

extern bool identity_is_gateway_session(void);
extern bool identity_is_gateway(void);
extern bool identity_is_general_operator(void);
extern bool identity_is_operator(const char *operator_role);
extern bool identity_may_read_every_grid(void);
extern bool identity_may_read_grid(const char *operator_role);
extern bool identity_may_read_grid_row(const StoreRow *grid);

extern void identity_require_general_operator(const char *action);
extern Grid *identity_require_operator(const char *action);
extern Grid *identity_require_operator_of(const char *name, const char *action);
extern Grid *identity_require_reader_of(const char *name, const char *action);

#endif							/* SG_IDENTITY_H */
