-- What a ledger entry of each kind does.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SELECT smartgrid.entry_kind(kind::smallint) AS name, e.* FROM smartgrid.entry_effects() AS e ORDER BY kind, as_counterparty;

-- And to the load; an unknown kind does nothing.
SELECT kind, smartgrid.load_change(kind::smallint, 10) AS load_change FROM generate_series(-1, 23) AS kind;

DROP EXTENSION smartgrid;
