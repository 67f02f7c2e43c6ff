SELECT count(*) FROM bench.readings AS r, sg_post_readings(r.principals, r.kinds, r.amounts) WHERE r.n = :n;
