/*-------------------------------------------------------------------------
 *
 * file_format.h
 *	  Formats of files by their names.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_FILE_FORMAT_H
#define SG_FILE_FORMAT_H

extern int	file_format_called(const char *name, const char *const *names, int n);

#endif							/* SG_FILE_FORMAT_H */
