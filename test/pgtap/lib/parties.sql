-- A database of readers and of rows of many people, for the tests that include this file after caller.sql: in the grid north so
-- many entries as :entries says, in the others 1000 each.

CREATE ROLE sgt_north;
CREATE ROLE sgt_stranger LOGIN;
CREATE ROLE sgt_solo LOGIN;         -- member of one grid
CREATE ROLE sgt_busy LOGIN;         -- the same, with very many rows
CREATE ROLE sgt_two LOGIN;          -- of two grids
CREATE ROLE sgt_five LOGIN;         -- of five, more than the views have scans for
CREATE ROLE sgt_mixed LOGIN IN ROLE sgt_north;      -- operator of one grid and member of it and of two others
CREATE ROLE sgt_north_operator LOGIN IN ROLE sgt_north;
CREATE ROLE sgt_operator LOGIN IN ROLE smartgrid_operator;
CREATE ROLE sgt_auditor LOGIN IN ROLE smartgrid_auditor;
CREATE ROLE sgt_gateway LOGIN IN ROLE smartgrid_gateway;

\o /dev/null
SELECT sg_create_grid('north', operator_role => 'sgt_north'), sg_create_grid('east'), sg_create_grid('south'), sg_create_grid('west'), sg_create_grid('center');
\o

-- Rows of many people in turn, put in beside the functions. The busy one has a third of everything.
INSERT INTO smartgrid.participant (grid_id, principal)
SELECT g.grid_id, m.principal
FROM (VALUES ('sgt_solo', '{north}'::text[]), ('sgt_busy', '{north}'), ('sgt_two', '{south,north}'), ('sgt_five', '{north,east,south,west,center}'),
             ('sgt_mixed', '{north,east,south}')) AS m (principal, grids) JOIN smartgrid.grid AS g ON g.name = ANY (m.grids);
INSERT INTO smartgrid.participant (grid_id, principal)
SELECT g.grid_id, 'house ' || n FROM smartgrid.grid AS g, generate_series(1, 401) AS n WHERE g.name <> 'default';
INSERT INTO smartgrid.consumer SELECT participant_id, 10, 0, 0, participant_id, now(), grid_id, true, 0, 'infinity' FROM smartgrid.participant;
INSERT INTO smartgrid.producer SELECT participant_id, 10, 0, 0, 0, 0, now(), grid_id, 100, 0, true, 'infinity' FROM smartgrid.participant;
INSERT INTO smartgrid.storage SELECT participant_id, 10, 0, 1, 1, now(), grid_id FROM smartgrid.participant;
CREATE TEMPORARY TABLE party AS
SELECT grid_id, array_agg(participant_id ORDER BY participant_id) AS ids, count(*)::integer AS size,
       max(participant_id) FILTER (WHERE principal = 'sgt_busy') AS busy, max(participant_id) FILTER (WHERE principal = 'sgt_solo') AS solo
FROM smartgrid.participant GROUP BY grid_id;
-- One entry in five is a step of a trade.
CREATE TEMPORARY TABLE step AS
SELECT p.grid_id, n, CASE WHEN n % 101 = 1 THEN coalesce(p.solo, p.ids[1]) WHEN n % 3 = 0 THEN coalesce(p.busy, p.ids[1]) ELSE p.ids[1 + n % p.size] END AS party,
       CASE WHEN n % 5 = 1 THEN CASE WHEN n % 2 = 0 AND n % 3 <> 0 AND p.busy <> p.ids[1 + n % p.size] THEN p.busy ELSE p.ids[1 + (n + 13) % p.size] END ELSE 0 END AS partner
FROM party AS p, LATERAL generate_series(1, CASE WHEN p.busy IS NULL THEN 1000 ELSE :entries END) AS s (n);
DELETE FROM step WHERE party = partner;
INSERT INTO smartgrid.ledger (participant_id, counterparty_id, energy, price, money, trade_id, at, grid_id, kind, booked_at)
SELECT party, partner, n, 1, 1, CASE WHEN partner = 0 THEN 0 ELSE 1 END, '2026-01-01'::timestamptz + n * interval '1 minute', grid_id,
       CASE WHEN partner = 0 THEN 1 ELSE 5 END, '2026-01-01'::timestamptz + n * interval '1 minute'
FROM step ORDER BY n, grid_id;
INSERT INTO smartgrid.trade (seller_id, buyer_id, amount, price, cost, created_at, closed_at, grid_id, status)
SELECT s.party, s.partner, t.n, 1, 1, now(), now(), s.grid_id, 1
FROM step AS s, LATERAL (VALUES (s.n), (s.n + 100000)) AS t (n) WHERE s.partner > 0 ORDER BY t.n, s.grid_id;
