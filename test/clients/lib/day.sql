-- Energy of each hour of 29 March 2026 in Berlin: produced by type, and consumed.
SELECT date_trunc('hour', l.at) AS hour, coalesce(p.energy_type, 'consumed') AS what, sum(l.energy_kwh) AS kwh
FROM sg_ledger AS l
     LEFT JOIN sg_producer_directory AS p ON l.kind = 'production' AND p.grid = l.grid AND p.principal = l.participant
WHERE l.grid = 'default' AND l.kind IN ('production', 'consumption')
      AND l.at >= timestamptz '2026-03-29 00:00 Europe/Berlin' AND l.at < timestamptz '2026-03-30 00:00 Europe/Berlin'
GROUP BY 1, 2
ORDER BY 1, 2
