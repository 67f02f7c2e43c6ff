\set i random(1, :participants)
SELECT sg_consume_energy(1) FROM set_config('smartgrid.principal', 'c' || :i, true);
