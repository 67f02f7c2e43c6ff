\set i random(1, :participants)
SELECT naive.consume(1) WHERE set_config('smartgrid.principal', 'c' || :i, true) <> '';
