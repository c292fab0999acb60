/// How the page looks, on a screen and on paper. It needs nothing from anywhere else.
enum PageStyle {
    static let css = """
        :root { color-scheme: light; }
        body { font: 16px/1.5 "Times New Roman", "Liberation Serif", "Noto Serif", serif;
          color: #111; background: #fff; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
        h1, .kind { text-align: center; margin: 0; }
        h1 { font-size: 1.4rem; }
        .kind { font-weight: bold; font-size: 1.2rem; text-transform: uppercase; }
        .under { text-align: center; margin: .2rem 0 1.5rem; }
        h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; border-bottom: 1px solid #999; }
        h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
        table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .9rem; }
        th, td { border: 1px solid #999; padding: .2rem .4rem; text-align: left;
          vertical-align: top; }
        th { background: #eee; }
        td.n, th.n { text-align: right; white-space: nowrap; }
        thead { display: table-header-group; }
        tr { break-inside: avoid; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .4rem 0; }
        dd { margin: 0; }
        .motion { white-space: pre-line; border-left: 3px solid #999; padding-left: .8rem; }
        .verdict { font-weight: bold; border: 2px solid #111; padding: .3rem .8rem; }
        .notice { border: 2px solid #a00; padding: .3rem .8rem; }
        .hash { font: .8rem/1.4 "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
        .signatures { display: grid; grid-template-columns: 1fr 1fr; text-align: center;
          margin-top: 3rem; break-inside: avoid; }
        .signatures p { margin: 0; }
        .signatures .name { margin-top: 5rem; }
        footer { margin-top: 2rem; font-size: .85rem; border-top: 1px solid #999; }
        @page { size: A4; margin: 20mm 20mm 20mm 30mm; }
        @media print {
          body { font-size: 12pt; max-width: none; margin: 0; padding: 0; }
          a { color: inherit; text-decoration: none; }
          h2, h3 { break-after: avoid; }
        }
        """
}
