/*-------------------------------------------------------------------------
 *
 * producer_types.h
 *	  The energy types of many producers.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_PRODUCER_TYPES_H
#define SG_PRODUCER_TYPES_H

#include "postgres.h"

#include "utils/hsearch.h"

#include "store/tables.h"

/* Of participants, as they are asked for. */
typedef struct ProducerTypes
{
	HTAB	   *known;
} ProducerTypes;

extern void producer_types_open(ProducerTypes *types);
extern int	producer_types_of(ProducerTypes *types, const FormLedger *entry);
extern void producer_types_close(ProducerTypes *types);

#endif							/* SG_PRODUCER_TYPES_H */
