internal import CabinetLocks
public import CoreMetrics

/// Counts what a program counts with `swift-metrics`, and shows it in the text format of Prometheus.
///
/// The families are declared when it is made, with what they mean: nothing else is exported. Whoever counts
/// holds a series of its own, which are a few atomic numbers; the registry's lock is taken where a series is
/// looked up, and by a reader for as long as it takes to copy a reference.
public final class MetricsRegistry: MetricsFactory, Sendable {
    /// Sets of label values of one family. What comes after them is counted under ``overflow``, all of it
    /// together.
    public static let maximumSeries = 4_096
    /// The value of each label of what is counted beyond ``maximumSeries``.
    public static let overflow = "other"

    /// A value that is asked for when somebody reads.
    public struct Observation: Sendable {
        /// The values of the family's labels.
        public let labels: [String]
        public let value: Double

        public init(_ value: Double, labels: [String] = []) {
            self.value = value
            self.labels = labels
        }
    }

    struct Family: Sendable {
        let declared: MetricFamily
        var series: [[String]: Series] = [:]
        var observe: (@Sendable () -> [Observation])?
    }

    private let indices: [String: Int]
    private let families: Guarded<[Family]>
    private let undeclared: @Sendable (String) -> Void

    /// - Parameters:
    ///   - families: In the order in which they are exported.
    ///   - undeclared: Is told the name of what is to be counted and was not declared, or with other labels
    ///     or of another kind: a mistake of the program's. It is not counted.
    /// - Precondition: Their names differ.
    public init(
        _ families: [MetricFamily],
        undeclared: @escaping @Sendable (_ name: String) -> Void = { name in
            assertionFailure("the metric \(name) is not declared so")
        }
    ) {
        indices = Dictionary(
            uniqueKeysWithValues: families.enumerated().map { ($1.name, $0) }
        )
        self.families = Guarded(families.map { Family(declared: $0) })
        self.undeclared = undeclared
    }

    /// Has the values of a counter or gauge asked for when somebody reads, on the reader's thread.
    ///
    /// - Parameter read: Gives as many values as there are; none where they cannot be had.
    public func observe(_ name: String, _ read: @escaping @Sendable () -> [Observation]) {
        guard let index = indices[name] else { return undeclared(name) }
        families.withLock { $0[index].observe = read }
    }

    /// What there is now.
    var snapshot: [Family] { families.withLock { $0 } }

    // MARK: - Series

    private func series(
        _ name: String,
        _ dimensions: [(String, String)],
        where fits: (MetricFamily.Kind) -> Bool
    ) -> Series? {
        guard let index = indices[name] else {
            undeclared(name)
            return nil
        }
        let labels = dimensions.map(\.0)
        let values = dimensions.map(\.1)
        let found = families.withLock { families -> Series? in
            let declared = families[index].declared
            guard declared.labels == labels, fits(declared.kind) else { return nil }
            if let found = families[index].series[values] { return found }
            let isFull = families[index].series.count >= Self.maximumSeries
            let key = isFull ? labels.map { _ in Self.overflow } : values
            if let found = families[index].series[key] { return found }
            let made = Series(declared.kind)
            families[index].series[key] = made
            return made
        }
        if found == nil { undeclared(name) }
        return found
    }

    public func makeCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any CounterHandler {
        guard case .counter(let series)? = series(label, dimensions, where: { $0 == .counter })
        else { return NOOPMetricsHandler.instance }
        return series
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        guard case .gauge(let series)? = series(label, dimensions, where: { $0 == .gauge }) else {
            return NOOPMetricsHandler.instance
        }
        return series
    }

    public func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        let found = series(label, dimensions) { kind in
            switch kind {
            case .gauge: !aggregate
            case .sizes: aggregate
            case .counter, .durations: false
            }
        }
        switch found {
        case .gauge(let series)?: return series
        case .histogram(let series)?: return series
        case .counter?, nil: return NOOPMetricsHandler.instance
        }
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let found = series(label, dimensions) { kind in
            if case .durations = kind { true } else { false }
        }
        guard case .histogram(let series)? = found else { return NOOPMetricsHandler.instance }
        return series
    }

    // What was counted stays, as Prometheus wants it.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}
}
