-- The fixed texts of documents, by language.
--
-- What is rendered stays what it is, byte for byte, for ever: a text that is here is never changed. One that has to be
-- worded anew gets a key of its own, and documents of an earlier form keep the old one. A language is a column of them all.
-- They are ASCII, as HTML and XML write text: a database of any encoding can have them.

CREATE FUNCTION smartgrid.document_texts() RETURNS TABLE (key text, language text, value text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
    SELECT t.key, l.language, l.value
    FROM (VALUES
        ('invoice', 'Invoice', 'Rechnung'),
        ('self_billed', 'Self-billed invoice', 'Gutschrift'),
        ('credit_note', 'Credit note', 'Rechnungskorrektur'),
        ('self_billed_credit_note', 'Self-billed credit note', 'Korrektur der Gutschrift'),
        ('statement', 'Statement', 'Abrechnung'),
        ('self_billed_note', 'Self-billed by the customer', 'Gutschrift: vom Leistungsempf&#228;nger ausgestellt'),
        ('statement_note', 'This statement is no invoice.', 'Diese Abrechnung ist keine Rechnung.'),
        ('from', 'From', 'Von'),
        ('to', 'To', 'An'),
        ('number', 'Number', 'Nummer'),
        ('issue_date', 'Date', 'Datum'),
        ('due_date', 'Due', 'F&#228;llig'),
        ('period', 'Period', 'Zeitraum'),
        ('references', 'Refers to', 'Bezieht sich auf'),
        ('cancels', 'Cancels', 'Storniert'),
        ('reason', 'Reason', 'Grund'),
        ('vat_id', 'VAT ID', 'UID'),
        ('tax_id', 'Tax number', 'Steuernummer'),
        ('iban', 'IBAN', 'IBAN'),
        ('no_point', 'Not of a metering point', 'Ohne Z&#228;hlpunkt'),
        ('point', 'Metering point', 'Z&#228;hlpunkt'),
        ('description', 'Description', 'Bezeichnung'),
        ('tier', 'tier', 'Stufe'),
        ('quantity', 'Quantity', 'Menge'),
        ('price', 'Price', 'Preis'),
        ('net', 'Net', 'Netto'),
        ('vat', 'VAT', 'USt'),
        ('gross', 'Gross', 'Brutto'),
        ('group', 'VAT group', 'Steuersatz'),
        ('total', 'Total', 'Summe'),
        ('to_pay', 'To be paid', 'Zu zahlen'),
        ('to_receive', 'To be paid out', 'Wird ausbezahlt'),
        ('to_credit', 'In your favour', 'Zu Ihren Gunsten'),
        ('to_charge', 'In favour of the community', 'Zu Gunsten der Gemeinschaft'),
        ('gross_price', 'price with VAT', 'Preis inkl. USt'),
        ('piece', 'pcs.', 'Stk.'),
        ('S', 'Standard rate', 'Normalsatz'),
        ('Z', 'Zero rated', 'Nullsatz'),
        ('E', 'Exempt from VAT', 'Steuerbefreit'),
        ('AE', 'Reverse charge', 'Reverse charge: die Steuerschuld geht auf den Leistungsempf&#228;nger &#252;ber'),
        ('O', 'Not subject to VAT', 'Nicht steuerbar'),
        ('quality', 'Quality of the readings', 'G&#252;te der Messwerte'),
        ('measured', 'measured', 'gemessen'),
        ('substituted', 'substituted', 'ersetzt'),
        ('estimated', 'estimated', 'gesch&#228;tzt'),
        ('calculated', 'calculated', 'berechnet'),
        ('missing', 'missing', 'fehlend'),
        ('community', 'Your share of the community', 'Ihr Anteil an der Gemeinschaft'),
        ('consumed', 'Consumed', 'Verbraucht'),
        ('covered', 'From the community', 'Aus der Gemeinschaft'),
        ('rest', 'From elsewhere', 'Von anderen'),
        ('self_sufficiency', 'Self-sufficiency', 'Autarkie'),
        ('produced', 'Produced', 'Erzeugt'),
        ('delivered', 'Taken by the community', 'An die Gemeinschaft'),
        ('surplus', 'Not taken', '&#220;berschuss'),
        ('page', 'Page', 'Seite'),
        ('digest', 'SHA-256 of this document', 'SHA-256 dieses Dokuments'),
        ('decimal', '.', ','),
        ('thousands', ',', '.'),
        ('date', 'FMDD Mon YYYY', 'DD.MM.YYYY')
    ) AS t (key, en, de)
    CROSS JOIN LATERAL (VALUES ('en', t.en), ('de', t.de)) AS l (language, value);
END;
COMMENT ON FUNCTION smartgrid.document_texts() IS 'the fixed texts of documents, a row for each and language, as HTML and XML write text';

CREATE FUNCTION smartgrid.document_languages() RETURNS SETOF text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 2
BEGIN ATOMIC
    SELECT DISTINCT t.language FROM smartgrid.document_texts() AS t;
END;
COMMENT ON FUNCTION smartgrid.document_languages() IS 'the languages that documents are written in, as parties name them';
