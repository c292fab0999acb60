internal import CabinetDocuments

extension ReportPage {
    var serverSection: HTML {
        let comparison = ServerComparison(report.server, duration: record.duration)
        let rows = comparison.rows.map { row -> [HTML] in ["\(row.what)", "\(row.value)"] }
        let charts = [
            processorChart?.html(id: "processor"), memoryChart?.html(id: "memory"),
            descriptorChart?.html(id: "descriptors"),
        ].compactMap { $0 }
        let calls = comparison.calls.map { call -> [HTML] in
            [
                "\(written: call.method)", "\(written: call.code)", "\(grouped(call.count))",
                "\(call.meanMs.map { fixed($0, 2) } ?? "–")",
            ]
        }
        guard !rows.isEmpty || !charts.isEmpty else { return .nothing }
        let anew: HTML =
            comparison.hasStartedAnew
            ? "<p>The server started anew in the run: its counters are those since then.</p>"
            : .nothing
        return section(
            "What the server says of itself",
            """
            \(anew)
            \(table(["", "#"], rows))
            \(charts.isEmpty ? .nothing : "<div class=\"charts\">\(HTML(lines: charts))</div>")
            \(calls.isEmpty ? .nothing : callTable(calls))
            """
        )
    }

    private func callTable(_ rows: [[HTML]]) -> HTML {
        """
        <h3>Calls by method and outcome</h3>
        \(table(["method", "outcome", "#calls", "#mean ms of the method"], rows, style: .calls))
        """
    }

    /// Processors in use, from one sample to the next.
    private var processorChart: Chart? {
        let samples = report.server.processor
        let points = zip(samples, samples.dropFirst()).map {
            before,
            after -> (x: Double, y: Double)? in
            let seconds = (after.at - before.at).inSeconds
            let used = (after.used - before.used).inSeconds
            // It began anew in between.
            guard seconds > 0, used >= 0 else { return nil }
            return (x: after.at.inSeconds, y: 100 * used / seconds)
        }
        return chart("Processor", "percent of one processor", points) { "\(fixed($0, 0)) %" }
    }

    private var memoryChart: Chart? {
        let points = report.server.residentKiB.map {
            (x: $0.at.inSeconds, y: Double($0.kib) / 1_024) as (x: Double, y: Double)?
        }
        return chart("Resident memory", "MiB", points) { "\(fixed($0, 1)) MiB" }
    }

    private var descriptorChart: Chart? {
        let points = report.server.descriptors.map {
            (x: $0.at.inSeconds, y: Double($0.count)) as (x: Double, y: Double)?
        }
        return chart("File descriptors", "open", points) { fixed($0, 0) }
    }

    private func chart(
        _ title: String,
        _ unit: String,
        _ points: [(x: Double, y: Double)?],
        _ text: (Double) -> String
    ) -> Chart? {
        let values = points.compactMap { $0?.y }
        guard let most = values.max(), let first = values.first, let last = values.last,
            points.count > 1
        else { return nil }
        return Chart(
            title: "\(title) of the server",
            summary: "At first \(text(first)), at most \(text(most)), at the end \(text(last)).",
            xTitle: "minutes and seconds since the beginning",
            yTitle: unit,
            xAxis: timeAxis,
            yAxis: .amounts(most),
            curves: [
                Chart.Curve(name: title, style: .first, shape: .area, points: points)
            ],
            marks: marks
        )
    }
}
