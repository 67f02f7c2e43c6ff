\set i random(1, :participants)
SELECT sg_add_consumer_balance('c' || :i, 1) WHERE set_config('smartgrid.principal', 'c' || :i, true) <> '';
