/*-------------------------------------------------------------------------
 *
 * day_text.h
 *	  The text form of a day.
 *
 *	  +01:00 96x15 0,12,13e,-,7 ...
 *
 * is the offset of local time from UTC when the day starts (with seconds if it
 * has some), the segments as count x minutes (1x60+92x15), and the slots: the
 * amount, followed by the letter of its quality unless it was measured; a missing
 * one is "-".  Text is read as it is written, and with spaces around it.
 *
 * Nothing here knows PostgreSQL.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_DAY_TEXT_H
#define SG_DAY_TEXT_H

#include "metering/day_codec.h"

/* Enough for the text form of any day, its terminating zero included. */
#define DAY_MAX_TEXT	8192

/* The same of one slot. */
#define DAY_MAX_VALUE	24

extern size_t day_shape_to_text(const DayShape *shape, char *text);
extern size_t day_value_to_text(int64_t amount, uint8_t quality, char *text);
extern size_t day_to_text(const Day *day, char *text);
extern const char *day_of_text(const char *text, Day *day, size_t *place);

#endif							/* SG_DAY_TEXT_H */
