\set i random(1, :participants)
SELECT sg_report_production(1) FROM set_config('smartgrid.principal', 'c' || :i, true);
