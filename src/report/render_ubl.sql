-- Documents as UBL 2.1 for EN 16931: what is tax law's, and nothing else. Amounts of a credit note have the opposite sign;
-- a price is never below 0, so the sign is the quantity's.

CREATE FUNCTION smartgrid.render_ubl_party(party jsonb, is_seller boolean, is_outside boolean, needs_number boolean) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- Outside of VAT there may be no VAT id; a seller is identified by something, always.
    SELECT smartgrid.report_fill('<cac:Party>{{id|<cac:PartyIdentification><cbc:ID>|</cbc:ID></cac:PartyIdentification>}}<cac:PostalAddress>{{street|<cbc:StreetName>|</cbc:StreetName>}}'
        '{{city|<cbc:CityName>|</cbc:CityName>}}{{zip|<cbc:PostalZone>|</cbc:PostalZone>}}<cac:Country><cbc:IdentificationCode>{{country}}</cbc:IdentificationCode></cac:Country></cac:PostalAddress>'
        '{{vat_id|<cac:PartyTaxScheme><cbc:CompanyID>|</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>}}'
        '{{tax_id|<cac:PartyTaxScheme><cbc:CompanyID>|</cbc:CompanyID><cac:TaxScheme><cbc:ID>TAX</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>}}'
        '<cac:PartyLegalEntity><cbc:RegistrationName>{{name}}</cbc:RegistrationName></cac:PartyLegalEntity>'
        '{{email|<cac:Contact><cbc:ElectronicMail>|</cbc:ElectronicMail></cac:Contact>}}</cac:Party>',
        party - '{id,vat_id,tax_id}'::text[] || jsonb_strip_nulls(jsonb_build_object(
            'id', CASE WHEN is_seller AND NOT needs_number AND (is_outside OR NOT party ? 'vat_id') THEN COALESCE(party -> 'tax_id', party -> 'id') END,
            'vat_id', CASE WHEN NOT is_outside THEN party -> 'vat_id' END,
            'tax_id', CASE WHEN is_seller AND needs_number THEN party -> 'tax_id' END)));
END;
COMMENT ON FUNCTION smartgrid.render_ubl_party(jsonb, boolean, boolean, boolean)
    IS 'a party in UBL; is_outside: of VAT; needs_number: a seller without VAT id that needs another number';

CREATE FUNCTION smartgrid.render_ubl_amount(figure numeric, scale integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT round(figure, least(scale, 2))::text;
END;
COMMENT ON FUNCTION smartgrid.render_ubl_amount(numeric, integer) IS 'an amount, with two decimals at most';

-- What is counted, and its price: positive, and without VAT. Of several prices it is their mean.
CREATE FUNCTION smartgrid.render_ubl_lines(body jsonb, sign integer, element text, quantity_element text) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_fill('<cac:' || element || '><cbc:ID>{{place}}</cbc:ID>{{note|<cbc:Note>|</cbc:Note>}}<cbc:' || quantity_element || ' unitCode="{{unit}}">{{quantity}}</cbc:'
        || quantity_element || '><cbc:LineExtensionAmount currencyID="{{currency}}">{{net}}</cbc:LineExtensionAmount>'
        || '<cac:InvoicePeriod><cbc:StartDate>{{from}}</cbc:StartDate><cbc:EndDate>{{to}}</cbc:EndDate></cac:InvoicePeriod><cac:Item><cbc:Name>{{name}}</cbc:Name>'
        || '<cac:ClassifiedTaxCategory><cbc:ID>{{category}}</cbc:ID>{{rate|<cbc:Percent>|</cbc:Percent>}}<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item>'
        || '<cac:Price><cbc:PriceAmount currencyID="{{currency}}">{{price}}</cbc:PriceAmount></cac:Price></cac:' || element || '>',
        jsonb_agg(jsonb_strip_nulls(jsonb_build_object('place', l.place, 'currency', body -> 'currency', 'from', l.o -> 'from', 'to', l.o -> 'to', 'category', l.o -> 'category',
            'rate', trim_scale((l.o ->> 'rate')::numeric)::text, 'name', concat_ws(', ', l.o ->> 'component', l.o ->> 'point'),
            'note', CASE WHEN l.o ->> 'quality' <> 'measured' THEN smartgrid.render_words(body ->> 'language') -> ('t_' || (l.o ->> 'quality')) END,
            'net', smartgrid.render_ubl_amount(sign * n.net, (body ->> 'money_scale')::integer),
            'unit', CASE WHEN NOT q.counts THEN 'C62' WHEN l.o ->> 'unit' = 'kWh' THEN 'KWH' WHEN l.o ->> 'unit' = 'kW' THEN 'KWT' ELSE 'C62' END,
            'quantity', trim_scale(CASE WHEN NOT q.counts THEN sign * sign(n.net) WHEN p.price < 0 THEN - sign * n.quantity ELSE sign * n.quantity END)::text,
            'price', trim_scale(CASE WHEN q.counts THEN abs(p.price) ELSE abs(n.net) END)::text)) ORDER BY l.place))
    FROM jsonb_array_elements(body -> 'lines') WITH ORDINALITY AS l (o, place)
         CROSS JOIN LATERAL (SELECT (l.o ->> 'net')::numeric, (l.o ->> 'quantity')::numeric, (l.o ->> 'price')::numeric) AS n (net, quantity, price)
         CROSS JOIN LATERAL (SELECT n.quantity <> 0 AND l.o ->> 'unit' <> '%') AS q (counts)
         CROSS JOIN LATERAL (SELECT CASE WHEN NOT q.counts THEN n.net WHEN n.price IS NULL THEN round(n.net / n.quantity, 12)
                                         WHEN l.o ? 'gross' THEN round(n.price * 100 / (100 + COALESCE((l.o ->> 'rate')::numeric, 0)), 12) ELSE n.price END) AS p (price);
END;
COMMENT ON FUNCTION smartgrid.render_ubl_lines(jsonb, integer, text, text) IS 'the lines of a document in UBL; sign: -1 in a credit note';

CREATE FUNCTION smartgrid.render_ubl_groups(body jsonb, sign integer) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_fill('<cac:TaxSubtotal><cbc:TaxableAmount currencyID="{{currency}}">{{net}}</cbc:TaxableAmount><cbc:TaxAmount currencyID="{{currency}}">{{vat}}</cbc:TaxAmount>'
        '<cac:TaxCategory><cbc:ID>{{category}}</cbc:ID>{{rate|<cbc:Percent>|</cbc:Percent>}}{{why|<cbc:TaxExemptionReason>|</cbc:TaxExemptionReason>}}'
        '<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal>',
        jsonb_agg(jsonb_strip_nulls(jsonb_build_object('currency', body -> 'currency', 'category', g.o -> 'category', 'rate', trim_scale((g.o ->> 'rate')::numeric)::text,
            'net', smartgrid.render_ubl_amount(sign * (g.o ->> 'net')::numeric, (body ->> 'money_scale')::integer),
            'vat', smartgrid.render_ubl_amount(sign * (g.o ->> 'vat')::numeric, (body ->> 'money_scale')::integer),
            'why', CASE WHEN g.o ->> 'category' IN ('E', 'AE', 'O') THEN smartgrid.render_words(body ->> 'language') -> ('t_' || (g.o ->> 'category')) END)) ORDER BY g.place))
    FROM jsonb_array_elements(body -> 'groups') WITH ORDINALITY AS g (o, place);
END;
COMMENT ON FUNCTION smartgrid.render_ubl_groups(jsonb, integer) IS 'the VAT groups of a document in UBL; sign: -1 in a credit note';

-- What EN 16931 cannot say, in words; NULL: nothing.
CREATE FUNCTION smartgrid.render_ubl_lacks(body jsonb) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN NOT body ? 'type' THEN 'a statement is no tax document'
                WHEN NOT body -> 'issuer' ? 'country' THEN 'the issuer has no country'
                WHEN body -> 'groups' @> '[{"category": "O"}]' AND jsonb_array_length(body -> 'groups') > 1 THEN 'what is outside of VAT stands beside other VAT groups'
                WHEN (body -> 'groups' @> '[{"category": "Z"}]' OR body -> 'groups' @> '[{"category": "E"}]')
                     AND NOT body -> CASE body ->> 'side' WHEN 'charge' THEN 'issuer' ELSE 'participant' END ?| '{vat_id,tax_id}'
                     THEN 'who sells has neither vat_id nor tax_id, which VAT groups Z and E need'
                WHEN EXISTS (SELECT FROM jsonb_array_elements(body -> 'lines' || (body -> 'groups')) AS a (o)
                             WHERE min_scale((a.o ->> 'net')::numeric) > 2 OR min_scale((a.o ->> 'vat')::numeric) > 2)
                     THEN 'an amount has more than two decimals' END;
END;
COMMENT ON FUNCTION smartgrid.render_ubl_lacks(jsonb) IS 'why a document is none of EN 16931; NULL: it is one';

CREATE FUNCTION smartgrid.render_ubl(body jsonb) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    is_credit CONSTANT boolean := body ->> 'kind' IN ('credit_note', 'self_billed_credit_note');
    root CONSTANT text := CASE WHEN is_credit THEN 'CreditNote' ELSE 'Invoice' END;
    sign CONSTANT integer := CASE WHEN is_credit THEN -1 ELSE 1 END;
    scale CONSTANT integer := body ->> 'money_scale';
    words CONSTANT jsonb := smartgrid.render_words(body ->> 'language');
    seller CONSTANT text := CASE body ->> 'side' WHEN 'charge' THEN 'issuer' ELSE 'participant' END;
    buyer CONSTANT text := CASE body ->> 'side' WHEN 'charge' THEN 'participant' ELSE 'issuer' END;
    is_outside CONSTANT boolean := body -> 'groups' @> '[{"category": "O"}]';
    lacks CONSTANT text := smartgrid.render_ubl_lacks(body);
BEGIN
    IF lacks IS NOT NULL THEN
        RAISE EXCEPTION 'document "%" has no form in UBL: %', body ->> 'number', lacks
            USING ERRCODE = 'SG108', HINT = 'Its other forms have all of it. What a party lacks is said by sg_set_party(), before a document is issued.';
    END IF;
    RETURN E'<?xml version="1.0" encoding="UTF-8"?>\n' || (smartgrid.report_fill(
        '<' || root || ' xmlns="urn:oasis:names:specification:ubl:schema:xsd:' || root || '-2"'
        || ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
        || '<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID><cbc:ID>{{number}}</cbc:ID><cbc:IssueDate>{{issue_date}}</cbc:IssueDate>'
        || CASE WHEN is_credit THEN '' ELSE '{{due_date|<cbc:DueDate>|</cbc:DueDate>}}' END
        || '<cbc:' || root || 'TypeCode>{{type}}</cbc:' || root || 'TypeCode>{{notes}}<cbc:DocumentCurrencyCode>{{currency}}</cbc:DocumentCurrencyCode>'
        || '<cac:InvoicePeriod><cbc:StartDate>{{first}}</cbc:StartDate><cbc:EndDate>{{last}}</cbc:EndDate></cac:InvoicePeriod>{{references}}'
        || '<cac:AccountingSupplierParty>{{seller}}</cac:AccountingSupplierParty><cac:AccountingCustomerParty>{{buyer}}</cac:AccountingCustomerParty>'
        || '{{account|<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>|</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>}}'
        || '<cac:TaxTotal><cbc:TaxAmount currencyID="{{currency}}">{{vat}}</cbc:TaxAmount>{{groups}}</cac:TaxTotal>'
        || '<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="{{currency}}">{{net}}</cbc:LineExtensionAmount>'
        || '<cbc:TaxExclusiveAmount currencyID="{{currency}}">{{net}}</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="{{currency}}">{{gross}}</cbc:TaxInclusiveAmount>'
        || '<cbc:PayableAmount currencyID="{{currency}}">{{gross}}</cbc:PayableAmount></cac:LegalMonetaryTotal>{{lines}}</' || root || '>',
        jsonb_build_object('number', body -> 'number', 'issue_date', body -> 'issue_date', 'due_date', body -> 'due_date', 'type', body -> 'type',
            'currency', body -> 'currency', 'first', body #> '{period,from}', 'last', body #> '{period,to}',
            'notes', smartgrid.report_fill('<cbc:Note>{{note}}</cbc:Note>', (
                SELECT jsonb_agg(jsonb_build_object('note', n.note) ORDER BY n.place)
                FROM (VALUES (1, CASE WHEN buyer = 'issuer' THEN words -> 't_self_billed_note' END),
                             (2, CASE WHEN body -> 'groups' @> '[{"category": "AE"}]' THEN words -> 't_AE' END),
                             (3, body -> 'reason')) AS n (place, note)
                WHERE n.note IS NOT NULL)),
            'references', smartgrid.report_fill('<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{{number}}</cbc:ID><cbc:IssueDate>{{issue_date}}</cbc:IssueDate>'
                '</cac:InvoiceDocumentReference></cac:BillingReference>', NULLIF(body -> 'references', '[]')),
            'seller', smartgrid.render_ubl_party(body -> seller, true, is_outside, NOT is_outside AND NOT body -> seller ? 'vat_id'),
            'buyer', smartgrid.render_ubl_party(body -> buyer, false, is_outside, false),
            'account', body -> CASE WHEN is_credit THEN buyer ELSE seller END -> 'iban',
            'groups', smartgrid.render_ubl_groups(body, sign),
            'lines', smartgrid.render_ubl_lines(body, sign, root || 'Line', CASE WHEN is_credit THEN 'CreditedQuantity' ELSE 'InvoicedQuantity' END),
            'net', smartgrid.render_ubl_amount(sign * (body ->> 'net')::numeric, scale), 'vat', smartgrid.render_ubl_amount(sign * (body ->> 'vat')::numeric, scale),
            'gross', smartgrid.render_ubl_amount(sign * (body ->> 'gross')::numeric, scale)))).html || E'\n';
END
$$;
COMMENT ON FUNCTION smartgrid.render_ubl(jsonb) IS 'a document as UBL 2.1 for EN 16931; SG108 if that has no form for it';
