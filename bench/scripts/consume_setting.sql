\set n random(1, 1000000000000)
SELECT sg_consume_energy(1) WHERE set_config('bench.reference', 'payment-' || :n, true) <> '';
