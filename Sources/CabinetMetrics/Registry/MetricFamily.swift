/// All that has one name, told apart by labels: what is counted or measured, and how it is described to
/// whoever reads it.
///
/// Names follow the conventions of Prometheus: base units, the unit and `_total` at the end of the name.
public struct MetricFamily: Sendable {
    /// How its values are to be read.
    public enum Kind: Sendable, Hashable {
        /// Only grows, from 0 when the process starts.
        case counter
        /// Goes up and down.
        case gauge
        /// How many values were at most as large as each bound, in nanoseconds; exported in seconds.
        case durations(upTo: [Int64])
        /// The same of whole numbers without a unit.
        case sizes(upTo: [Int64])
    }

    public let name: String
    /// One line.
    public let help: String
    public let kind: Kind
    /// The names of its labels, in the order in which they are exported.
    public let labels: [String]

    /// - Precondition: Name and labels are such as Prometheus takes, and bounds ascend.
    public init(_ name: String, _ kind: Kind, labels: [String] = [], _ help: String) {
        precondition(Self.isName(name, colons: true), "«\(name)» is no name of a metric")
        precondition(
            labels.allSatisfy { Self.isName($0, colons: false) && $0 != "le" },
            "a label of \(name) cannot be one"
        )
        if let bounds = kind.bounds {
            precondition(
                zip(bounds, bounds.dropFirst()).allSatisfy(<),
                "the bounds of \(name) do not ascend"
            )
        }
        self.name = name
        self.help = help
        self.kind = kind
        self.labels = labels
    }

    private static func isName(_ text: String, colons: Bool) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
        else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            case UInt8(ascii: ":"): colons
            default: false
            }
        }
    }
}

extension MetricFamily.Kind {
    /// From a tenth of a millisecond to ten seconds, three for each power of ten: what calls, commits and
    /// handshakes take.
    public static let usualDurations = MetricFamily.Kind.durations(
        upTo: [
            100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
            50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000,
            5_000_000_000, 10_000_000_000,
        ]
    )

    var bounds: [Int64]? {
        switch self {
        case .counter, .gauge: nil
        case .durations(let bounds), .sizes(let bounds): bounds
        }
    }

    /// How many of the units that are recorded make one that is exported.
    var scale: Double {
        if case .durations = self { 1_000_000_000 } else { 1 }
    }
}
