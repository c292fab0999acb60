internal import CabinetDocuments

/// The report as a page: one file, which needs no other, no script, and nobody to explain it.
struct ReportPage {
    let report: RunReport
    let judgement: Judgement
    let activities: [Activity]

    init(_ report: RunReport) {
        self.report = report
        judgement = report.judgement
        activities = report.activities.filter(\.hasHappened)
    }

    var record: RunRecord { report.record }

    var html: HTML {
        HTML(lines: [
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
            <title>\(judgement.isGo ? "GO" : "NO GO"): \(report.scenario.name)</title>
            <style>
            """,
            HTML(stringLiteral: ReportStyle.css),
            """
            </style>
            </head>
            <body>
            """,
            header,
            "<main>",
            section("What was asked of it", checks),
            section("What was done", activityTable),
            curveSection,
            section("What happened", happenings),
            section("Errors by reason", errors),
            section("Polls", polls),
            serverSection,
            section("The scenario, and how to repeat it", scenario),
            section("How to read this", explanations),
            "</main>",
            footer,
            "</body>\n</html>\n",
        ])
    }

    // MARK: - Head and foot

    private var header: HTML {
        let state = judgement.isGo ? "go" : "nogo"
        let word = judgement.isGo ? "GO" : "NO GO"
        return """
            <header>
            <p class="kind">e-Cabinet · rehearsal of a meeting</p>
            <h1>\(written: report.scenario.name)</h1>
            <p class="under">\(utc(unixMs: report.startedUnixMs)) · \
            \(fixed(record.duration.inSeconds, 1)) s · against \(written: report.target)</p>
            <div class="verdict \(state)"><p class="word">\(symbol(judgement.isGo)) \(word)</p>
            \(verdictText)</div>
            \(tiles)
            </header>
            """
    }

    private var verdictText: HTML {
        let missed = judgement.checks.filter { !$0.isMet }
        guard !missed.isEmpty else {
            return "<p>Everything that was asked of the server was met.</p>"
        }
        let items = missed.map { check in
            "<li>\(check.what): \(written: check.measured), allowed \(check.allowed)</li>" as HTML
        }
        let warning: HTML =
            judgement.isMeasurementSound
            ? .nothing
            : """
            <p>The machine of the harness did not keep up with its own plan: the figures say nothing
            about the server.</p>
            """
        return "\(warning)<ul>\n\(HTML(lines: items))\n</ul>"
    }

    /// Not by colour alone.
    func symbol(_ isMet: Bool) -> HTML {
        isMet
            ? "<span class=\"met\" aria-hidden=\"true\">✓</span>"
            : "<span class=\"missed\" aria-hidden=\"true\">✗</span>"
    }

    /// The few figures that one remembers.
    private var tiles: HTML {
        var tiles: [(String, String)] = []
        let votes = record.ballots
        if votes.planned > 0 {
            tiles.append(
                ("votes of \(grouped(votes.planned)) planned", grouped(votes.succeeded))
            )
            tiles.append(("half of the votes within", percentile(votes.series, 50)))
            tiles.append(("99 of 100 votes within", percentile(votes.series, 99)))
        }
        let deliveries = record.followers.deliveries
        if deliveries.total.count > 0 {
            tiles.append(("99 of 100 deliveries within", percentile(deliveries, 99)))
        }
        let returns = record.followers.returns
        if returns.total.count > 0 {
            tiles.append(("all were back within", percentile(returns, 100)))
        }
        let errors = activities.reduce(0) { $0 + ($1.errors?.total ?? 0) }
        tiles.append((errors == 1 ? "error" : "errors", grouped(errors)))
        let items = tiles.map { name, value in
            "<div><dd>\(value)</dd><dt>\(name)</dt></div>" as HTML
        }
        return "<dl class=\"tiles\">\n\(HTML(lines: items))\n</dl>"
    }

    private func percentile(_ series: TimeSeries, _ percent: Double) -> String {
        series.total.count == 0 ? "–" : latencyText(series.total.percentile(percent))
    }

    private var footer: HTML {
        """
        <footer><p>Made by ecabinet-load. The file of the same run in JSON has every figure of this page,
        and the whole histograms.</p></footer>
        """
    }

    // MARK: - Parts that sections have in common

    func section(_ title: String, _ content: HTML) -> HTML {
        guard !content.markup.isEmpty else { return .nothing }
        return """
            <section>
            <h2>\(title)</h2>
            \(content)
            </section>
            """
    }

    enum TableStyle: String {
        case usual
        /// On a telephone each row becomes a card.
        case cards
        /// The same, with few columns and long words.
        case calls = "cards calls"
        /// The first column is narrow.
        case checks
    }

    /// A table. Columns whose title begins with «#» have numbers; it has no head where no column has a title.
    func table(
        _ columns: [String],
        _ rows: [[HTML]],
        style: TableStyle = .usual
    ) -> HTML {
        let columns = columns.map { title in
            let isNumber = title.hasPrefix("#")
            return (title: isNumber ? String(title.dropFirst()) : title, isNumber: isNumber)
        }
        let heads = columns.map { column in
            let attribute: HTML = column.isNumber ? " class=\"n\"" : .nothing
            return "<th scope=\"col\"\(attribute)>\(column.title)</th>" as HTML
        }
        let lines = rows.map { row in
            let cells = zip(row, columns).map { cell, column in
                let attribute: HTML = column.isNumber ? " class=\"n\"" : .nothing
                return "<td\(attribute) data-label=\"\(column.title)\">\(cell)</td>" as HTML
            }
            return "<tr>\(HTML(lines: cells))</tr>" as HTML
        }
        let hasHead = columns.contains { !$0.title.isEmpty }
        let head: HTML = hasHead ? "<thead><tr>\(HTML(lines: heads))</tr></thead>" : .nothing
        return """
            <table class="\(style.rawValue)">
            \(head)
            <tbody>
            \(HTML(lines: lines))
            </tbody>
            </table>
            """
    }
}

extension RunReport {
    /// The report as one page of HTML that needs nothing from anywhere. It is well-formed as XML as well,
    /// but for its first line.
    public var html: String { ReportPage(self).html.markup }
}
