internal import Foundation

/// The figures and how they compare.
struct Report: Encodable {
    struct Figure: Encodable {
        let operation: String
        let implementation: String
        let bytes: Int
        let medianNanoseconds: Double
        let minimumNanoseconds: Double
    }

    let figures: [Figure]

    /// Of the medians. `…_vs_protobuf_c` and `…_vs_protobuf_c_arena`: our time by theirs.
    /// `…_vs_swift_protobuf`: how many times as fast we are.
    let ratios: [String: Double]

    /// The same of the minimums. malloc is slower or faster by what the process has freed before,
    /// which is in the medians of whoever allocates much.
    let minimumRatios: [String: Double]

    /// How far the rounds are apart: of each, our time by theirs, or theirs by ours.
    let spreads: [String: Spread]

    /// What the ratios that have targets may be at most; against SwiftProtobuf, at least.
    let aims: [String: Double]

    let rounds: Int

    init(_ measurements: [Measurement], rounds: Int) {
        self.rounds = rounds
        figures = measurements.map {
            Figure(
                operation: $0.subject.operation,
                implementation: $0.subject.implementation.rawValue,
                bytes: $0.subject.byteCount,
                medianNanoseconds: $0.median.rounded(toPlaces: 1),
                minimumNanoseconds: $0.minimum.rounded(toPlaces: 1)
            )
        }
        ratios = Self.ratios(measurements, of: \.median)
        minimumRatios = Self.ratios(measurements, of: \.minimum)
        spreads = Self.compare(measurements) { ours, other, rule in
            Spread(zip(ours.rounds, other.rounds).map { rule.ratio($0, $1) })
        }
        aims = Self.compare(measurements) { _, _, rule in rule.target }
    }

    private static func ratios(
        _ measurements: [Measurement],
        of time: KeyPath<Measurement, Double>
    ) -> [String: Double] {
        compare(measurements) { ours, other, rule in
            rule.ratio(ours[keyPath: time], other[keyPath: time]).rounded(toPlaces: 3)
        }
    }

    /// What is found for ours and each of the others, by the name of their ratio.
    private static func compare<Found>(
        _ measurements: [Measurement],
        _ find: (_ ours: Measurement, _ other: Measurement, Comparison) -> Found?
    ) -> [String: Found] {
        var found: [String: Found] = [:]
        for ours in measurements where ours.subject.implementation == .ours {
            for other in measurements where other.subject.operation == ours.subject.operation {
                guard let rule = Comparison(to: other.subject.implementation) else { continue }
                found["\(ours.subject.operation)_\(rule.key)"] = find(ours, other, rule)
            }
        }
        return found
    }

    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return try encoder.encode(self) + Data("\n".utf8)
    }

    func table() -> String {
        var lines = [
            [
                "operation", "implementation", "bytes", "median ns", "min ns", "e-cabinet is",
                "target",
            ]
        ]
        for figure in figures {
            lines.append(
                [
                    figure.operation,
                    figure.implementation,
                    "\(figure.bytes)",
                    String(format: "%.0f", figure.medianNanoseconds),
                    String(format: "%.0f", figure.minimumNanoseconds),
                ] + comparison(of: figure)
            )
        }
        lines.append(["Processor time per operation; median and minimum of \(rounds) rounds."])
        lines.append(["Compared are medians (minimums); a target is met where both meet it."])
        return lines.map(row).joined(separator: "\n")
    }

    private func comparison(of figure: Figure) -> [String] {
        guard let rule = Implementation(rawValue: figure.implementation).flatMap(Comparison.init),
            let ratio = ratios["\(figure.operation)_\(rule.key)"],
            let minimumRatio = minimumRatios["\(figure.operation)_\(rule.key)"]
        else { return ["", ""] }
        let text = String(format: "%.2f (%.2f) %@", ratio, minimumRatio, rule.unit)
        guard let target = rule.target else { return [text, ""] }
        let isMet =
            rule.isSpeedup ? min(ratio, minimumRatio) >= target : max(ratio, minimumRatio) <= target
        return [text, "\(rule.isSpeedup ? "≥" : "≤") \(target) \(isMet ? "met" : "MISSED")"]
    }

    private func row(_ cells: [String]) -> String {
        let widths = [16, 18, -6, -10, -9, 27, 0]
        return zip(cells, widths).map { cell, width in
            let padding = String(repeating: " ", count: max(0, abs(width) - cell.count))
            return width < 0 ? padding + cell : cell + padding
        }.joined(separator: "  ")
    }
}

/// What we are compared with, how, and what the figure should be.
private struct Comparison {
    let key: String
    let unit: String
    var isSpeedup = false
    var target: Double?

    init?(to implementation: Implementation) {
        switch implementation {
        case .ours:
            return nil
        case .protobufC:
            (key, unit, target) = ("vs_protobuf_c", "× its time", 2.5)
        case .protobufCArena:
            (key, unit) = ("vs_protobuf_c_arena", "× its time")
        case .swiftProtobuf:
            (key, unit, isSpeedup, target) = ("vs_swift_protobuf", "× as fast", true, 2)
        }
    }

    func ratio(_ ours: Double, _ theirs: Double) -> Double {
        isSpeedup ? theirs / ours : ours / theirs
    }
}

extension Double {
    func rounded(toPlaces places: Int) -> Double {
        let factor = [1, 10, 100, 1000][places]
        return (self * Double(factor)).rounded() / Double(factor)
    }
}
