-- The report page: its one style sheet, which the Content-Security-Policy names by its hash.
--
-- The colours of the energy types can be told apart with every common kind of
-- colour blindness (after Okabe and Ito), and each has a contrast of 3 : 1 or
-- more to the page in light and dark.

CREATE FUNCTION smartgrid.report_style() RETURNS smartgrid.report_html
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT ROW($css$
:root {
  color-scheme: light dark;
  --page: #f4f6f8; --card: #ffffff; --ink: #17212b; --quiet: #55616d; --line: #d9dfe5; --rail: #e8ecf0; --accent: #0b5c8e;
  --good: #0b6b43; --good-back: #e2f3ea; --bad: #a3181f; --bad-back: #fce8e8; --warn: #7a4a00; --warn-back: #fdf0d8;
  --@type:name@: @type:light@;
  --demand: #17212b; --load: #0b5c8e; --price: #6b4fa0; --charge: #0b7f86; --discharge: #b8620a;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #10161c; --card: #182029; --ink: #e8edf2; --quiet: #a3afba; --line: #313c47; --rail: #2a343e; --accent: #6db8e8;
    --good: #62d29b; --good-back: #123323; --bad: #ff9b9b; --bad-back: #431a1d; --warn: #f2c060; --warn-back: #3a2c10;
    --@type:name@: @type:dark@;
    --demand: #ffffff; --load: #6db8e8; --price: #b9a1ea; --charge: #4cc3ca; --discharge: #f0a45a;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
main, header.top, footer { max-width: 1120px; margin: 0 auto; padding: 0 24px; }
header.top { padding-top: 36px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; background: var(--card); padding: 8px; }
a { color: var(--accent); }
.mark { display: flex; align-items: center; gap: 8px; margin: 0 0 8px; color: var(--quiet); font-size: 13px; letter-spacing: .04em; }
.mark path { fill: none; stroke: var(--accent); stroke-width: 2; }
.mark circle { fill: var(--accent); }
h1 { font-size: 34px; line-height: 1.15; font-weight: 650; letter-spacing: -.01em; margin: 0 0 6px; overflow-wrap: anywhere; }
.lead { font-size: 19px; margin: 0 0 16px; color: var(--quiet); }
h2 { font-size: 26px; line-height: 1.2; font-weight: 650; margin: 0 0 4px; overflow-wrap: anywhere; }
h3 { font-size: 18px; font-weight: 650; margin: 36px 0 12px; padding-top: 12px; border-top: 1px solid var(--line); }
h4 { font-size: 15px; font-weight: 600; margin: 0; }
.facts { display: flex; flex-wrap: wrap; gap: 8px 32px; margin: 0 0 20px; }
.facts div { min-width: 0; }
dt { font-size: 12px; color: var(--quiet); }
dl.box { columns: 2 400px; column-gap: 40px; } dl.box > div { margin: 0 0 8px; break-inside: avoid; } dl.box dt { font-size: 14px; font-weight: 600; color: inherit; }
dd { margin: 0; overflow-wrap: anywhere; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; list-style: none; margin: 0; padding: 10px 0; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
header + main > nav.here { margin-bottom: 24px; }
.pills { margin: 4px 0 10px; }
section.grid { margin: 20px 0 0; }
section.grid + section.grid { margin-top: 64px; padding-top: 32px; border-top: 3px solid var(--line); }
.cards { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 14px; margin: 16px 0; padding: 0; list-style: none; }
.cards li { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px 12px; min-width: 0; }
.cards b { display: block; font-size: 13px; font-weight: 500; color: var(--quiet); }
.cards strong { display: block; font-size: 25px; line-height: 1.3; font-weight: 650; letter-spacing: -.01em; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.cards strong small { display: inline-block; font-size: 14px; font-weight: 500; color: var(--quiet); letter-spacing: 0; }
.cards span { display: block; font-size: 13px; color: var(--quiet); }
.two { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 14px; }
.two > * { min-width: 0; } .two > :only-child { grid-column: 1 / -1; }
#definitions { margin-top: 48px; } #definitions h2 { margin-bottom: 12px; }
.chart, .box { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px; margin: 0 0 14px; }
.box p { margin: 0 0 8px; }
.box > :last-child, .chart > :last-child { margin-bottom: 0; }
figcaption { margin: 0 0 10px; }
.unit { display: block; font-size: 12px; color: var(--quiet); margin-top: 6px; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; list-style: none; margin: 6px 0 0; padding: 0; font-size: 13px; }
.legend svg { margin-right: 6px; vertical-align: -1px; overflow: visible; }
.plot { padding: 8px 18px 0 58px; }
svg.frame { display: block; overflow: visible; }
.axis line { stroke: var(--line); }
.axis .zero, .axis .tick { stroke: var(--quiet); }
.axis text { font-size: 12px; fill: var(--quiet); text-anchor: middle; font-variant-numeric: tabular-nums; }
.axis text.y { text-anchor: end; }
.two > :not(:only-child) .minor { display: none; }
.note { font-size: 12px; font-weight: 600; fill: var(--ink); } .halo { stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
.note.end { text-anchor: end; } .note.middle { text-anchor: middle; }
.dot { fill: var(--card); stroke: var(--ink); stroke-width: 2; }
.marks { overflow: visible; }
.fill-@type:name@ { fill: var(--@type:name@); }
.fill-charge { fill: var(--charge); } .fill-discharge { fill: var(--discharge); } .fill-use { fill: var(--accent); }
.fill-load { fill: var(--load); opacity: .16; } .fill-price { fill: var(--price); opacity: .22; } .fill-emergency { fill: var(--bad); opacity: .2; }
.fill-shared { fill: var(--good); } .fill-from-grid { fill: var(--quiet); } .fill-to-grid { fill: var(--discharge); }
.heat { fill: var(--load); shape-rendering: crispEdges; } .heat-0 { fill: var(--rail); }
.heat-1 { opacity: .18; } .heat-2 { opacity: .3; } .heat-3 { opacity: .42; } .heat-4 { opacity: .54; } .heat-5 { opacity: .66; } .heat-6 { opacity: .78; } .heat-7 { opacity: .9; }
.line-demand, .line-load, .line-price, .line-base, .line-mark { fill: none; stroke-width: 2; stroke-linejoin: round; }
.line-demand { stroke: var(--demand); } .line-load { stroke: var(--load); } .line-price { stroke: var(--price); }
.line-base { stroke: var(--quiet); stroke-width: 1.5; stroke-dasharray: 5 4; }
.line-mark { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 2 3; }
.hints rect { fill: var(--ink); fill-opacity: 0; } .hints rect:hover { fill-opacity: .1; }
.table { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 18px; margin: 0 0 14px; }
.box .table, details .table { border: 0; padding: 0; margin: 8px 0 0; border-radius: 0; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; font-size: 15px; padding: 0 0 6px; }
th, td { text-align: left; vertical-align: top; padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
th { font-weight: 500; } thead th { font-size: 12px; color: var(--quiet); vertical-align: bottom; }
tbody th { overflow-wrap: anywhere; min-width: 6em; } tbody th > b { display: block; font-weight: 500; }
td.n, th.n { text-align: right; white-space: nowrap; } th.n { white-space: normal; } td.n wbr { display: none; }
td.b, th.b { min-width: 90px; width: 18%; } td.b .bar { margin-top: .45em; }
th:last-child, td:last-child { padding-right: 0; }
.bar { display: block; width: 100%; height: 8px; border-radius: 4px; } .rail { fill: var(--rail); }
.quiet { color: var(--quiet); } td .quiet, th .quiet { font-size: 13px; }
.pill { display: inline-block; border-radius: 99px; padding: 1px 12px; font-size: 13px; font-weight: 600; }
.good { color: var(--good); background: var(--good-back); } .bad { color: var(--bad); background: var(--bad-back); } .warn { color: var(--warn); background: var(--warn-back); }
code { font: 13px/1.5 ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
details { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 10px 18px; margin: 0 0 14px; }
.box details { border: 0; padding: 0; margin: 0; }
summary { cursor: pointer; font-weight: 600; font-size: 15px; }
footer { padding-top: 28px; padding-bottom: 40px; color: var(--quiet); font-size: 13px; }
@media (max-width: 860px) {
  .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .two { grid-template-columns: minmax(0, 1fr); gap: 0; }
}
@media (max-width: 560px) {
  main, header.top, footer { padding-left: 14px; padding-right: 14px; }
  header.top { padding-top: 20px; }
  h1 { font-size: 27px; } .lead { font-size: 17px; }
  .cards { gap: 10px; } .cards li { padding: 10px 12px; } .cards strong { font-size: 20px; }
  .chart, .box, .table, details { padding: 12px; } td.b, th.b { display: none; } th, td { padding-right: 8px; }
  .plot { padding: 6px 10px 0 46px; } .axis text { font-size: 11px; } .axis .minor { display: none; }
}
@media print {
  @page { size: A4; margin: 14mm; }
  body { background: #fff; font-size: 9.5pt; line-height: 1.4; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main, header.top, footer { max-width: none; padding: 0; }
  nav.here, .skip, details:not([open]), .two td.b, .two th.b { display: none; }
  h1 { font-size: 20pt; } h2 { font-size: 15pt; } h3 { font-size: 12pt; margin: 14px 0 8px; padding-top: 8px; } h4, caption, summary { font-size: 10pt; }
  .facts { gap: 2px 24px; margin: 0 0 8px; } .pills { margin: 2px 0 6px; } section.grid { margin: 8px 0 0; } footer { padding-top: 10px; }
  .cards { grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 8px; margin: 8px 0; } .cards li { padding: 7px 10px; } .cards strong { font-size: 13pt; }
  .cards b, .cards span, .cards strong small { font-size: 8pt; }
  .two { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px; } .chart, .box, .table { padding: 8px 12px; margin-bottom: 8px; }
  .two .plot { padding-left: 40px; padding-right: 12px; }
  table, .legend, dl.box { font-size: 8.5pt; } th, td { padding: 3px 8px 3px 0; } td .quiet, th .quiet, code { font-size: 8pt; }
  td.n { white-space: normal; } td.n wbr { display: inline; } td:not(.n) { overflow-wrap: anywhere; }
  details table { font-size: 7.5pt; } details thead th { font-size: 7pt; } details th, details td { padding-right: 5px; }
  .chart, .box, .table, .cards li, tr { break-inside: avoid; } h2, h3, h4, caption { break-after: avoid; } .table { overflow: visible; }
  section.grid + section.grid { break-before: page; border: 0; margin: 0; padding: 0; }
  a { color: inherit; text-decoration: none; }
}
$css$)::smartgrid.report_html;
END;
COMMENT ON FUNCTION smartgrid.report_style() IS 'the style sheet of the report';
