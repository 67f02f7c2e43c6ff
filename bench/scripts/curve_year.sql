SELECT count(*), sum(produced), sum(load) FROM sg_load_curve(NULL, '[2025-01-01 00:00+00, 2026-01-01 00:00+00)');
