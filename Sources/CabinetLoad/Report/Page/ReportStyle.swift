/// How the page of a report looks: on a telephone, on a wall, on paper, by day and by night. It needs
/// nothing from anywhere else.
enum ReportStyle {
    // The colours are those of Okabe and Ito, which people tell apart whatever colours they see.
    static let css = """
        :root { color-scheme: light dark;
          --ink: #1b1f24; --quiet: #57606a; --paper: #ffffff; --card: #f6f8fa; --line: #d0d7de;
          --go: #005f3c; --nogo: #9a2b00; --go-card: #e6f4ee; --nogo-card: #fdeee6;
          --c1: #0072b2; --c2: #d55e00; --c3: #7a3d6d; --c4: #007a5a; --c5: #6b5b00; --ce: #b3261e; }
        @media screen and (prefers-color-scheme: dark) { :root {
          --ink: #e6edf3; --quiet: #9da7b1; --paper: #0d1117; --card: #161b22; --line: #30363d;
          --go: #5fd3a2; --nogo: #ff9a66; --go-card: #10261d; --nogo-card: #2b1a10;
          --c1: #56b4e9; --c2: #f0a030; --c3: #d79bc4; --c4: #2fc99a; --c5: #d8cb5a; --ce: #ff8a80; } }
        * { box-sizing: border-box; }
        body { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans",
          sans-serif; color: var(--ink); background: var(--paper); max-width: 72rem;
          margin: 0 auto; padding: 1.5rem 1rem; overflow-wrap: break-word; }
        bdi, pre { overflow-wrap: anywhere; }
        .kind { margin: 0; color: var(--quiet); font-size: .9rem; }
        h1 { font-size: 1.7rem; line-height: 1.25; margin: .1rem 0; }
        h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; padding-bottom: .25rem;
          border-bottom: 1px solid var(--line); }
        h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
        .under { margin: 0 0 1rem; color: var(--quiet); }
        .verdict { border: 2px solid; border-left-width: 10px; border-radius: 6px;
          padding: .6rem 1rem; }
        .verdict p, .verdict ul { margin: .1rem 0; }
        .verdict .word { font-size: 2rem; font-weight: 700; line-height: 1.2; }
        .go { border-color: var(--go); background: var(--go-card); }
        .nogo { border-color: var(--nogo); background: var(--nogo-card); }
        .go .word, .met { color: var(--go); }
        .nogo .word, .missed { color: var(--nogo); }
        .met, .missed { font-weight: 700; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr));
          gap: .6rem; margin: 1rem 0 0; }
        .tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 6px;
          padding: .5rem .8rem; display: flex; flex-direction: column; }
        .tiles dd { margin: 0; font-size: 1.5rem; font-weight: 650; line-height: 1.3;
          font-variant-numeric: tabular-nums; }
        .tiles dt { font-weight: 400; font-size: .85rem; color: var(--quiet); line-height: 1.3; }
        table { border-collapse: collapse; width: 100%; margin: .4rem 0; font-size: .92rem; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .5rem;
          border-bottom: 1px solid var(--line); }
        th { font-weight: 600; color: var(--quiet); font-size: .82rem; vertical-align: bottom; }
        td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
        .cards .n, .scroll .n, .checks td:first-child,
        .checks td:last-child { white-space: nowrap; }
        .scroll { overflow-x: auto; }
        .charts { display: grid; gap: 1.4rem; margin-top: 1rem;
          grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); }
        .chart { margin: 0; min-width: 0; }
        figcaption { font-weight: 600; }
        .chart > svg { width: 100%; height: auto; display: block; }
        .chart svg text { font-size: 12.5px; fill: var(--quiet); }
        .chart svg text.mark { font-size: 11.5px; font-weight: 600; fill: var(--ink); }
        .grid { stroke: var(--line); stroke-width: 1; fill: none; }
        .axis { stroke: var(--quiet); stroke-width: 1; fill: none; }
        path.mark { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 1 3; fill: none; }
        .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        .line.c2 { stroke-dasharray: 7 4; } .line.c3 { stroke-dasharray: 1.5 4; }
        .line.c4 { stroke-dasharray: 9 4 2 4; } .line.c5 { stroke-dasharray: 3 3; }
        .area { fill-opacity: .22; stroke: none; } .bar { stroke-width: 3; fill: none; }
        .c1 { stroke: var(--c1); fill: var(--c1); } .c2 { stroke: var(--c2); fill: var(--c2); }
        .c3 { stroke: var(--c3); fill: var(--c3); } .c4 { stroke: var(--c4); fill: var(--c4); }
        .c5 { stroke: var(--c5); fill: var(--c5); } .ce { stroke: var(--ce); fill: var(--ce); }
        path.line { fill: none; } path.area, rect.area { stroke: none; }
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: .1rem 0;
          padding: 0; font-size: .88rem; }
        .legend .swatch { width: 30px; height: 10px; margin-right: .4rem; display: inline-block; }
        details { margin: .4rem 0; } summary { cursor: pointer; color: var(--quiet);
          font-size: .88rem; }
        .marks { columns: 18rem; padding-left: 2.2rem; margin: .4rem 0; font-size: .92rem; }
        .marks b { font-variant-numeric: tabular-nums; margin-right: .3rem; }
        pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px;
          padding: .7rem; white-space: pre-wrap; font: .82rem/1.45 ui-monospace, "DejaVu Sans Mono",
          monospace; }
        section dl dt { font-weight: 600; } section dl dd { margin: 0 0 .5rem; }
        footer { margin-top: 2rem; color: var(--quiet); font-size: .85rem;
          border-top: 1px solid var(--line); }
        @media screen and (max-width: 46rem) {
          .cards thead { display: none; }
          .cards tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(3.9rem, 1fr));
            border: 1px solid var(--line); border-radius: 6px; margin: .6rem 0; padding: .3rem; }
          .calls tr { grid-template-columns: 2fr 1fr 2fr; }
          .cards td, .cards td.n { border: 0; padding: .15rem .2rem; text-align: left; }
          .cards td:first-child { grid-column: 1 / -1; }
          .cards td:not(:first-child)::before { content: attr(data-label); display: block;
            color: var(--quiet); font-size: .72rem; white-space: normal; line-height: 1.2; }
          .chart svg text { font-size: 15px; } .chart svg text.mark { font-size: 13.5px; }
          th, td { padding: .3rem .3rem; }
        }
        @page { size: A4; margin: 16mm 14mm; }
        @media print {
          body { font-size: 10.5pt; max-width: none; padding: 0; }
          .charts { grid-template-columns: 1fr 1fr; gap: 5mm; }
          .chart, tr, .verdict, .tiles div { break-inside: avoid; }
          h2, h3 { break-after: avoid; } .marks { break-before: avoid; } .cards { font-size: 8.5pt; } .cards th { font-size: 7.5pt; }
          th, td { padding: .15rem .3rem; } thead { display: table-header-group; }
          .chart details { display: none; } .verdict, .tiles div { print-color-adjust: exact; }
        }
        """
}
