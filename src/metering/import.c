/*-------------------------------------------------------------------------
 *
 * import.c
 *	  Importing files of meter readings: the call, and what a format hands over.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/arguments.h"
#include "base/digest.h"
#include "base/errors.h"
#include "base/format.h"
#include "call/call.h"
#include "call/request.h"
#include "grid/zone.h"
#include "metering/file_format.h"
#include "metering/import.h"
#include "metering/point_rows.h"

PG_FUNCTION_INFO_V1(sg_import);

/* Of a text that is converted to UTF-8 to be hashed, so much at a time, bytes, and the rest of the line. */
#define HASH_PART	65536

static const ImportFormat *const formats[] = {
#define IMPORT_FORMAT(symbol, name)	&import_##symbol,
#include "metering/import_format.def"
#undef IMPORT_FORMAT
};

/* SG108: the content as a whole is not what its format says. */
void
error_content(const Import *import, const char *message,...)
{
	char	   *text;
	va_list		args;

	va_start(args, message);
	text = format_text(message, args);
	va_end(args);
	ereport(ERROR,
			(errcode(ERRCODE_SG_INVALID_INPUT),
			 errmsg("content is not of format %s: %s", import->format->name, text)));
}

/* The format of a name; SG108 if there is none. */
static const ImportFormat *
format_called(const char *name)
{
	static const char *const names[] = {
#define IMPORT_FORMAT(symbol, name)	name,
#include "metering/import_format.def"
#undef IMPORT_FORMAT
	};

	return formats[file_format_called(name, names, lengthof(names))];
}

/* The content is the text, without the mark that some programs begin a file with. */
static void
set_content(Import *import, const text *content)
{
	static const char mark[] = "\xEF\xBB\xBF";
	const size_t mark_length = sizeof(mark) - 1;

	import->content = VARDATA_ANY(content);
	import->length = VARSIZE_ANY_EXHDR(content);
	if (GetDatabaseEncoding() == PG_UTF8 && import->length >= mark_length && memcmp(import->content, mark, mark_length) == 0)
	{
		import->content += mark_length;
		import->length -= mark_length;
	}
}

/* The number of bytes, from at on, that are converted as a part: whole lines. */
static size_t
part_length(const char *at, size_t left)
{
	const char *line_end = left > HASH_PART ? memchr(at + HASH_PART, '\n', left - HASH_PART) : NULL;

	return line_end ? (size_t) (line_end + 1 - at) : left;
}

/* SHA-256 of a text in UTF-8, of which there is never a copy as a whole: for a file in UTF-8 it is that of the file. */
static void
digest_content(const text *content, Digest *digest)
{
	const char *at = VARDATA_ANY(content);
	size_t		left = VARSIZE_ANY_EXHDR(content);
	bool		is_utf8 = GetDatabaseEncoding() == PG_UTF8 || GetDatabaseEncoding() == PG_SQL_ASCII;
	Hasher	   *hasher = hasher_of_session();

	hasher_begin(hasher);
	while (left > 0)
	{
		size_t		length = part_length(at, left);
		char	   *utf8 = is_utf8 ? unconstify(char *, at) : pg_server_to_any(at, (int) length, PG_UTF8);

		CHECK_FOR_INTERRUPTS();
		hasher_add(hasher, utf8, utf8 == at ? length : strlen(utf8));
		if (utf8 != at)
			pfree(utf8);
		at += length;
		left -= length;
	}
	hasher_finish(hasher, digest);
}

/* If the call has a reference: these are its arguments. */
static void
note_arguments(const Call *call, const Import *import, const Digest *content)
{
	Hasher	   *hasher = hasher_of_session();
	char	   *options = JsonbToCString(NULL, &import->options->root, VARSIZE(import->options));
	Digest		digest;

	if (call->request == NULL)
		return;
	hasher_begin(hasher);
	hasher_add(hasher, content->bytes, DIGEST_BYTES);
	hasher_add(hasher, import->format->name, strlen(import->format->name));
	hasher_add(hasher, options, strlen(options));
	hasher_finish(hasher, &digest);
	request_set_arguments(call->request, &digest);
}

/* The name of a point for a row of the result: as much of it as a point may have. */
static char *
shown_name(ImportPoint point)
{
	return pnstrdup(point.name, pg_mbcliplen(point.name, (int) Min(point.length, INT_MAX), POINT_MAX_BYTES));
}

/* Refuses a record; point may be NULL. */
void
import_refuse(Import *import, int64 line, const ImportPoint *point, Refusal *refusal)
{
	if (import->take != NULL)
		refusal_free(refusal);
	else
		load_refuse(import->load, line, point ? shown_name(*point) : NULL, refusal);
}

/* Refuses a reading of what cannot be the identifier of a point. */
static bool
is_refused_name(Import *import, int64 line, ImportPoint point)
{
	if (likely(point.length > 0 && point.length <= POINT_MAX_BYTES))
		return false;
	import_refuse(import, line, &point, refuse(ERRCODE_SG_INVALID_INPUT, "the identifier of a metering point must have 1 to %d bytes",
											   POINT_MAX_BYTES));
	return true;
}

/* Hands over what a point measured in the slot that begins at start; minutes as load_interval(). */
void
import_interval(Import *import, int64 line, ImportPoint point, TimestampTz start, int minutes,
				const LoadValue *value, Quality quality)
{
	if (is_refused_name(import, line, point))
		return;
	if (import->take != NULL)
		import->take(import, line, start, value);
	else
		load_interval(import->load, line, point.name, point.length, start, minutes, value, quality);
}

/* Hands over what the register of a point showed, exact kWh. */
void
import_register(Import *import, int64 line, ImportPoint point, TimestampTz at, sg_int128 kwh, Quality quality)
{
	if (!is_refused_name(import, line, point))
		registers_add(import->registers, line, point.name, point.length, at, kwh, quality);
}

/* Returns a warning about the content as a row, which is not counted. */
void
import_warn(Import *import, int64 line, const char *message)
{
	load_warn(import->load, line, NULL, message);
}

/* A text of the current row for as long as the import lasts: where it is, if that is in the content. */
const char *
import_keep(const Import *import, const char *text, size_t length)
{
	MemoryContext outer;

	if (text >= import->content && text < import->content + import->length)
		return text;
	outer = MemoryContextSwitchTo(import->context);
	text = pnstrdup(text, length);
	MemoryContextSwitchTo(outer);
	return text;
}

/* Reads the content, and hands over what is in it. */
static void
read_content(Import *import)
{
	MemoryContext outer;

	import->context = CurrentMemoryContext;
	import->row_context = AllocSetContextCreate(CurrentMemoryContext, "smartgrid import", ALLOCSET_DEFAULT_SIZES);
	import->zone = import->zone_option ? import->zone_option : load_zone(import->load);
	lines_begin(&import->lines, import->content, import->length);
	import_local_begin(import);
	outer = MemoryContextSwitchTo(import->row_context);
	import->format->read(import);
	import_local_end(import);
	if (import->format->compare)
	{
		load_write(import->load);
		import->format->compare(import);
	}
	MemoryContextSwitchTo(outer);
	MemoryContextDelete(import->row_context);
}

/* Ends the load, with what registers are to have of it. */
static void
end_load(Import *import)
{
	const Batch *batch;

	if (import->registers)
		registers_post(import->registers);
	batch = load_end(import->load);
	if (import->registers)
		registers_end(import->registers, batch);
}

/*
 * sg_import(content, format, options) -> the records that were refused: line,
 * point, SQLSTATE, message.  For gateways and operators.
 *
 * Checks: SG108 NULL, unknown format, options; SG100; SG101 grid; SG108 if the
 * content is not of the format.
 * Locks: the grid's settlement lock shared.
 */
Datum
sg_import(PG_FUNCTION_ARGS)
{
	Call		call;
	Import		import = {0};
	text	   *content;
	Digest		digest;

	call_begin(&call, fcinfo, "sg_import");
	arg_require_not_null(fcinfo, 0, "content");
	import.format = format_called(arg_text(fcinfo, 1, "format"));
	arg_require_not_null(fcinfo, 2, "options");
	import.options = PG_GETARG_JSONB_P(2);
	import.context = CurrentMemoryContext;
	import_read_options(&import);
	content = PG_GETARG_TEXT_PP(0);
	digest_content(content, &digest);
	note_arguments(&call, &import, &digest);
	if (!load_act(&call))
		return call_answer(&call);
	import.load_options.content = &digest;
	set_content(&import, content);
	import.load = load_begin(&call, fcinfo, &import.load_options);
	read_content(&import);
	end_load(&import);
	return call_end(&call, (Datum) 0);
}
