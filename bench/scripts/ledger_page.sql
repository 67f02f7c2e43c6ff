SELECT * FROM sg_ledger ORDER BY entry_id DESC LIMIT 50;
