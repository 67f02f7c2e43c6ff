-- A round of settling, and of what it is compared with. Variables: days.
SET timezone = 'Europe/Vienna';
SET client_min_messages = warning;
SET jit = off;
SELECT format('[2023-01-02 00:00,%s)', date '2023-01-02' + :days) AS period \gset

SET smartgrid.grid = 'default';
SELECT clock_timestamp() AS began \gset
SELECT sg_settle(:'period', accept => '{measured,substituted,estimated,calculated,missing}') AS run \gset
INSERT INTO taken SELECT 'settle', extract(epoch FROM clock_timestamp() - :'began') * 1000;

SELECT clock_timestamp() AS began \gset
SELECT count(*) FROM row_table;
INSERT INTO taken SELECT 'settle count', extract(epoch FROM clock_timestamp() - :'began') * 1000;

SET smartgrid.grid = 'tenth';
SELECT clock_timestamp() AS began \gset
SELECT sg_settle(:'period', accept => '{measured,substituted,estimated,calculated,missing}');
INSERT INTO taken SELECT 'settle a tenth', extract(epoch FROM clock_timestamp() - :'began') * 1000;

SET smartgrid.grid = 'default';
SELECT clock_timestamp() AS began \gset
SELECT count(*) FROM sg_verify_run(:run);
INSERT INTO taken SELECT 'verify run', extract(epoch FROM clock_timestamp() - :'began') * 1000;
