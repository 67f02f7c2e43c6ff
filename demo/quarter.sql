-- One quarter-hour, :quarter of 0 to 95: production, balancing, import, trades, consumption.
\connect - village_app
INSERT INTO village.clock (quarter) VALUES (:quarter);
CALL village.members(:quarter, '{feed in,offer}');

\connect - anna
SELECT village.feed_in(:quarter), village.offer(:quarter) \g /dev/null

\connect - miller
SELECT village.turn(:quarter) \g /dev/null

\connect - oskar
SELECT village.operate(:quarter) \g /dev/null

\connect - utility
SELECT village.import(:quarter) \g /dev/null

\connect - anna
SELECT village.live(:quarter) \g /dev/null

\connect - ben
SELECT village.accept(:quarter), village.live(:quarter) \g /dev/null

\connect - village_app
CALL village.members(:quarter, '{accept,live}');

\if :last_of_hour
    CALL village.top_up();
    \connect - oskar
    SELECT village.hour_line(:quarter / 4);
\endif
