/*-------------------------------------------------------------------------
 *
 * served.h
 *	  Which requests this backend has served in the client's statement.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_SERVED_H
#define SG_SERVED_H

#include "postgres.h"

extern int	served_begin(void);
extern bool served_since(int before, uint64 key);
extern void served_note(uint64 key);

#endif							/* SG_SERVED_H */
