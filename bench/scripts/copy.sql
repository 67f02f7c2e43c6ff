COPY bench.ledger (participant_id, counterparty_id, energy, price, money, trade_id, at, booked_at, grid_id, kind) FROM :file;
