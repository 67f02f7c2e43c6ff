SELECT * FROM sg_load_curve WHERE grid = 'g1' AND bucket_start >= '2025-12-31 00:00+00' AND bucket_start < '2026-01-01 00:00+00';
