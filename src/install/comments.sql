-- Comments on what 0.1.0 and 0.2.0 made without one. A range that a CHECK gives a single column is in its definition.

COMMENT ON SEQUENCE smartgrid.grid_id_seq IS 'identifiers of grids';
COMMENT ON SEQUENCE smartgrid.price_event_id_seq IS 'identifiers of changes of price and mode';
COMMENT ON SEQUENCE smartgrid.participant_id_seq IS 'identifiers of participants, of all grids together';
COMMENT ON SEQUENCE smartgrid.trade_id_seq IS 'identifiers of trades, of all grids together';
COMMENT ON SEQUENCE smartgrid.metrics_id_seq IS 'identifiers of metrics records';
COMMENT ON SEQUENCE smartgrid.ledger_entry_id_seq IS 'identifiers of ledger entries, of all grids together; sealing relies on CACHE 1';

COMMENT ON INDEX smartgrid.price_event_grid_idx IS 'price history of a grid by time';
COMMENT ON INDEX smartgrid.trade_seller_idx IS 'whether two participants trade with each other';
COMMENT ON INDEX smartgrid.trade_seller_page_idx IS 'a seller''s trades in order, page by page';
COMMENT ON INDEX smartgrid.trade_buyer_idx IS 'a buyer''s trades in order, page by page';
COMMENT ON INDEX smartgrid.ledger_participant_idx IS 'a participant''s own entries in order, page by page';
COMMENT ON INDEX smartgrid.ledger_counterparty_idx IS 'entries in which a participant is the buyer, in order';
COMMENT ON INDEX smartgrid.ledger_at_idx IS 'entries of a period; small, as entries are written nearly in the order of time';
COMMENT ON INDEX smartgrid.metrics_grid_idx IS 'metrics records of a grid by time';
COMMENT ON INDEX smartgrid.block_entry_idx IS 'the block that seals an entry';

COMMENT ON CONSTRAINT grid_name_key ON smartgrid.grid IS 'names of grids are unique';
COMMENT ON CONSTRAINT grid_watermarks_check ON smartgrid.grid IS '0 <= low_watermark <= high_watermark <= 100 percent';
COMMENT ON CONSTRAINT participant_principal_key ON smartgrid.participant IS 'a principal takes part once in a grid';
COMMENT ON CONSTRAINT producer_check ON smartgrid.producer IS 'nobody produces more than its capacity';
COMMENT ON CONSTRAINT producer_check1 ON smartgrid.producer IS 'nobody has more to sell than it has produced';
COMMENT ON CONSTRAINT consumer_check ON smartgrid.consumer IS 'nobody consumes more at once than its limit';
COMMENT ON CONSTRAINT storage_check ON smartgrid.storage IS 'no facility holds more than its capacity';
COMMENT ON CONSTRAINT trade_parties_check ON smartgrid.trade IS 'nobody trades with itself';
COMMENT ON CONSTRAINT trade_closed_check ON smartgrid.trade IS 'a trade is closed at infinity as long as it is pending, and only then';
COMMENT ON CONSTRAINT block_range_check ON smartgrid.block IS 'a block begins before it ends, with room for its entries';
COMMENT ON CONSTRAINT block_totals_check ON smartgrid.block IS 'every total is a number';

COMMENT ON POLICY everyone ON smartgrid.grid IS 'grids are public; views leave out what is not';
COMMENT ON POLICY everyone ON smartgrid.price_event IS 'the price history is public';
COMMENT ON POLICY everyone ON smartgrid.block IS 'blocks are public: they are evidence';
COMMENT ON POLICY grid_readers ON smartgrid.pool IS 'for operators of the grid and auditors; sums are public through functions';
COMMENT ON POLICY grid_readers ON smartgrid.metrics IS 'for operators of the grid and auditors';
COMMENT ON POLICY own_or_grid_reader ON smartgrid.participant IS 'one''s own; all for operators of the grid and auditors';
COMMENT ON POLICY own_or_grid_reader ON smartgrid.producer IS 'one''s own; all for operators of the grid and auditors';
COMMENT ON POLICY own_or_grid_reader ON smartgrid.consumer IS 'one''s own; all for operators of the grid and auditors';
COMMENT ON POLICY own_or_grid_reader ON smartgrid.storage IS 'one''s own; all for operators of the grid and auditors';
COMMENT ON POLICY party_or_grid_reader ON smartgrid.trade IS 'what one sells or buys; all for operators of the grid and auditors';
COMMENT ON POLICY party_or_grid_reader ON smartgrid.ledger IS 'what one is a party of; all for operators of the grid and auditors';

COMMENT ON TRIGGER replace_seed_row ON smartgrid.grid IS 'a restored row replaces the one that CREATE EXTENSION made';
COMMENT ON TRIGGER replace_seed_row ON smartgrid.price_event IS 'a restored row replaces the one that CREATE EXTENSION made';
COMMENT ON TRIGGER note_change ON smartgrid.grid IS 'every session forgets what it keeps of the grids';
COMMENT ON TRIGGER note_change ON smartgrid.pool IS 'every session forgets which stripes it knows';
COMMENT ON TRIGGER note_change ON smartgrid.participant IS 'every session forgets which participants it knows';
