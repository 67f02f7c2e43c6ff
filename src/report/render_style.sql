-- Documents: their one style sheet, for paper first.

CREATE FUNCTION smartgrid.render_style() RETURNS smartgrid.report_html
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT ROW($css$
:root { color-scheme: light; --ink: #17212b; --quiet: #55616d; --line: #d9dfe5; --soft: #f4f6f8; --accent: #0b5c8e; --warn: #7a4a00; --warn-back: #fdf0d8; }
* { box-sizing: border-box; }
body { margin: 0; background: #eceff2; color: var(--ink); font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
main { max-width: 800px; margin: 24px auto; padding: 48px 56px; background: #fff; box-shadow: 0 1px 4px rgba(0, 0, 0, .15); }
p { margin: 0; overflow-wrap: anywhere; }
.issuer { border-bottom: 2px solid var(--accent); padding-bottom: 10px; margin-bottom: 28px; }
.issuer b { display: block; font-size: 20px; line-height: 1.25; }
.issuer span { color: var(--quiet); font-size: 12px; }
.head { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 32px; margin-bottom: 28px; }
.to { font-style: normal; line-height: 1.5; overflow-wrap: anywhere; }
.to b { font-weight: 600; }
.to small { display: block; margin-top: 6px; color: var(--quiet); font-size: 12px; }
.label { display: block; font-size: 11px; color: var(--quiet); margin-bottom: 2px; }
h1 { font-size: 26px; line-height: 1.2; font-weight: 650; margin: 0 0 4px; overflow-wrap: anywhere; }
.number { font-size: 15px; color: var(--quiet); margin: 0 0 16px; overflow-wrap: anywhere; }
dl { margin: 0; display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 3px 16px; align-content: start; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
.text { margin: 16px 0; } .text p { margin: 0 0 6px; }
table { width: 100%; border-collapse: collapse; font-size: 13px; margin: 16px 0; }
th { text-align: start; font-weight: 600; } td, th { padding: 5px 0 5px 14px; vertical-align: top; }
td:first-child, th:first-child { padding-left: 0; overflow-wrap: anywhere; }
thead th { font-size: 11px; font-weight: 500; color: var(--quiet); border-bottom: 1px solid var(--line); vertical-align: bottom; }
tbody td { border-bottom: 1px solid var(--line); }
tr.point th { padding-top: 14px; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
tr.point small { color: var(--quiet); font-weight: 400; margin-right: 6px; }
.n { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
thead th.n { text-align: end; }
td small { display: block; color: var(--quiet); font-size: 11px; }
.mark { color: var(--warn); background: var(--warn-back); border-radius: 3px; padding: 0 4px; font-size: 11px; white-space: nowrap; }
.sums { width: auto; min-width: 62%; margin-inline-start: auto; }
.sums td, .sums th { border-bottom: 1px solid var(--line); }
.sums tr.total td, .sums tr.total th { font-weight: 650; border-bottom: 0; }
.sums tr.pay td, .sums tr.pay th { font-size: 17px; font-weight: 650; border: 0; border-top: 2px solid var(--ink); }
.pay-by { background: var(--soft); border-radius: 6px; padding: 12px 16px; margin: 16px 0; }
.figures { list-style: none; display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 10px; margin: 8px 0 16px; padding: 0; }
.figures li { border: 1px solid var(--line); border-radius: 6px; padding: 8px 12px; min-width: 0; }
.figures b { display: block; font-size: 11px; font-weight: 500; color: var(--quiet); overflow-wrap: anywhere; }
.figures span { font-size: 16px; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
h2 { font-size: 14px; margin: 24px 0 0; }
.note { color: var(--quiet); font-size: 12px; margin: 8px 0; }
footer { margin-top: 28px; padding-top: 10px; border-top: 1px solid var(--line); color: var(--quiet); font-size: 11px; }
footer code { font-family: ui-monospace, "Liberation Mono", monospace; font-size: 10px; overflow-wrap: anywhere; }
@media (max-width: 640px) {
  main { margin: 0; padding: 24px 16px; } .head { grid-template-columns: minmax(0, 1fr); gap: 20px; } .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  table { font-size: 12px; } td, th { padding-left: 8px; } .sums { width: 100%; } .n { white-space: normal; overflow-wrap: anywhere; }
}
@media print {
  @page { size: A4; margin: 18mm 16mm 18mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #55616d; } }
  body { background: #fff; font-size: 9.5pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main { max-width: none; margin: 0; padding: 0; box-shadow: none; }
  table { font-size: 8.5pt; } thead { display: table-header-group; } td, th { padding-top: 3px; padding-bottom: 3px; }
  tr, .pay-by, .sums, .figures, .figures li, footer { break-inside: avoid; } tr.point, h2 { break-after: avoid; }
  .figures span { font-size: 11pt; } h1 { font-size: 18pt; }
}
$css$)::smartgrid.report_html;
END;
COMMENT ON FUNCTION smartgrid.render_style() IS 'the style sheet of documents';
