/*-------------------------------------------------------------------------
 *
 * import_espi.h
 *	  Green Button files (ESPI): what a feed is made of.
 *
 * A usage point has meter readings, a meter reading has a reading type and
 * interval blocks, a block has readings.  They are elements in each other, or in
 * entries of an Atom feed whose links say what belongs to what, in any order.  So
 * the document is walked over twice: first these objects are found, and what
 * belongs to what; then the readings are handed over.
 *
 * Names do not matter, namespaces do: prefixes are whatever the file takes.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SG_IMPORT_ESPI_H
#define SG_IMPORT_ESPI_H

#include "postgres.h"

#include "base/refusal.h"
#include "base/xml.h"
#include "metering/import.h"
#include "metering/import_direction.h"

#define ESPI_SPACE	"http://naesb.org/espi"
#define ATOM_SPACE	"http://www.w3.org/2005/Atom"

/* Codes of espi.xsd. */
#define ESPI_WH					72	/* uom */
#define ESPI_ENERGY				12	/* kind of a reading type */
#define ESPI_ELECTRICITY		0	/* kind of a service */
#define ESPI_DELTA				4	/* accumulationBehaviour */
#define ESPI_FORWARD			1	/* flowDirection: from the grid */
#define ESPI_REVERSE			19	/* into it */
#define ESPI_MANUALLY_EDITED	7	/* quality */
#define ESPI_ESTIMATED			8	/* using a reference day */
#define ESPI_DERIVED			11

typedef enum EspiKind
{
	ESPI_USAGE_POINT,
	ESPI_METER_READING,
	ESPI_READING_TYPE,
	ESPI_INTERVAL_BLOCK,
	ESPI_KINDS
} EspiKind;

/* Elements of a reading type that say what its readings are. */
typedef enum EspiField
{
	ESPI_ACCUMULATION,
	ESPI_FLOW,
	ESPI_INTERVAL_LENGTH,		/* seconds */
	ESPI_MULTIPLIER,			/* a power of ten */
	ESPI_UOM,
	ESPI_DEFAULT_QUALITY,
	ESPI_FIELDS
} EspiField;

#define ESPI_NONE		(-1)	/* no object */
#define ESPI_SEVERAL	(-2)

typedef struct EspiObject
{
	EspiKind	kind;
	int64		line;
	int			entry;			/* of the feed; ESPI_NONE: it is in none */
	int			parent;			/* the object that it stands in */
	int			of;				/* a block: its meter reading; a meter reading: its usage point */
	int			type;			/* of a meter reading */
	char	   *field[ESPI_FIELDS]; /* of a reading type, as written; NULL: it is not there */
} EspiObject;

/* An entry of the feed.  Addresses are without what names the host. */
typedef struct EspiEntry
{
	char	   *id;				/* or NULL */
	char	   *self;			/* or NULL */
	char	   *up;				/* or NULL */
	int			nrelated;
	char	  **related;
	int			object[ESPI_KINDS]; /* that is in it: ESPI_NONE, ESPI_SEVERAL, or which */
} EspiEntry;

typedef struct EspiFeed
{
	int			nentries;
	EspiEntry  *entries;
	int			nobjects;
	EspiObject *objects;
	int			entries_allocated;
	int			objects_allocated;
} EspiFeed;

/* Options: of a file of one usage point, the points of what flows from the grid and into it; NULL: not said. */
typedef struct EspiOptions
{
	char	   *point;
	char	   *export_point;
} EspiOptions;

/* A meter reading, as its readings are to be taken. */
typedef struct EspiMeter
{
	ImportPoint point;
	ImportFlow	flow;
	int			power;			/* of ten, of a value in kWh */
	const char *length;			/* of a reading that says none, seconds; NULL: none */
	const char *quality;		/* of a reading that says none; NULL: none */
	Refusal    *refusal;		/* none of its readings can be taken */
	int64		line;			/* of what refuses it */
	bool		refused;		/* and that has been said */
} EspiMeter;

/* import_espi_feed.c */
extern const char *espi_name(EspiKind kind);
extern bool espi_kind_of(const XmlWalk *walk, EspiKind *kind);
extern EspiFeed *espi_read_feed(const char *text, size_t length);

/* import_espi_links.c */
extern void espi_resolve(EspiFeed *feed);

/* import_espi_meter.c */
extern EspiMeter *espi_meter(const Import *import, const EspiFeed *feed, const EspiObject *object);

#endif							/* SG_IMPORT_ESPI_H */
