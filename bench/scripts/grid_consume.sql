\set i random(1, :participants)
\set grid 1 + :i % :grids
SELECT sg_consume_energy(1) WHERE set_config('smartgrid.principal', 'c' || :i, true) <> '' AND set_config('smartgrid.grid', 'g' || :grid, true) <> '';
