\set n random(1, 1000000000000)
SELECT sg_consume_energy(1) WHERE set_config('smartgrid.reference', 'payment-' || :n, true) <> '';
