SELECT sg_report_production(1);
