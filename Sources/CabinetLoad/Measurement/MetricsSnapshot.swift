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
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        where !line.isEmpty && !line.hasPrefix("#") {
            guard samples.count < Self.maximumSamples else { throw .tooManySamples }
            var reader = SampleReader(line)
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

/// Reads `name{label="value",…} number [timestamp]`.
private struct SampleReader {
    private var rest: Substring

    init(_ line: Substring) { rest = line }

    mutating func sample() -> MetricsSnapshot.Sample? {
        guard let name = name() else { return nil }
        var labels: [String: String] = [:]
        if take("{") {
            while !take("}") {
                guard let label = self.name(), take("="), let value = quoted() else { return nil }
                labels[label] = value
                guard take(",") || rest.first == "}" else { return nil }
            }
        }
        guard let value = number() else { return nil }
        return MetricsSnapshot.Sample(name: name, labels: labels, value: value)
    }

    private mutating func take(_ character: Character) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func name() -> String? {
        let name = rest.prefix {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":")
        }
        rest = rest.dropFirst(name.count)
        return name.isEmpty ? nil : String(name)
    }

    private mutating func quoted() -> String? {
        guard take("\"") else { return nil }
        var value = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return value
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped == "n" ? "\n" : escaped)
            default: value.append(character)
            }
        }
        return nil
    }

    private mutating func number() -> Double? {
        let words = rest.split(separator: " ")
        guard rest.first == " ", let word = words.first, words.count <= 2 else { return nil }
        switch word {
        case "+Inf": return .infinity
        case "-Inf": return -.infinity
        case "NaN": return .nan
        default: return Double(word)
        }
    }
}
