SELECT sg_add_consumer_balance('c7', 1);
