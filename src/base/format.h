/*-------------------------------------------------------------------------
 *
 * format.h
 *	  Texts by a printf format whose arguments are a va_list.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_FORMAT_H
#define SG_FORMAT_H

#include "postgres.h"

extern char *format_text(const char *format, va_list args) pg_attribute_printf(1, 0);

#endif							/* SG_FORMAT_H */
