SELECT count(*), sum(produced), sum(load) FROM sg_load_curve(NULL, '[2024-12-31 23:00+00, 2025-12-31 23:00+00)', '1 day', 'Europe/Berlin');
