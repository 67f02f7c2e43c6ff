-- Rows of version 0.1.0, as its library wrote them and pg_dump --data-only saw them: two grids with everything in them (GridData.pm),
-- and readings of the past. Loaded after CREATE EXTENSION smartgrid VERSION '0.1.0', by tests of what an update makes of them.
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET row_security = off;
COPY smartgrid.consumer (participant_id, consumption_limit, total_consumed, current_usage, balance, registered_at, grid_id, active) FROM stdin;
8	50	20	20	4140	2026-11-30 17:19:20.376076+00	2	f
1	9000	11	11	12341	2026-11-30 17:19:20.332402+00	1	t
2	7000	11052	11	1996926	2026-11-30 17:19:20.336213+00	1	t
\.
COPY smartgrid.grid (grid_id, operator_role, base_price, max_topup, created_at, stripes, energy_scale, money_scale, emergency_mode, name, currency, low_watermark, high_watermark) FROM stdin;
1	smartgrid_operator	260	2000000	2026-11-30 17:19:19.905352+00	8	3	2	f	default	EUR	12.5	87.5
2	village_operator	30	1000000	2026-11-30 17:19:20.291772+00	3	0	0	t	village	CHF	20	80
\.
COPY smartgrid.ledger (entry_id, participant_id, counterparty_id, energy, price, money, trade_id, at, grid_id, kind) FROM stdin;
1	1	0	40000	0	0	0	2026-11-30 17:19:20.335737+00	1	0
2	4	0	1234	0	0	0	2026-11-30 17:19:20.33662+00	1	0
3	2	0	0	0	2000000	0	2026-11-30 17:19:20.336778+00	1	7
4	1	0	0	0	12345	0	2026-11-30 17:19:20.336787+00	1	7
5	2	0	3000	308	924	0	2026-11-30 17:19:20.33699+00	1	1
6	2	0	17	305	5	0	2026-11-30 17:19:20.337+00	1	1
7	3	0	5000	0	0	0	2026-11-30 17:19:20.337199+00	1	2
8	3	0	4000	0	0	0	2026-11-30 17:19:20.33721+00	1	2
9	3	0	1500	0	0	0	2026-11-30 17:19:20.337215+00	1	3
10	1	2	1000	200	0	1	2026-11-30 17:19:20.337437+00	1	4
11	1	2	700	210	0	2	2026-11-30 17:19:20.337785+00	1	4
12	1	2	300	220	0	3	2026-11-30 17:19:20.337798+00	1	4
13	1	2	1000	200	200	1	2026-11-30 17:19:20.34046+00	1	5
14	1	2	700	210	0	2	2026-11-30 17:19:20.340495+00	1	6
15	1	0	0	0	100	0	2026-11-30 17:19:20.341546+00	1	8
16	2	0	3	336	1	0	2026-11-30 17:19:20.352545+00	1	1
17	7	0	90	0	0	0	2026-11-30 17:19:20.375745+00	2	0
18	8	0	0	0	5000	0	2026-11-30 17:19:20.376097+00	2	7
19	8	0	20	43	860	0	2026-11-30 17:19:20.376127+00	2	1
20	7	8	5	7	0	4	2026-11-30 17:19:20.376311+00	2	4
21	7	0	7	0	0	0	2026-11-30 17:19:20.379361+00	2	0
22	1	0	20000	0	0	0	2026-03-28 10:00:00+00	1	0
23	2	0	11	388	4	0	2026-03-28 10:15:00+00	1	1
24	1	0	11	388	4	0	2026-03-29 00:30:00+00	1	1
25	3	0	500	0	0	0	2026-03-29 01:30:00+00	1	2
26	2	0	0	0	777	0	2026-05-01 00:00:00+00	1	7
27	3	0	300	0	0	0	2026-06-01 12:00:00+00	1	3
28	2	0	11	387	4	0	2026-06-01 12:15:00+00	1	1
29	1	0	7	0	0	0	2026-06-02 23:59:59+00	1	0
30	2	0	6999	387	2709	0	2026-06-30 22:00:00+00	1	1
31	2	0	11	369	4	0	2026-11-30 17:19:20.379968+00	1	1
\.
COPY smartgrid.metrics (metrics_id, production, consumption, peak_load, efficiency, recorded_at, grid_id, period) FROM stdin;
1	1	2	3	4	2026-11-30 17:19:20.341793+00	1	\N
2	41234	4017	41234	9	2026-11-30 17:19:20.343535+00	1	["2026-11-30 16:19:20.342154+00","2026-11-30 18:19:20.342154+00")
3	90	20	90	22	2026-11-30 17:19:20.376895+00	2	\N
\.
COPY smartgrid.participant (participant_id, grid_id, principal) FROM stdin;
1	1	anna
2	1	bert
4	1	O'Hara "the wind" \\ Müller 風
3	1	cellar
7	2	anna
8	2	zoe
\.
COPY smartgrid.pool (grid_id, stripe, load, capacity, revenue) FROM stdin;
2	2	72	100	860
1	2	42178	50000	3655
\.
COPY smartgrid.price_event (event_id, at, base_price, grid_id, emergency_mode) FROM stdin;
1	2026-11-30 17:19:19.905352+00	100	1	f
2	2026-11-30 17:19:20.278481+00	250	1	f
3	2026-11-30 17:19:20.293331+00	30	2	f
4	2026-11-30 17:19:20.299629+00	260	1	f
5	2026-11-30 17:19:20.307539+00	260	1	t
6	2026-11-30 17:19:20.315488+00	260	1	f
7	2026-11-30 17:19:20.376718+00	30	2	t
\.
COPY smartgrid.producer (participant_id, capacity, current_production, total_produced, unsold, earnings, registered_at, grid_id, reputation_score, energy_type, active) FROM stdin;
4	60000	1234	1234	1234	0	2026-11-30 17:19:20.336601+00	1	100	1	f
7	100	7	97	92	0	2026-11-30 17:19:20.375697+00	2	100	2	t
1	50000	7	60007	58707	100	2026-11-30 17:19:20.332179+00	1	83	0	t
\.
COPY smartgrid.storage (participant_id, capacity, stored_amount, charge_rate, discharge_rate, registered_at, grid_id) FROM stdin;
1	8000	0	4000	3000	2026-11-30 17:19:20.332513+00	1
3	20000	7700	5000	5000	2026-11-30 17:19:20.336414+00	1
\.
COPY smartgrid.trade (trade_id, seller_id, buyer_id, amount, price, cost, created_at, closed_at, grid_id, status) FROM stdin;
3	1	2	300	220	66	2026-11-30 17:19:20.337798+00	infinity	1	0
1	1	2	1000	200	200	2026-11-30 17:19:20.337437+00	2026-11-30 17:19:20.34046+00	1	1
2	1	2	700	210	147	2026-11-30 17:19:20.337785+00	2026-11-30 17:19:20.340495+00	1	2
4	7	8	5	7	35	2026-11-30 17:19:20.376311+00	infinity	2	0
\.
SELECT pg_catalog.setval('smartgrid.grid_id_seq', 2, true);
SELECT pg_catalog.setval('smartgrid.ledger_entry_id_seq', 31, true);
SELECT pg_catalog.setval('smartgrid.metrics_id_seq', 3, true);
SELECT pg_catalog.setval('smartgrid.participant_id_seq', 8, true);
SELECT pg_catalog.setval('smartgrid.price_event_id_seq', 7, true);
SELECT pg_catalog.setval('smartgrid.trade_id_seq', 4, true);
