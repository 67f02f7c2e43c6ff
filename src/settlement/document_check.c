/*-------------------------------------------------------------------------
 *
 * document_check.c
 *	  Whether documents are what the ledger, their runs and their numbers say.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "ledger/ledger.h"
#include "settlement/document_check.h"
#include "store/elevated.h"

/*
 * How many documents of a grid are not those that an entry books and has the
 * digest of, and how many bills and credits have no document.
 */
int64
document_count_unbooked(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM"
		" (SELECT * FROM smartgrid.document AS d WHERE d.grid_id = $1) AS d"
		" FULL JOIN (SELECT l.*, e.digest FROM smartgrid.ledger AS l"
		" LEFT JOIN smartgrid.entry_digest AS e ON e.entry_id = l.entry_id AND e.grid_id = l.grid_id"
		" WHERE l.grid_id = $1 AND l.kind IN ($2, $3)) AS l ON l.entry_id = d.entry_id"
		" WHERE (l.trade_id = d.document_id AND l.participant_id = d.participant_id AND l.money = abs(d.gross)"
		" AND l.kind = CASE WHEN (d.side = 0) = (d.gross > 0) THEN $2 ELSE $3 END AND l.digest = d.digest"
		" AND d.digest = sha256(convert_to(d.body::text, 'UTF8'))) IS NOT TRUE",
		.nargs = 3,
		.argtypes = {INT4OID, INT2OID, INT2OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id), Int16GetDatum(LEDGER_BILL), Int16GetDatum(LEDGER_CREDIT)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/* How many numbers of a grid that were given have no document, and how many documents have another. */
int64
document_count_gaps(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT (coalesce((SELECT sum(n.last - n.first + 1) FROM smartgrid.document_number AS n WHERE n.grid_id = $1), 0)"
		" - count(*) FILTER (WHERE n.prefix IS NOT NULL) + count(*) FILTER (WHERE n.prefix IS NULL))::bigint"
		" FROM smartgrid.document AS d LEFT JOIN smartgrid.document_number AS n"
		" ON n.grid_id = d.grid_id AND n.prefix = d.prefix AND n.year = d.year AND d.sequence BETWEEN n.first AND n.last"
		" WHERE d.grid_id = $1",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}

/*
 * How many documents of a grid that are not cancelled do not sum to the lines of
 * their run for the participant and side, or have sums that are not those of
 * their lines and groups.
 */
int64
document_count_strays(int32 grid_id)
{
	static ElevatedPlan plan = {
		.sql = "SELECT count(*) FROM smartgrid.document AS d JOIN smartgrid.grid AS g ON g.grid_id = d.grid_id"
		" CROSS JOIN LATERAL (SELECT sum((o ->> 'money')::numeric) AS money, sum((o ->> 'net')::numeric) AS net"
		" FROM json_array_elements(d.body -> 'lines') AS o) AS l"
		" CROSS JOIN LATERAL (SELECT sum((o ->> 'net')::numeric) AS net, sum((o ->> 'vat')::numeric) AS vat"
		" FROM json_array_elements(d.body -> 'groups') AS o) AS v"
		" WHERE d.grid_id = $1 AND d.cancels_id = 0"
		" AND NOT EXISTS (SELECT FROM smartgrid.document AS c WHERE c.cancels_id = d.document_id AND c.cancels_id > 0)"
		" AND (l.money = (SELECT smartgrid.scaled_sum(sum(r.money), g.money_scale) FROM smartgrid.run_line AS r"
		" WHERE r.run_id = d.run_id AND r.participant_id = d.participant_id AND r.side = d.side)"
		" AND l.net = smartgrid.scaled(d.net, g.money_scale) AND v.net = l.net AND v.vat = smartgrid.scaled(d.vat, g.money_scale)) IS NOT TRUE",
		.nargs = 1,
		.argtypes = {INT4OID},
	};
	Datum		values[] = {Int32GetDatum(grid_id)};

	return elevated_number(&plan, values, IN_ACTIVE_SNAPSHOT);
}
