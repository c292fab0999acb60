/// Metrics in the text format of Prometheus, version 0.0.4, read at one time.
///
/// It reads what a scraper reads, and keeps samples alone.
public struct MetricsSnapshot: Sendable, Hashable {
    /// Samples that are kept of one page; a page with more is not read.
    public static let maximumSamples = 20_000

    public struct Sample: Sendable, Hashable {
        public var name: String
        public var labels: [String: String]
        public var value: Double
    }

    public enum InvalidText: Error, Sendable, CustomStringConvertible {
        case line(Int)
        case tooManySamples

        public var description: String {
            switch self {
            case .line(let number): "line \(number) is no sample of the Prometheus text format"
            case .tooManySamples:
                "there are more than \(MetricsSnapshot.maximumSamples) samples"
            }
        }
    }

    public private(set) var samples: [Sample] = []

    public init(text: String) throws(InvalidText) {
        // Scalars, since a letter that joins the one before it would hide a quote or the end of a line.
        for (index, line) in text.unicodeScalars
            .split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        {
            var reader = SampleReader(line)
            guard !reader.isEmptyOrComment else { continue }
            guard samples.count < Self.maximumSamples else { throw .tooManySamples }
            guard let sample = reader.sample() else { throw .line(index + 1) }
            samples.append(sample)
        }
    }

    /// The sum of all samples of a name that have some labels.
    ///
    /// - Returns: `nil` where there is none.
    public func sum(_ name: String, where labels: [String: String] = [:]) -> Double? {
        let matching = samples.filter { sample in
            sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value }
        }
        return matching.isEmpty ? nil : matching.reduce(0) { $0 + $1.value }
    }
}

/// Reads `name{label="value",…} number [timestamp]`, with blanks between any of these.
private struct SampleReader {
    private var rest: Substring.UnicodeScalarView

    init(_ line: Substring.UnicodeScalarView) {
        rest = line
        skipBlanks()
    }

    var isEmptyOrComment: Bool { rest.isEmpty || rest.first == "#" }

    mutating func sample() -> MetricsSnapshot.Sample? {
        guard let name = name(), let labels = labels() else { return nil }
        guard let value = word().flatMap(number) else { return nil }
        if let timestamp = word() {
            guard Int64(timestamp) != nil else { return nil }
        }
        guard rest.isEmpty else { return nil }
        return MetricsSnapshot.Sample(name: name, labels: labels, value: value)
    }

    private mutating func labels() -> [String: String]? {
        var labels: [String: String] = [:]
        guard take("{") else { return labels }
        while !take("}") {
            guard let label = self.name(), take("="), let value = quoted(),
                labels.updateValue(value, forKey: label) == nil
            else { return nil }
            guard take(",") || rest.first == "}" else { return nil }
        }
        return labels
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == " " || $0 == "\t" }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        skipBlanks()
        return true
    }

    private mutating func name() -> String? {
        let name = rest.prefix { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", ":": true
            default: false
            }
        }
        rest = rest[name.endIndex...]
        skipBlanks()
        guard let first = name.first, !("0"..."9").contains(first) else { return nil }
        return String(name)
    }

    private mutating func quoted() -> String? {
        guard rest.popFirst() == "\"" else { return nil }
        var value = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"":
                skipBlanks()
                return String(value)
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped == "n" ? "\n" : escaped)
            default: value.append(scalar)
            }
        }
        return nil
    }

    private mutating func word() -> Substring? {
        let word = rest.prefix { $0 != " " && $0 != "\t" }
        rest = rest[word.endIndex...]
        skipBlanks()
        return word.isEmpty ? nil : Substring(word)
    }

    private func number(_ word: Substring) -> Double? {
        switch word {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: Double(word)
        }
    }
}
