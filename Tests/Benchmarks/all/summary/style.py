"""How the page looks: on a telephone, on a wall, on paper, by day and by night."""

# Blue and orange are those of Okabe and Ito, which people tell apart whatever colours they see; and what
# is missed has stripes and a word as well.
CSS = """
:root { color-scheme: light dark;
  --ink: #1b1f24; --quiet: #57606a; --paper: #ffffff; --card: #f6f8fa; --line: #d0d7de;
  --met: #0072b2; --missed: #d55e00; --met-ink: #00507d; --missed-ink: #9a3f00; --warn-card: #fdf3e6;
  --track: #e7ebef; }
@media screen and (prefers-color-scheme: dark) { :root {
  --ink: #e6edf3; --quiet: #9da7b1; --paper: #0d1117; --card: #161b22; --line: #30363d;
  --met: #56b4e9; --missed: #f0a030; --met-ink: #7cc7f2; --missed-ink: #f5b65c; --warn-card: #2b2010;
  --track: #21262d; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  color: var(--ink); background: var(--paper); max-width: 66rem; margin: 0 auto;
  padding: 1.5rem 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: .1rem 0; text-wrap: balance; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 .6rem; padding-bottom: .25rem;
  border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
p { max-width: 46rem; margin: .5rem 0; }
a { color: var(--met-ink); }
.kind, .under { margin: 0; max-width: none; color: var(--quiet); font-size: .9rem; }
.tiles { display: grid; grid-template-columns: repeat(3, 1fr); gap: .6rem;
  margin: 1rem 0; }
.tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 6px;
  padding: .5rem .8rem; }
.tiles dt { font-size: .85rem; color: var(--quiet); line-height: 1.3; overflow-wrap: normal; }
.tiles dd { margin: 0; font-size: 1.6rem; font-weight: 650; line-height: 1.3;
  font-variant-numeric: tabular-nums; }
.met { color: var(--met-ink); } .missed { color: var(--missed-ink); }
td.met, td.missed, td .met, td .missed, .bar .met, .bar .missed { font-weight: 650; }
.note { border: 1px solid var(--line); border-left: 6px solid var(--quiet); border-radius: 6px;
  padding: .5rem .9rem; background: var(--card); }
.note.busy { border-color: var(--missed); background: var(--warn-card); }
.note p, .note ul { margin: .1rem 0; } .note ul { padding-left: 1.2rem; }
.bars { display: grid; grid-template-columns: minmax(14rem, 18rem) 1fr 11.5rem; gap: .15rem .9rem;
  align-items: center; margin: .3rem 0 1rem; font-size: .92rem; }
.bars .group { grid-column: 1 / -1; font-weight: 650; margin-top: .7rem; }
.bar { display: contents; }
.bar .peer { color: var(--quiet); display: block; line-height: 1.2; }
.bar .name { display: block; line-height: 1.35; }
.bar .value { font-variant-numeric: tabular-nums; line-height: 1.25; }
.bar svg, .scale svg { display: block; width: 100%; height: 22px; overflow: visible; }
.scale { display: contents; } .scale svg { height: 16px; }
.scale text { font-size: 11.5px; fill: var(--quiet); }
.track { fill: var(--track); } .aim { stroke: var(--ink); stroke-width: 2; }
.over { fill: var(--missed); }
rect.met { fill: var(--met); } rect.missed { fill: var(--missed); }
.stripes { stroke: var(--paper); stroke-width: 2; }
.rounds { stroke: var(--ink); stroke-width: 1.5; }
.legend { font-size: .88rem; color: var(--quiet); margin: .2rem 0 .8rem; padding: 0; list-style: none;
  display: flex; flex-wrap: wrap; gap: .2rem 1.3rem; }
.legend svg { width: 30px; height: 12px; vertical-align: -1px; margin-right: .4rem; }
table { border-collapse: collapse; width: 100%; margin: .3rem 0 .8rem; font-size: .9rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { text-align: left; vertical-align: baseline; padding: .28rem .5rem;
  border-bottom: 1px solid var(--line); overflow-wrap: normal; }
thead th { font-weight: 600; color: var(--quiet); font-size: .82rem; vertical-align: bottom; }
tbody th { font-weight: 400; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
.ratio { font-weight: 650; }
tr.first > * { border-top: 2px solid var(--line); }
.quiet { color: var(--quiet); }
.scroll { overflow-x: auto; }
.figures table { width: auto; min-width: min(100%, 40rem); }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .4rem 0; }
.facts dt { color: var(--quiet); } .facts dd { margin: 0; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .7rem;
  white-space: pre-wrap; font: .84rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
footer { margin-top: 2rem; color: var(--quiet); font-size: .85rem; border-top: 1px solid var(--line);
  padding-top: .5rem; }
@media screen and (max-width: 46rem) {
  .bars { display: block; }
  .bars .bar { display: grid; grid-template: "name name" "peer value" "drawn drawn" / auto 1fr;
    gap: 0 .8rem; align-items: baseline; margin-top: .6rem; }
  .bars .what { display: contents; } .bars .name { grid-area: name; }
  .bars .peer { grid-area: peer; } .bars .value { grid-area: value; text-align: right; }
  .bars .drawn { grid-area: drawn; } .bars .space { display: none; }
  .cards, .cards tbody { display: block; } .cards thead { display: none; }
  .cards tr, .cards tr.first { display: grid; grid-template-columns: repeat(3, 1fr);
    border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0; padding: .3rem; }
  .cards td, .cards th, .cards tr.first > * { border: 0; padding: .15rem .4rem; text-align: left; }
  .cards th, .cards td.wide { grid-column: 1 / -1; } .cards tbody th { font-weight: 600; }
  .cards th { order: -2; } .cards td.peer { order: -1; }
  .cards td:empty { visibility: hidden; } .cards td.peer:empty { display: none; }
  .cards td.peer { grid-column: 1 / -1; color: var(--quiet); font-size: .82rem; padding-top: 0; }
  .cards td.peer::before { content: "÷ "; }
  .cards td[data-label]::before { content: attr(data-label); display: block; color: var(--quiet);
    font-size: .75rem; font-weight: 400; }
}
@page { size: A4; margin: 15mm 14mm; }
@media print {
  body { font-size: 10pt; max-width: none; padding: 0; }
  .bars { grid-template-columns: 13rem 1fr 10.5rem; font-size: 9pt; }
  table, thead th { font-size: 8.5pt; } th, td { padding: .18rem .35rem; }
  .figures { break-inside: avoid; }
  .bar > *, tr, .tiles div, .note, pre { break-inside: avoid; }
  h2, h3, caption, .bars .group { break-after: avoid; }
  thead { display: table-header-group; } .scroll { overflow: visible; }
  svg, .tiles div, .note { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
