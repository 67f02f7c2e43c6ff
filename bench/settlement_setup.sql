-- Grids to be settled: that of the metering cases, and one with a tenth of its points. Variables: points, days.
SET timezone = 'Europe/Vienna';
SET client_min_messages = warning;
SELECT sg_create_grid('tenth', energy_scale => 3, money_scale => 2, currency => 'EUR');
CREATE VIEW tenth_members AS SELECT 'S' || point AS point, owner, kind FROM members WHERE i <= :points / 10;
CREATE VIEW tenth_rows AS
SELECT 'S' || m.point AS point, r.start, r.energy AS amount, CASE r.quality WHEN 0 THEN 'measured' ELSE 'substituted' END AS quality
FROM row_table AS r JOIN members AS m ON m.i = r.point_id WHERE m.i <= :points / 10;
SET smartgrid.grid = 'tenth';
SELECT sg_set_time_zone('Europe/Vienna');
SELECT count(*) FROM sg_set_points('tenth_members');
SELECT count(*) FROM sg_post_intervals('tenth_rows');

-- Five components, one of them in the evening, one over the participant.
CREATE FUNCTION set_tariff(grid text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('smartgrid.grid', grid, true);
    PERFORM sg_set_party(NULL, '2023-01-01 00:00', '{"name": "Bench", "country": "AT", "tax_id": "1", "vat": {"category": "O"}}');
    RETURN sg_set_tariff('bench', '2023-01-01 00:00', '[
        {"name": "Community", "of": "covered", "price": 0.15},
        {"name": "Supply", "of": "rest", "price": 0.28},
        {"name": "Evening", "price": 0.04, "when": {"times": ["17:00-21:00"]}},
        {"name": "Delivered", "of": "covered", "kinds": ["production"], "price": 0.09},
        {"name": "Membership", "of": "participant", "price": 2.00}]', for_all => true);
END
$$;
SELECT set_tariff('default');
SELECT set_tariff('tenth');
VACUUM ANALYZE;
