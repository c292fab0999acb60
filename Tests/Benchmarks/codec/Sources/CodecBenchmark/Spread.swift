/// How far the rounds of a ratio are apart.
struct Spread: Encodable {
    let rounds: Int
    let lowest: Double
    let lowerQuartile: Double
    let upperQuartile: Double
    let highest: Double

    /// `nil` where there is no round.
    init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        rounds = sorted.count
        lowest = first.rounded(toPlaces: 3)
        lowerQuartile = Self.quantile(sorted, 0.25).rounded(toPlaces: 3)
        upperQuartile = Self.quantile(sorted, 0.75).rounded(toPlaces: 3)
        highest = last.rounded(toPlaces: 3)
    }

    /// Between the two values that are next to it, as the other benchmarks take it.
    private static func quantile(_ sorted: [Double], _ part: Double) -> Double {
        let position = part * Double(sorted.count - 1)
        let below = Int(position)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (sorted[above] - sorted[below]) * (position - Double(below))
    }
}
