-- Documents: invoices, credit notes and statements of a run, each for one participant and side. What a document says is
-- frozen on the day of issue as one object of JSON (src/settlement/document_draft.sql), whose digest the ledger has.

-- Kinds. type: code of UNTDID 1001 as EN 16931 has it, NULL: it is no tax document; prefix: unless the issuer's party says
-- another; opposite: of what cancels it; side and negative: what it is of.
CREATE FUNCTION smartgrid.document_kinds()
    RETURNS TABLE (kind smallint, name text, type integer, prefix text, opposite smallint, side smallint, negative boolean)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 5
BEGIN ATOMIC
    SELECT k.kind::smallint, k.name, k.type, k.prefix, k.opposite::smallint, k.side::smallint, k.negative
    FROM (VALUES (0, 'invoice', 380, 'R', 2, 0, false),
                 (1, 'self_billed', 389, 'G', 3, 1, false),
                 (2, 'credit_note', 381, 'K', 0, 0, true),
                 (3, 'self_billed_credit_note', 261, 'L', 1, 1, true),
                 (4, 'statement', NULL, 'A', 4, 1, NULL)) AS k (kind, name, type, prefix, opposite, side, negative);
END;
COMMENT ON FUNCTION smartgrid.document_kinds() IS 'the kinds of documents';

CREATE FUNCTION smartgrid.document_kind(kind smallint) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT k.name FROM smartgrid.document_kinds() AS k WHERE k.kind = document_kind.kind;
END;
COMMENT ON FUNCTION smartgrid.document_kind(smallint) IS 'name of a kind of documents';

CREATE SEQUENCE smartgrid.document_id_seq;
COMMENT ON SEQUENCE smartgrid.document_id_seq IS 'ids of documents, of all grids together; their numbers are others';

CREATE TABLE smartgrid.document (
    document_id bigint NOT NULL DEFAULT pg_catalog.nextval('smartgrid.document_id_seq') PRIMARY KEY,
    run_id bigint NOT NULL,
    participant_id bigint NOT NULL,
    entry_id bigint NOT NULL,
    cancels_id bigint NOT NULL,
    sequence bigint NOT NULL CHECK (sequence > 0),
    net bigint NOT NULL,
    vat bigint NOT NULL,
    gross bigint NOT NULL,
    grid_id integer NOT NULL,
    year integer NOT NULL,
    issue_date date NOT NULL,
    kind smallint NOT NULL CHECK (smartgrid.document_kind(kind) IS NOT NULL),
    side smallint NOT NULL CHECK (side IN (0, 1)),
    number text COLLATE "C" NOT NULL,
    prefix text COLLATE "C" NOT NULL,
    digest bytea NOT NULL CHECK (pg_catalog.octet_length(digest) = 32),
    body json NOT NULL,
    CONSTRAINT document_number_key UNIQUE (grid_id, number),
    CONSTRAINT document_sequence_key UNIQUE (grid_id, prefix, year, sequence),
    CONSTRAINT document_check CHECK (gross <> 0 AND gross = net + vat)
);
ALTER SEQUENCE smartgrid.document_id_seq OWNED BY smartgrid.document.document_id;
COMMENT ON TABLE smartgrid.document IS 'invoices, credit notes and statements, as they were issued';
COMMENT ON COLUMN smartgrid.document.document_id IS 'id, which its ledger entry has as trade_id';
COMMENT ON COLUMN smartgrid.document.run_id IS 'the run that it is of';
COMMENT ON COLUMN smartgrid.document.participant_id IS 'the participant that it is for';
COMMENT ON COLUMN smartgrid.document.entry_id IS 'the ledger entry that books it and has its digest';
COMMENT ON COLUMN smartgrid.document.cancels_id IS 'id of the document that it cancels; 0: none';
COMMENT ON COLUMN smartgrid.document.sequence IS 'the last part of its number: one more than that of the one before with the same prefix in the year';
COMMENT ON COLUMN smartgrid.document.net IS 'sum without VAT, money units; below 0 where it takes back what a document of its side said';
COMMENT ON COLUMN smartgrid.document.vat IS 'VAT, money units, with the same sign';
COMMENT ON COLUMN smartgrid.document.gross IS 'net + vat';
COMMENT ON COLUMN smartgrid.document.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.document.year IS 'year of the date of issue';
COMMENT ON COLUMN smartgrid.document.issue_date IS 'date of issue';
COMMENT ON COLUMN smartgrid.document.kind IS 'code of the kind, see smartgrid.document_kinds()';
COMMENT ON COLUMN smartgrid.document.side IS '0: of what the participant pays, 1: of what it is paid';
COMMENT ON COLUMN smartgrid.document.number IS 'number: prefix, year and sequence; unique in the grid';
COMMENT ON COLUMN smartgrid.document.prefix IS 'the first part of its number';
COMMENT ON COLUMN smartgrid.document.digest IS 'SHA-256 of its body in UTF-8';
COMMENT ON COLUMN smartgrid.document.body IS 'all that it says, as one object; its text is what the digest is of';
COMMENT ON CONSTRAINT document_number_key ON smartgrid.document IS 'numbers are unique in a grid';
COMMENT ON CONSTRAINT document_sequence_key ON smartgrid.document IS 'of a prefix and year, each is one number';
COMMENT ON CONSTRAINT document_check ON smartgrid.document IS 'it is about something, and gross is net and VAT';
CREATE INDEX document_run_idx ON smartgrid.document (run_id, participant_id);
COMMENT ON INDEX smartgrid.document_run_idx IS 'finds the documents of a run';
CREATE INDEX document_participant_idx ON smartgrid.document (participant_id);
COMMENT ON INDEX smartgrid.document_participant_idx IS 'finds the documents of a participant';
CREATE UNIQUE INDEX document_cancels_idx ON smartgrid.document (cancels_id) WHERE cancels_id > 0;
COMMENT ON INDEX smartgrid.document_cancels_idx IS 'a document is cancelled once';
ALTER TABLE smartgrid.document REPLICA IDENTITY FULL;

CREATE TABLE smartgrid.document_number (
    grid_id integer NOT NULL,
    year integer NOT NULL,
    first bigint NOT NULL CHECK (first > 0),
    last bigint NOT NULL,
    prefix text COLLATE "C" NOT NULL,
    PRIMARY KEY (grid_id, prefix, year),
    CONSTRAINT document_number_check CHECK (last >= first - 1)
);
COMMENT ON TABLE smartgrid.document_number IS 'counters of document numbers, which have no gaps: what a transaction that fails took is given again';
COMMENT ON COLUMN smartgrid.document_number.grid_id IS 'the grid';
COMMENT ON COLUMN smartgrid.document_number.year IS 'year of the date of issue';
COMMENT ON COLUMN smartgrid.document_number.first IS 'the first sequence of the year';
COMMENT ON COLUMN smartgrid.document_number.last IS 'the last one that was given';
COMMENT ON COLUMN smartgrid.document_number.prefix IS 'with what the numbers begin';
COMMENT ON CONSTRAINT document_number_check ON smartgrid.document_number IS 'it counts up';

ALTER TABLE smartgrid.document ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_grid_reader ON smartgrid.document FOR SELECT
    USING (participant_id = ANY ((SELECT smartgrid.own_participants())::bigint[])
           OR grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY own_or_grid_reader ON smartgrid.document IS 'one''s own; all for operators of the grid and auditors';
ALTER TABLE smartgrid.document_number ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_reader ON smartgrid.document_number FOR SELECT USING (grid_id = ANY ((SELECT smartgrid.readable_grids())::integer[]));
COMMENT ON POLICY grid_reader ON smartgrid.document_number IS 'operators of the grid and auditors';

CREATE VIEW @extschema@.sg_documents WITH (security_invoker = true) AS
SELECT g.name AS grid, d.number, smartgrid.document_kind(d.kind) AS kind, d.run_id AS run,
       b.body #>> '{participant,id}' AS participant, smartgrid.run_side(d.side) AS side, d.issue_date, (b.body ->> 'due_date')::date AS due_date,
       (b.body #>> '{period,from}')::date AS first_day, (b.body #>> '{period,to}')::date AS last_day,
       d.net, d.vat, d.gross, (b.body ->> 'net')::numeric AS net_currency, (b.body ->> 'vat')::numeric AS vat_currency,
       (b.body ->> 'gross')::numeric AS gross_currency, b.body ->> 'currency' AS currency,
       b.body #>> '{cancels,number}' AS cancels, b.body ->> 'reason' AS reason,
       (SELECT c.number FROM smartgrid.document AS c WHERE c.cancels_id = d.document_id AND c.cancels_id > 0) AS cancelled_by,
       b.body -> 'issuer' AS issuer, b.body -> 'participant' AS party, pg_catalog.encode(d.digest, 'hex') AS digest, d.entry_id,
       d.document_id
FROM smartgrid.document AS d
     JOIN smartgrid.grid AS g ON g.grid_id = d.grid_id
     CROSS JOIN LATERAL (SELECT d.body::jsonb) AS b (body);
COMMENT ON VIEW @extschema@.sg_documents
    IS 'documents as they were issued: one''s own; all for operators of the grid and auditors';
COMMENT ON COLUMN @extschema@.sg_documents.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_documents.number IS 'number (key, with grid)';
COMMENT ON COLUMN @extschema@.sg_documents.kind IS 'invoice, self_billed, credit_note, self_billed_credit_note or statement';
COMMENT ON COLUMN @extschema@.sg_documents.run IS 'id of the run that it is of';
COMMENT ON COLUMN @extschema@.sg_documents.participant IS 'the participant, as the run calls it';
COMMENT ON COLUMN @extschema@.sg_documents.side IS 'charge: of what the participant pays, credit: of what it is paid';
COMMENT ON COLUMN @extschema@.sg_documents.issue_date IS 'date of issue';
COMMENT ON COLUMN @extschema@.sg_documents.due_date IS 'when it is to be paid; NULL: nothing is to be paid by it';
COMMENT ON COLUMN @extschema@.sg_documents.first_day IS 'first local day of the run';
COMMENT ON COLUMN @extschema@.sg_documents.last_day IS 'its last day';
COMMENT ON COLUMN @extschema@.sg_documents.net IS 'sum without VAT, money units; below 0 where it takes back what a document of its side said';
COMMENT ON COLUMN @extschema@.sg_documents.vat IS 'VAT, money units';
COMMENT ON COLUMN @extschema@.sg_documents.gross IS 'net + vat, money units';
COMMENT ON COLUMN @extschema@.sg_documents.net_currency IS 'sum without VAT, currency';
COMMENT ON COLUMN @extschema@.sg_documents.vat_currency IS 'VAT, currency';
COMMENT ON COLUMN @extschema@.sg_documents.gross_currency IS 'net + vat, currency';
COMMENT ON COLUMN @extschema@.sg_documents.currency IS 'the currency, ISO 4217';
COMMENT ON COLUMN @extschema@.sg_documents.cancels IS 'number of the document that it cancels';
COMMENT ON COLUMN @extschema@.sg_documents.reason IS 'why';
COMMENT ON COLUMN @extschema@.sg_documents.cancelled_by IS 'number of the document that cancels it; NULL: none does';
COMMENT ON COLUMN @extschema@.sg_documents.issuer IS 'the community, as it was on the day of issue';
COMMENT ON COLUMN @extschema@.sg_documents.party IS 'the participant, as it was on the day of issue: name, address, VAT id, IBAN and more';
COMMENT ON COLUMN @extschema@.sg_documents.digest IS 'SHA-256 of what sg_render_document() gives as json, which its ledger entry carries';
COMMENT ON COLUMN @extschema@.sg_documents.entry_id IS 'id of that ledger entry';
COMMENT ON COLUMN @extschema@.sg_documents.document_id IS 'id of the document, which that entry has as trade_id';

CREATE VIEW @extschema@.sg_document_lines WITH (security_invoker = true) AS
SELECT g.name AS grid, d.number, l.place::integer AS line, l.o ->> 'point' AS point, l.o ->> 'tariff' AS tariff, l.o ->> 'component' AS component,
       (l.o ->> 'from')::date AS first_day, (l.o ->> 'to')::date AS last_day, (l.o ->> 'tier')::integer AS tier,
       (l.o ->> 'quantity')::numeric AS quantity, l.o ->> 'unit' AS unit, (l.o ->> 'price')::numeric AS price,
       COALESCE((l.o ->> 'gross')::boolean, false) AS gross_price, (l.o ->> 'money')::numeric AS money_currency, (l.o ->> 'net')::numeric AS net_currency,
       l.o ->> 'category' AS vat_category, (l.o ->> 'rate')::numeric AS vat_rate,
       ARRAY(SELECT q.quality FROM jsonb_array_elements_text(l.o -> 'qualities') WITH ORDINALITY AS q (quality, n) ORDER BY q.n) AS qualities,
       l.o ->> 'quality' AS quality
FROM smartgrid.document AS d
     JOIN smartgrid.grid AS g ON g.grid_id = d.grid_id
     CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(d.body::jsonb -> 'lines') WITH ORDINALITY AS l (o, place);
COMMENT ON VIEW @extschema@.sg_document_lines IS 'lines of documents: of one''s own; all for operators of the grid and auditors';
COMMENT ON COLUMN @extschema@.sg_document_lines.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_document_lines.number IS 'number of the document';
COMMENT ON COLUMN @extschema@.sg_document_lines.line IS 'number of the line, from 1 (key, with grid and number)';
COMMENT ON COLUMN @extschema@.sg_document_lines.point IS 'the metering point; NULL: it is of none';
COMMENT ON COLUMN @extschema@.sg_document_lines.tariff IS 'the tariff';
COMMENT ON COLUMN @extschema@.sg_document_lines.component IS 'its component';
COMMENT ON COLUMN @extschema@.sg_document_lines.first_day IS 'first local day that it is about';
COMMENT ON COLUMN @extschema@.sg_document_lines.last_day IS 'the last one';
COMMENT ON COLUMN @extschema@.sg_document_lines.tier IS 'tier, from 1; NULL: it has none';
COMMENT ON COLUMN @extschema@.sg_document_lines.quantity IS 'how much: kWh, kW, pieces, or currency where the unit is %';
COMMENT ON COLUMN @extschema@.sg_document_lines.unit IS 'kWh, kW, piece or %';
COMMENT ON COLUMN @extschema@.sg_document_lines.price IS 'currency per unit; percent where the unit is %; NULL: there are several';
COMMENT ON COLUMN @extschema@.sg_document_lines.gross_price IS 'whether price and money include VAT';
COMMENT ON COLUMN @extschema@.sg_document_lines.money_currency IS 'money of the run''s line, currency';
COMMENT ON COLUMN @extschema@.sg_document_lines.net_currency IS 'of that, without VAT, currency';
COMMENT ON COLUMN @extschema@.sg_document_lines.vat_category IS 'VAT category of EN 16931: S, Z, E, AE or O';
COMMENT ON COLUMN @extschema@.sg_document_lines.vat_rate IS 'VAT rate, percent; NULL for category O';
COMMENT ON COLUMN @extschema@.sg_document_lines.qualities IS 'qualities of the intervals in it';
COMMENT ON COLUMN @extschema@.sg_document_lines.quality IS 'the one word for them; NULL: there are none';

CREATE VIEW @extschema@.sg_document_vat WITH (security_invoker = true) AS
SELECT g.name AS grid, d.number, v.o ->> 'category' AS vat_category, (v.o ->> 'rate')::numeric AS vat_rate,
       (v.o ->> 'net')::numeric AS net_currency, (v.o ->> 'vat')::numeric AS vat_currency, (v.o ->> 'gross')::numeric AS gross_currency
FROM smartgrid.document AS d
     JOIN smartgrid.grid AS g ON g.grid_id = d.grid_id
     CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(d.body::jsonb -> 'groups') AS v (o);
COMMENT ON VIEW @extschema@.sg_document_vat IS 'VAT groups of documents: of one''s own; all for operators of the grid and auditors';
COMMENT ON COLUMN @extschema@.sg_document_vat.grid IS 'the grid';
COMMENT ON COLUMN @extschema@.sg_document_vat.number IS 'number of the document';
COMMENT ON COLUMN @extschema@.sg_document_vat.vat_category IS 'VAT category of EN 16931: S, Z, E, AE or O (key, with grid, number and rate)';
COMMENT ON COLUMN @extschema@.sg_document_vat.vat_rate IS 'VAT rate, percent; NULL for category O';
COMMENT ON COLUMN @extschema@.sg_document_vat.net_currency IS 'sum of its lines without VAT, currency';
COMMENT ON COLUMN @extschema@.sg_document_vat.vat_currency IS 'VAT on it, currency';
COMMENT ON COLUMN @extschema@.sg_document_vat.gross_currency IS 'both, currency';

CREATE FUNCTION smartgrid.document_energy(grid_id integer, period_from timestamptz, period_to timestamptz, as_of timestamptz,
    OUT participant_id bigint, OUT consumed numeric, OUT covered numeric, OUT produced numeric, OUT delivered numeric)
    RETURNS SETOF record
    LANGUAGE c STABLE STRICT PARALLEL UNSAFE COST 100000 ROWS 1000 AS 'MODULE_PATHNAME', 'sg_document_energy';
COMMENT ON FUNCTION smartgrid.document_energy(integer, timestamptz, timestamptz, timestamptz)
    IS 'what each participant consumed, got of the community, produced and gave to it within a period, energy units';

CREATE FUNCTION @extschema@.sg_issue(run bigint, issue_date date DEFAULT CURRENT_DATE)
    RETURNS TABLE (number text, kind text, participant text, net bigint, vat bigint, gross bigint)
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'sg_issue';
COMMENT ON FUNCTION @extschema@.sg_issue(bigint, date)
    IS 'issues the documents of a final run to all who have none that is valid, one for each participant and side, and books them, money units (operator)';

CREATE FUNCTION @extschema@.sg_cancel_document(number text, reason text, issue_date date DEFAULT CURRENT_DATE) RETURNS text
    LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000 AS 'MODULE_PATHNAME', 'sg_cancel_document';
COMMENT ON FUNCTION @extschema@.sg_cancel_document(text, text, date)
    IS 'cancels a document by the opposite one, whose number it returns, and books that (operator)';
