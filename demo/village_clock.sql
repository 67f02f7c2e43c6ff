-- The day was played in half a minute; here its entries get the times of the village: Thursday, 20 June 2024. Only a
-- superuser can do that, and only before the ledger is sealed: from then on sg_verify_ledger() would show it.
\connect - postgres
SET client_min_messages = warning;

CREATE FUNCTION pg_temp.village_time(of_real timestamptz) RETURNS timestamptz
    LANGUAGE sql STABLE AS $$
    -- What was before the day's beginning: the minutes before midnight.
    SELECT COALESCE(max(timestamptz '2024-06-20 00:00 Europe/Berlin'
                        + (c.quarter + least((extract(epoch FROM of_real - c.began) / extract(epoch FROM c.ended - c.began)), 0.999))
                          * interval '15 minutes'),
                    timestamptz '2024-06-19 23:50 Europe/Berlin')
    FROM (SELECT quarter, began, lead(began, 1, clock_timestamp()) OVER (ORDER BY quarter) AS ended FROM village.clock) AS c
    WHERE c.began <= of_real;
$$;
UPDATE smartgrid.ledger SET at = pg_temp.village_time(at);
UPDATE smartgrid.trade SET created_at = pg_temp.village_time(created_at),
                           closed_at = CASE WHEN closed_at < 'infinity' THEN pg_temp.village_time(closed_at) ELSE closed_at END;
UPDATE smartgrid.price_event SET at = pg_temp.village_time(at);
UPDATE smartgrid.capacity_event SET at = pg_temp.village_time(at);
UPDATE village.clock SET began = timestamptz '2024-06-20 00:00 Europe/Berlin' + quarter * interval '15 minutes';
