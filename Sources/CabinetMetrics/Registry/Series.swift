internal import CoreMetrics
internal import Synchronization

/// What a family has for one set of label values. Whoever counts takes no lock, and waits for nobody who
/// reads.
enum Series: Sendable {
    case counter(CounterSeries)
    case gauge(GaugeSeries)
    case histogram(HistogramSeries)

    init(_ kind: MetricFamily.Kind) {
        switch kind {
        case .counter: self = .counter(CounterSeries())
        case .gauge: self = .gauge(GaugeSeries())
        case .durations(let bounds), .sizes(let bounds):
            self = .histogram(HistogramSeries(bounds))
        }
    }
}

final class CounterSeries: CounterHandler, Sendable {
    private let count = Atomic<UInt64>(0)

    var value: UInt64 { count.load(ordering: .relaxed) }

    func increment(by amount: Int64) {
        // A counter does not go back.
        guard amount > 0 else { return }
        count.wrappingAdd(UInt64(amount), ordering: .relaxed)
    }

    func reset() { count.store(0, ordering: .relaxed) }
}

final class GaugeSeries: MeterHandler, RecorderHandler, Sendable {
    private let bits = Atomic<UInt64>(Double(0).bitPattern)

    var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func set(_ value: Int64) { set(Double(value)) }

    func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    func record(_ value: Int64) { set(value) }

    func record(_ value: Double) { set(value) }

    func increment(by amount: Double) {
        var seen = bits.load(ordering: .relaxed)
        while true {
            let sum = Double(bitPattern: seen) + amount
            let (isDone, found) = bits.weakCompareExchange(
                expected: seen,
                desired: sum.bitPattern,
                ordering: .relaxed
            )
            if isDone { return }
            seen = found
        }
    }

    func decrement(by amount: Double) { increment(by: -amount) }
}

final class HistogramSeries: TimerHandler, RecorderHandler, Sendable {
    struct Reading {
        /// Values up to each bound and beyond the one before; the last are beyond all bounds.
        let counts: [UInt64]
        let sum: UInt64
    }

    private let bounds: [Int64]
    /// One for each bound, one for what is beyond them, and the sum.
    private let cells: AtomicCells

    init(_ bounds: [Int64]) {
        self.bounds = bounds
        cells = AtomicCells(count: bounds.count + 2)
    }

    func record(_ value: Int64) {
        // From the smallest: most of what is measured is short.
        var index = 0
        while index < bounds.count, value > bounds[index] { index += 1 }
        cells.add(1, at: index)
        cells.add(UInt64(clamping: value), at: bounds.count + 1)
    }

    func record(_ value: Double) {
        guard let whole = Int64(exactly: value.rounded()) else { return }
        record(whole)
    }

    func recordNanoseconds(_ duration: Int64) { record(duration) }

    /// What was recorded so far. A value that is recorded meanwhile may be in the counts and not yet in
    /// the sum.
    var reading: Reading {
        Reading(
            counts: (0...bounds.count).map { cells.load(at: $0) },
            sum: cells.load(at: bounds.count + 1)
        )
    }
}
