internal import CabinetDocuments

extension ReportPage {
    private static let styles: [Chart.Curve.Style] = [.first, .second, .third, .fourth, .fifth]

    var curveSection: HTML {
        let timed = activities.filter {
            ["votes", "reads", "deliveries"].contains($0.key) && $0.succeeded > 0
        }
        var charts = [percentileChart?.html(id: "percentiles")]
        charts += [rateChart?.html(id: "rate")]
        charts += timed.map { latencyChart($0).html(id: "time-\($0.key)") }
        let drawn = charts.compactMap { $0 }
        guard !drawn.isEmpty else { return .nothing }
        return section("How fast it was", "<div class=\"charts\">\(HTML(lines: drawn))</div>")
    }

    /// Until the end of the last interval in which something was measured.
    private var seconds: Double {
        activities.map {
            ($0.series.interval * $0.series.points.count).inSeconds
        }.reduce(record.duration.inSeconds, max)
    }

    var timeAxis: Axis { .time(seconds) }

    var marks: [Chart.Mark] {
        record.marks.prefix(200).enumerated().map {
            Chart.Mark(x: $0.element.at.inSeconds, label: "\($0.offset + 1)")
        }
    }

    // MARK: - Percentiles

    private var percentileChart: Chart? {
        let drawn = activities.filter { $0.latencies.count > 1 }
        guard let greatest = drawn.map(\.latencies.count).max() else { return nil }
        let curves = zip(drawn, Self.styles).map { activity, style in
            Chart.Curve(
                name: activity.name,
                style: style,
                points: percentilePoints(activity.latencies)
            )
        }
        let rows = [50, 90, 99, 99.9, 99.99, 100].map { percent -> [HTML] in
            ["\(percent == 100 ? "max" : "p" + shortest(percent))"]
                + drawn.map { "\(milliseconds($0.latencies.percentile(percent)))" }
        }
        let words = drawn.map { activity in
            let (half, most) = (
                activity.latencies.percentile(50), activity.latencies.percentile(99)
            )
            return "\(activity.name): half within \(milliseconds(half)) ms, 99 of 100 within "
                + "\(milliseconds(most)) ms, all within "
                + "\(milliseconds(activity.latencies.maximum)) ms"
        }
        return Chart(
            title: "Latency by percentile",
            summary: "How many were answered within which time. " + words.joined(separator: "; "),
            xTitle: "percentile, on a scale of nines",
            yTitle: "latency, logarithmic",
            xAxis: .percentiles(of: greatest),
            yAxis: .latencies(curves.flatMap { $0.points.compactMap { $0?.y } }),
            curves: curves,
            table: table(["percentile"] + drawn.map { "#\($0.name), ms" }, rows)
        )
    }

    private func shortest(_ percent: Double) -> String {
        percent == percent.rounded() ? fixed(percent, 0) : "\(percent)"
    }

    /// Up to the percentile that the number of values resolves, no closer than can be seen.
    private func percentilePoints(_ latencies: LatencyHistogram) -> [(x: Double, y: Double)?] {
        let total = Double(latencies.count)
        let axis = Axis.percentiles(of: latencies.count)
        var points: [(x: Double, y: Double)?] = []
        var last = -1.0
        var sum = 0.0
        for bucket in latencies.buckets {
            let y = Double(bucket.nanoseconds) / 1_000_000
            // The bucket begins after those before it. The greatest value is the end of the curve, since
            // 100 % are infinitely far away.
            let begin = 100 * min(sum, total - 1) / total
            sum += Double(bucket.count)
            let end = 100 * min(sum, total - 1) / total
            for x in [begin, end] where axis.position(x) - last >= 0.002 || sum >= total {
                points.append((x, y))
                last = axis.position(x)
            }
        }
        return points
    }

    // MARK: - Over time

    private func latencyChart(_ activity: Activity) -> Chart {
        let series = activity.series
        func curve(_ name: String, _ style: Chart.Curve.Style, _ percent: Double) -> Chart.Curve {
            Chart.Curve(
                name: name,
                style: style,
                points: series.points.enumerated().map { index, point in
                    guard point.latencies.count > 0 else { return nil }
                    return (
                        x: middle(of: index, series),
                        y: point.latencies.percentile(percent).inMilliseconds
                    )
                }
            )
        }
        let curves = [
            curve("max", .third, 100), curve("p99", .second, 99), curve("p50", .first, 50),
        ]
        let rows = series.points.enumerated().filter { $0.element.latencies.count > 0 }.map {
            index,
            point -> [HTML] in
            [
                "\(Axis.timeLabel((series.interval * index).inSeconds))",
                "\(grouped(point.latencies.count))",
            ]
                + [50, 99, 100].map { "\(milliseconds(point.latencies.percentile($0)))" }
        }
        return Chart(
            title: "Latency of \(activity.name) over time",
            summary:
                "Of each \(fixed(series.interval.inSeconds, 0)) s, by when it was to be sent: the "
                + "median, the 99th percentile and the maximum. " + worst(series),
            xTitle: "minutes and seconds since the beginning",
            yTitle: "latency, logarithmic",
            xAxis: timeAxis,
            yAxis: .latencies(curves.flatMap { $0.points.compactMap { $0?.y } }),
            curves: curves,
            marks: marks,
            table: table(["from", "#\(activity.name)", "#p50 ms", "#p99 ms", "#max ms"], rows)
        )
    }

    private func worst(_ series: TimeSeries) -> String {
        let worst = series.points.enumerated().max {
            $0.element.latencies.maximum < $1.element.latencies.maximum
        }
        guard let worst else { return "" }
        let from = Axis.timeLabel((series.interval * worst.offset).inSeconds)
        return "The worst was \(milliseconds(worst.element.latencies.maximum)) ms, from \(from) on."
    }

    private func middle(of index: Int, _ series: TimeSeries) -> Double {
        (Double(index) + 0.5) * series.interval.inSeconds
    }

    // MARK: - Rates

    private var rateChart: Chart? {
        let calls = activities.filter { ["votes", "reads"].contains($0.key) }
        guard let interval = calls.first?.series.interval else { return nil }
        let perSecond = 1 / interval.inSeconds
        var curves = zip(calls, Self.styles).map { activity, style in
            Chart.Curve(
                name: activity.name,
                style: style,
                shape: style == .first ? .area : .line,
                points: activity.series.points.enumerated().map { index, point in
                    (
                        x: middle(of: index, activity.series),
                        y: Double(point.latencies.count) * perSecond
                    )
                }
            )
        }
        let failing = activities.map(\.series)
        let length = failing.map(\.points.count).max() ?? 0
        let errors = (0..<length).map { index in
            failing.reduce(0) { sum, series in
                sum + (series.points.indices.contains(index) ? series.points[index].errors : 0)
            }
        }
        if errors.contains(where: { $0 > 0 }) {
            curves.append(
                Chart.Curve(
                    name: "errors of all kinds",
                    style: .error,
                    shape: .bars,
                    points: errors.enumerated().map { index, count in
                        count == 0
                            ? nil
                            : (
                                x: (Double(index) + 0.5) * interval.inSeconds,
                                y: Double(count) * perSecond
                            )
                    }
                )
            )
        }
        let greatest = curves.flatMap { $0.points.compactMap { $0?.y } }.max() ?? 0
        let words = calls.map { "\($0.name): at most \(fixed($0.peakPerSecond, 1)) in a second" }
        let rows = (0..<length).map { index -> [HTML] in
            let counts = calls.map { activity -> HTML in
                let points = activity.series.points
                let count = points.indices.contains(index) ? points[index].latencies.count : 0
                return "\(fixed(Double(count) * perSecond, 1))"
            }
            return ["\(Axis.timeLabel((interval * index).inSeconds))"] + counts
                + ["\(errors[index])"]
        }
        return Chart(
            title: "Answered in a second, and errors",
            summary: words.joined(separator: "; ")
                + "; errors in all: \(errors.reduce(0, +)). Each point is the mean of "
                + "\(fixed(interval.inSeconds, 0)) s, by when it was to be sent.",
            xTitle: "minutes and seconds since the beginning",
            yTitle: "in a second",
            xAxis: timeAxis,
            yAxis: .amounts(greatest),
            curves: curves,
            marks: marks,
            table: table(["from"] + calls.map { "#\($0.name) in a second" } + ["#errors"], rows)
        )
    }
}
