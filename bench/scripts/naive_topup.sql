\set i random(1, :participants)
SELECT naive.topup('c' || :i, 1) WHERE set_config('smartgrid.principal', 'c' || :i, true) <> '';
