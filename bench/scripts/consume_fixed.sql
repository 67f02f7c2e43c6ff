SELECT sg_consume_energy(1);
