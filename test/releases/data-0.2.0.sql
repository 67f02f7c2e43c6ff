-- Rows of version 0.2.0, as its library wrote them and pg_dump --data-only saw them: two grids with everything in them (GridData.pm),
-- and readings of the past. Loaded after CREATE EXTENSION smartgrid VERSION '0.2.0', by tests of what an update makes of them.
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET row_security = off;
COPY smartgrid.block (grid_id, height, sealed_at, first_entry, last_entry, entries, root, load, held, balances, earnings, revenue, stored, produced, consumed, charged, discharged, traded, topups, withdrawals, previous, history, name, hash) FROM stdin;
1	0	2026-11-30 17:19:22.461885+00	1	15	15	\\xe29e5f96dc8343ba4ff67e2b775a4f30bb16620364def5a8a0336896f6844846	29417	300	2011216	100	929	7500	41234	3017	9000	1500	1000	2012345	100	\\x0000000000000000000000000000000000000000000000000000000000000000	\\xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855	default	\\x9510c45fe45fd469b883ccb70ddafef9d100f60f4882f55548d2a239d96500d9
1	1	2026-11-30 17:19:22.475818+00	16	16	1	\\x496ef4d966908cc4e44e8cf04c8f093e2d5f3683a6baa42d09d8f48107875f21	29414	300	2011215	100	930	7500	41234	3020	9000	1500	1000	2012345	100	\\x9510c45fe45fd469b883ccb70ddafef9d100f60f4882f55548d2a239d96500d9	\\xb581832b00b0351da6857829c70e84f3a9ef7e6c2df2d3764ebb34ae56fcbaf2	default	\\xbfdbabe5299cff53182c287eed1ca025d776e83aff3edab2225dec2437351d84
2	0	2026-11-30 17:19:22.478882+00	17	20	4	\\xd642305d8fe93035861dabc7d18fea110dc14a93b9c2c6106c4685700001ab1b	65	5	4140	0	860	0	90	20	0	0	0	5000	0	\\x0000000000000000000000000000000000000000000000000000000000000000	\\xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855	village	\\xc66f9ba7a784838d12ceb4ae0723e187dcd94993528d955fc04e8980a65aa6b6
1	2	2026-11-30 17:19:22.482824+00	22	30	9	\\x9cbc3c82e3c79305b421eb503374bcd9f272c624e7500447d4abf1ff903733af	42189	300	2009271	100	3651	7700	61241	10052	9500	1800	1000	2013122	100	\\xbfdbabe5299cff53182c287eed1ca025d776e83aff3edab2225dec2437351d84	\\xd06db9bf8ff33f93b669fd05faff13cf81844a78bce0c054a0cca52d27bf8a91	default	\\x6aa78187804ef210524f282fb04e161c269f818fefcf1131d3f152e01be868ad
\.
COPY smartgrid.block_detail (grid_id, height, peaks, fingerprints) FROM stdin;
1	0	\\x	\\x00000000eb9dcf8e2973d1ef000000010d6dbe946a3c2e9000000002d48addb3ebc72a910000000306592bb613a36821000000042516b54a8a9e10a60000000536c059df9aad766f0000000686035eb34f6d7fa5000000076302423f7d4bdcbc0000000890c87db8c338b1ee0000000996c47aeb3008cbc00000000aa271e3c63ee75d3e0000000b1b26aafe3f7842bc0000000c2f72e078b63e1e680000000d73ba920229f82cae0000000e20fc6cee93260094
1	1	\\xb581832b00b0351da6857829c70e84f3a9ef7e6c2df2d3764ebb34ae56fcbaf2	\\x00000000496ef4d966908cc4
2	0	\\x	\\x00000000018733df6f94de0700000001eda01ad55b087dfe0000000235850e2e464f4e69000000035fe610a9c5c13432
1	2	\\xd06db9bf8ff33f93b669fd05faff13cf81844a78bce0c054a0cca52d27bf8a91	\\x00000000136c1c6b2b82da740000000139964d6306e2f5b60000000200239340af84ec5a00000003581c7b3b906212f100000004197583f42b5ad7bf00000005bf81a2ff74c3303000000006e9d9492b2fcdf1d600000007b70e374e90d63d460000000830174687b5fdd555
\.
COPY smartgrid.consumer (participant_id, consumption_limit, total_consumed, current_usage, balance, registered_at, grid_id, active) FROM stdin;
8	50	20	20	4140	2026-11-30 17:19:22.47803+00	2	f
1	9000	11	11	12341	2026-11-30 17:19:22.427699+00	1	t
2	7000	11052	11	1996926	2026-11-30 17:19:22.435669+00	1	t
\.
COPY smartgrid.grid (grid_id, operator_role, base_price, max_topup, created_at, stripes, energy_scale, money_scale, emergency_mode, name, currency, low_watermark, high_watermark) FROM stdin;
1	smartgrid_operator	260	2000000	2026-11-30 17:19:21.967311+00	8	3	2	f	default	EUR	12.5	87.5
2	village_operator	30	1000000	2026-11-30 17:19:22.41162+00	3	0	0	t	village	CHF	20	80
\.
COPY smartgrid.ledger (entry_id, participant_id, counterparty_id, energy, price, money, trade_id, at, grid_id, kind) FROM stdin;
1	1	0	40000	0	0	0	2026-11-30 17:19:22.43169+00	1	0
2	4	0	1234	0	0	0	2026-11-30 17:19:22.442193+00	1	0
3	2	0	0	0	2000000	0	2026-11-30 17:19:22.442372+00	1	7
4	1	0	0	0	12345	0	2026-11-30 17:19:22.44238+00	1	7
5	2	0	3000	308	924	0	2026-11-30 17:19:22.44253+00	1	1
6	2	0	17	305	5	0	2026-11-30 17:19:22.44254+00	1	1
7	3	0	5000	0	0	0	2026-11-30 17:19:22.442684+00	1	2
8	3	0	4000	0	0	0	2026-11-30 17:19:22.442695+00	1	2
9	3	0	1500	0	0	0	2026-11-30 17:19:22.4427+00	1	3
10	1	2	1000	200	0	1	2026-11-30 17:19:22.442864+00	1	4
11	1	2	700	210	0	2	2026-11-30 17:19:22.443334+00	1	4
12	1	2	300	220	0	3	2026-11-30 17:19:22.443348+00	1	4
13	1	2	1000	200	200	1	2026-11-30 17:19:22.443552+00	1	5
14	1	2	700	210	0	2	2026-11-30 17:19:22.443646+00	1	6
15	1	0	0	0	100	0	2026-11-30 17:19:22.443774+00	1	8
16	2	0	3	336	1	0	2026-11-30 17:19:22.463775+00	1	1
17	7	0	90	0	0	0	2026-11-30 17:19:22.477852+00	2	0
18	8	0	0	0	5000	0	2026-11-30 17:19:22.478046+00	2	7
19	8	0	20	43	860	0	2026-11-30 17:19:22.478067+00	2	1
20	7	8	5	7	0	4	2026-11-30 17:19:22.478175+00	2	4
21	7	0	7	0	0	0	2026-11-30 17:19:22.479089+00	2	0
22	1	0	20000	0	0	0	2026-03-28 10:00:00+00	1	0
23	2	0	11	388	4	0	2026-03-28 10:15:00+00	1	1
24	1	0	11	388	4	0	2026-03-29 00:30:00+00	1	1
25	3	0	500	0	0	0	2026-03-29 01:30:00+00	1	2
26	2	0	0	0	777	0	2026-05-01 00:00:00+00	1	7
27	3	0	300	0	0	0	2026-06-01 12:00:00+00	1	3
28	2	0	11	387	4	0	2026-06-01 12:15:00+00	1	1
29	1	0	7	0	0	0	2026-06-02 23:59:59+00	1	0
30	2	0	6999	387	2709	0	2026-06-30 22:00:00+00	1	1
31	2	0	11	369	4	0	2026-11-30 17:19:22.491438+00	1	1
\.
COPY smartgrid.metrics (metrics_id, production, consumption, peak_load, efficiency, recorded_at, grid_id, period) FROM stdin;
1	1	2	3	4	2026-11-30 17:19:22.443915+00	1	\N
2	41234	4017	41234	9	2026-11-30 17:19:22.445559+00	1	["2026-11-30 16:19:22.44423+00","2026-11-30 18:19:22.44423+00")
3	90	20	90	22	2026-11-30 17:19:22.478565+00	2	\N
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
1	2026-11-30 17:19:21.967311+00	100	1	f
2	2026-11-30 17:19:22.409997+00	250	1	f
3	2026-11-30 17:19:22.41283+00	30	2	f
4	2026-11-30 17:19:22.423723+00	260	1	f
5	2026-11-30 17:19:22.425686+00	260	1	t
6	2026-11-30 17:19:22.426652+00	260	1	f
7	2026-11-30 17:19:22.478455+00	30	2	t
\.
COPY smartgrid.producer (participant_id, capacity, current_production, total_produced, unsold, earnings, registered_at, grid_id, reputation_score, energy_type, active) FROM stdin;
4	60000	1234	1234	1234	0	2026-11-30 17:19:22.442163+00	1	100	1	f
7	100	7	97	92	0	2026-11-30 17:19:22.477808+00	2	100	2	t
1	50000	7	60007	58707	100	2026-11-30 17:19:22.427487+00	1	83	0	t
\.
COPY smartgrid.seal_point (grid_id, next_xid, last_entry) FROM stdin;
\.
COPY smartgrid.storage (participant_id, capacity, stored_amount, charge_rate, discharge_rate, registered_at, grid_id) FROM stdin;
1	8000	0	4000	3000	2026-11-30 17:19:22.427807+00	1
3	20000	7700	5000	5000	2026-11-30 17:19:22.439411+00	1
\.
COPY smartgrid.trade (trade_id, seller_id, buyer_id, amount, price, cost, created_at, closed_at, grid_id, status) FROM stdin;
3	1	2	300	220	66	2026-11-30 17:19:22.443348+00	infinity	1	0
1	1	2	1000	200	200	2026-11-30 17:19:22.442864+00	2026-11-30 17:19:22.443552+00	1	1
2	1	2	700	210	147	2026-11-30 17:19:22.443334+00	2026-11-30 17:19:22.443646+00	1	2
4	7	8	5	7	35	2026-11-30 17:19:22.478175+00	infinity	2	0
\.
SELECT pg_catalog.setval('smartgrid.grid_id_seq', 2, true);
SELECT pg_catalog.setval('smartgrid.ledger_entry_id_seq', 31, true);
SELECT pg_catalog.setval('smartgrid.metrics_id_seq', 3, true);
SELECT pg_catalog.setval('smartgrid.participant_id_seq', 8, true);
SELECT pg_catalog.setval('smartgrid.price_event_id_seq', 7, true);
SELECT pg_catalog.setval('smartgrid.trade_id_seq', 4, true);
