/*-------------------------------------------------------------------------
 *
 * batch_open.h
 *	  What is in the bytes of an open slot.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_BATCH_OPEN_H
#define SG_BATCH_OPEN_H

#include "postgres.h"

#include "base/compat.h"
#include "metering/open_codec.h"

SG_NODISCARD extern const char *open_slot_read(bytea *data, OpenValue **values, int *n);
extern OpenValue *open_slot_values(bytea *data, int *n);

#endif							/* SG_BATCH_OPEN_H */
