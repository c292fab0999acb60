/// The text exposition format of Prometheus, version 0.0.4.
///
/// Source: <https://prometheus.io/docs/instrumenting/exposition_formats/>
struct TextExposition {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    mutating func append(_ family: MetricsRegistry.Family) {
        let declared = family.declared
        text += "# HELP \(declared.name) \(Self.escaped(declared.help))\n"
        text += "# TYPE \(declared.name) \(declared.kind.typeName)\n"
        let all = family.series.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        for (values, series) in all {
            switch series {
            case .counter(let series): line(declared, values, "\(series.value)")
            case .gauge(let series): line(declared, values, Self.number(series.value))
            case .histogram(let series): append(series.reading, values, declared)
            }
        }
        for observation in family.observe?() ?? [] {
            line(declared, observation.labels, Self.number(observation.value))
        }
    }

    private mutating func append(
        _ reading: HistogramSeries.Reading,
        _ values: [String],
        _ family: MetricFamily
    ) {
        let bounds = (family.kind.bounds ?? []).map { Self.number(Double($0) / family.kind.scale) }
        // The sum of what is beyond no bound: it never differs from the count.
        var count: UInt64 = 0
        for (bound, added) in zip(bounds + ["+Inf"], reading.counts) {
            count &+= added
            line(family, values, "\(count)", suffix: "_bucket", bound: bound)
        }
        let sum = Double(reading.sum) / family.kind.scale
        line(family, values, Self.number(sum), suffix: "_sum")
        line(family, values, "\(count)", suffix: "_count")
    }

    private mutating func line(
        _ family: MetricFamily,
        _ values: [String],
        _ number: String,
        suffix: String = "",
        bound: String? = nil
    ) {
        text += family.name
        text += suffix
        var labels = zip(family.labels, values).map {
            "\($0)=\"\(Self.escaped($1, quotes: true))\""
        }
        if let bound { labels.append("le=\"\(bound)\"") }
        if !labels.isEmpty { text += "{\(labels.joined(separator: ","))}" }
        text += " \(number)\n"
    }

    /// As Go's `ParseFloat` reads it; whole numbers without a point.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value), abs(value) < 1e15 { return "\(whole)" }
        return "\(value)"
    }

    static func escaped(_ text: String, quotes: Bool = false) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension MetricFamily.Kind {
    /// As the format calls it.
    var typeName: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .durations, .sizes: "histogram"
        }
    }
}

extension MetricsRegistry {
    /// All families, as text.
    ///
    /// - Complexity: O(series). It takes milliseconds, and none of those who count wait for it.
    public var exposition: String {
        var exposition = TextExposition()
        for family in snapshot { exposition.append(family) }
        return exposition.text
    }
}
