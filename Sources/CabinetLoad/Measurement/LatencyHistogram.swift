internal import Histogram

/// How often something took how long, from a microsecond to ten minutes.
///
/// It can be added to others, of other connections and of other processes. What it says depends on
/// nothing but how often each of its buckets was recorded, so that it says the same after a journey.
public struct LatencyHistogram: Sendable {
    /// How exactly a latency is kept.
    enum Precision {
        /// To a tenth of a percent, in about 170 KiB.
        case fine
        /// To a percent, in about 25 KiB: there are hundreds of these in a series.
        case coarse
    }

    private static let maxNanoseconds: UInt64 = 600_000_000_000

    private var histogram: Histogram<UInt64>

    public init() { self.init(.fine) }

    init(_ precision: Precision) {
        histogram = Histogram(
            lowestDiscernibleValue: 1_000,
            highestTrackableValue: Self.maxNanoseconds,
            numberOfSignificantValueDigits: precision == .fine ? .three : .two
        )
    }

    public var count: Int { Int(clamping: histogram.totalCount) }

    /// What took no time, or less, counts as nothing; what took longer than ten minutes as ten minutes.
    public mutating func record(_ duration: Duration) {
        let nanoseconds = duration / .nanoseconds(1)
        histogram.record(UInt64(min(max(0, nanoseconds), Double(Self.maxNanoseconds))))
    }

    /// - Precondition: The other has the same precision.
    public mutating func add(_ other: LatencyHistogram) {
        histogram.add(other.histogram)
    }

    /// The upper end of the bucket that has the percentile.
    ///
    /// - Parameter percent: From 0 to 100.
    /// - Returns: Zero where nothing was recorded.
    public func percentile(_ percent: Double) -> Duration {
        guard count > 0 else { return .zero }
        let value = histogram.valueAtPercentile(percent)
        return .nanoseconds(Int64(clamping: histogram.highestEquivalentForValue(value)))
    }

    public var maximum: Duration { percentile(100) }

    /// Values with how often each was recorded, in rising order: enough to make it anew.
    public var buckets: [Bucket] {
        guard count > 0 else { return [] }
        // The library's own iterator multiplies counts with values, which can overflow.
        var buckets: [Bucket] = []
        var value = histogram.min
        while value <= histogram.maxRecorded {
            let count = Int(clamping: histogram.countForValue(value))
            if count > 0 {
                let end = histogram.highestEquivalentForValue(value)
                buckets.append(Bucket(nanoseconds: end, count: count))
            }
            value = histogram.nextNonEquivalentForValue(value)
        }
        return buckets
    }

    /// - Throws: ``InvalidBuckets`` where something is negative or too large to be added up.
    public init(_ buckets: [Bucket]) throws(InvalidBuckets) {
        try self.init(.fine, buckets)
    }

    init(_ precision: Precision, _ buckets: [Bucket]) throws(InvalidBuckets) {
        self.init(precision)
        let greatest = histogram.highestEquivalentForValue(Self.maxNanoseconds)
        for bucket in buckets {
            guard let count = UInt32(exactly: bucket.count), bucket.nanoseconds <= greatest
            else { throw InvalidBuckets() }
            // None of a value is no value.
            if count > 0 { histogram.record(bucket.nanoseconds, count: UInt64(count)) }
        }
    }

    public struct Bucket: Sendable, Hashable {
        public var nanoseconds: UInt64
        public var count: Int

        public init(nanoseconds: UInt64, count: Int) {
            self.nanoseconds = nanoseconds
            self.count = count
        }
    }

    /// No histogram is made of these.
    public struct InvalidBuckets: Error, CustomStringConvertible {
        public var description: String { "the buckets of a histogram are out of range" }
    }
}
