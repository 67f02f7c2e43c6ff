-- Energy of each hour of 29 March 2026 in Berlin: produced by type, and consumed.
SELECT date_trunc('hour', c.bucket_start) AS hour, e.what, sum(e.kwh) AS kwh
FROM sg_load_curve AS c
     CROSS JOIN LATERAL (VALUES ('wind', c.wind_kwh), ('solar', c.solar_kwh), ('hydro', c.hydro_kwh),
                                ('biomass', c.biomass_kwh), ('consumed', c.consumed_kwh)) AS e (what, kwh)
WHERE c.grid = 'default'
      AND c.bucket_start >= timestamptz '2026-03-29 00:00 Europe/Berlin' AND c.bucket_start < timestamptz '2026-03-30 00:00 Europe/Berlin'
GROUP BY 1, 2
ORDER BY 1, 2
