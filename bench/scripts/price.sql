SELECT sg_get_dynamic_price();
