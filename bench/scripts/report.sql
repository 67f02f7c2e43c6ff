\set i random(1, :participants)
SELECT sg_report_production(1) WHERE set_config('smartgrid.principal', 'c' || :i, true) <> '';
