SELECT * FROM sg_get_grid_status();
