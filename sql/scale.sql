-- Units as kWh and as currency.
SET client_min_messages = warning;
CREATE EXTENSION smartgrid;
RESET client_min_messages;

SELECT smartgrid.scaled(12345, 0), smartgrid.scaled(12345, 3), smartgrid.scaled(-5, 2), smartgrid.scaled(9223372036854775807, 18);
SELECT smartgrid.scaled_sum(12345, 0), smartgrid.scaled_sum(12345, 3), smartgrid.scaled_sum(-5, 2),
       smartgrid.scaled_sum(170141183460469231731687303715884105727, 18);
SELECT smartgrid.scaled(NULL, 3) IS NULL AS none, smartgrid.scaled_sum(NULL, 3) IS NULL AS none;
SELECT smartgrid.scaled(1, 19);
SELECT smartgrid.scaled(1, -1);
SELECT smartgrid.scaled_sum(1, 19);
SELECT smartgrid.scaled_sum(1, -1);

DROP EXTENSION smartgrid;
