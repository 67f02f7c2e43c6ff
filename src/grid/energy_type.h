/*-------------------------------------------------------------------------
 *
 * energy_type.h
 *	  The energy types of producers: energy_type.def has them.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_ENERGY_TYPE_H
#define SG_ENERGY_TYPE_H

/* The code that tables hold. */
typedef enum EnergyType
{
#define ENERGY_TYPE(symbol, name, renewable, co2, source)	ENERGY_##symbol,
#include "grid/energy_type.def"
#undef ENERGY_TYPE
	ENERGY_TYPE_COUNT
} EnergyType;

/* In place of a code: there is no such production, or nobody knows of what type it is. */
#define ENERGY_TYPE_NONE	(-1)

/*
 * sg_load_curve has the columns of so many among others, where 0.3.0 put them,
 * and those of later types at its end: a view gets new columns only there.
 */
#define ENERGY_TYPES_INNER	7

extern EnergyType energy_type_of(const char *name);
extern const char *energy_type_name(int energy_type);

#endif							/* SG_ENERGY_TYPE_H */
