\set i random(1, :participants)
SELECT sg_consume_energy(1) WHERE set_config('smartgrid.principal', 'c' || :i, true) <> '';
