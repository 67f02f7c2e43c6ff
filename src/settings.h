/*-------------------------------------------------------------------------
 *
 * settings.h
 *	  The extension's settings (GUCs), defined in smartgrid.c.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_SETTINGS_H
#define SG_SETTINGS_H

#define SG_DEFAULT_GRID		"default"

extern char *setting_principal;	/* smartgrid.principal; empty: not set */
extern char *setting_grid;		/* smartgrid.grid; empty: SG_DEFAULT_GRID */
extern char *setting_reference;	/* smartgrid.reference; empty: not set */
extern int	setting_row_wait;	/* smartgrid.row_wait, milliseconds */
extern int	setting_seal_wait;	/* smartgrid.seal_wait, milliseconds */
extern int	setting_pack_after;	/* smartgrid.pack_after, minutes */
extern bool setting_notify_trades;	/* smartgrid.notify_trades */
extern int	setting_seal_terminate_idle;	/* smartgrid.seal_terminate_idle, milliseconds; 0: never */

#endif							/* SG_SETTINGS_H */
