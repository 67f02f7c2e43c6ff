\set seller random(1, :participants)
\set buyer 1 + (:seller + random(0, :participants - 2)) % :participants
SELECT naive.create_trade('c' || :buyer, 1, 100) AS trade WHERE set_config('smartgrid.principal', 'c' || :seller, true) <> '' \gset
SELECT naive.complete_trade(:trade) WHERE set_config('smartgrid.principal', 'c' || :buyer, true) <> '';
