SELECT count(*), sum(produced), sum(load)
FROM (SELECT date_bin('15 minutes', l.at, '2000-01-01 00:00+00') AS bucket_start,
             sum(l.energy) FILTER (WHERE l.kind = 0) AS produced, sum(l.energy) FILTER (WHERE p.energy_type = 0) AS solar,
             sum(l.energy) FILTER (WHERE p.energy_type = 1) AS wind, sum(l.energy) FILTER (WHERE p.energy_type = 6) AS natural_gas,
             sum(l.energy) FILTER (WHERE l.kind = 1) AS consumed, sum(l.energy) FILTER (WHERE l.kind = 2) AS charged,
             sum(l.energy) FILTER (WHERE l.kind = 3) AS discharged, sum(l.energy) FILTER (WHERE l.kind = 5) AS traded,
             sum(l.energy::numeric * l.price) FILTER (WHERE l.kind = 1) / sum(l.energy) FILTER (WHERE l.kind = 1) AS price_avg,
             min(l.price) FILTER (WHERE l.kind = 1) AS price_low, max(l.price) FILTER (WHERE l.kind = 1) AS price_high,
             sum(l.money) FILTER (WHERE l.kind = 1) AS revenue,
             sum(sum(CASE WHEN l.kind IN (0, 3, 6) THEN l.energy WHEN l.kind IN (1, 2, 4) THEN -l.energy ELSE 0 END))
                 OVER (ORDER BY date_bin('15 minutes', l.at, '2000-01-01 00:00+00')) AS load
      FROM smartgrid.ledger AS l
           JOIN smartgrid.grid AS g ON g.grid_id = l.grid_id AND g.name = 'g1'
           LEFT JOIN smartgrid.producer AS p ON l.kind = 0 AND p.participant_id = l.participant_id
      WHERE l.at >= '2025-01-01 00:00+00' AND l.at < '2026-01-01 00:00+00'
      GROUP BY 1) AS c;
