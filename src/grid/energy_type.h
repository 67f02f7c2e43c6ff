/*-------------------------------------------------------------------------
 *
 * energy_type.h
 *	  The energy types of producers.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ENERGY_TYPE_H
#define SG_ENERGY_TYPE_H

extern int	energy_type_of(const char *name);
extern const char *energy_type_name(int energy_type);

#endif							/* SG_ENERGY_TYPE_H */
