internal import Histogram

/// How often something took how long, to three digits: from a microsecond to ten minutes.
///
/// It can be added to others, of other connections and of other processes.
public struct LatencyHistogram: Sendable {
    private static let maxNanoseconds: UInt64 = 600_000_000_000

    private var histogram = Histogram<UInt64>(
        lowestDiscernibleValue: 1_000,
        highestTrackableValue: maxNanoseconds,
        numberOfSignificantValueDigits: .three
    )

    public init() {}

    public var count: Int { Int(clamping: histogram.totalCount) }

    /// What took no time, or less, counts as nothing; what took longer than ten minutes as ten minutes.
    public mutating func record(_ duration: Duration) {
        let nanoseconds = duration / .nanoseconds(1)
        histogram.record(UInt64(min(max(0, nanoseconds), Double(Self.maxNanoseconds))))
    }

    public mutating func add(_ other: LatencyHistogram) {
        histogram.add(other.histogram)
    }

    /// - Parameter percent: From 0 to 100.
    /// - Returns: Zero where nothing was recorded.
    public func percentile(_ percent: Double) -> Duration {
        guard count > 0 else { return .zero }
        return .nanoseconds(Int64(clamping: histogram.valueAtPercentile(percent)))
    }

    public var maximum: Duration {
        count == 0 ? .zero : .nanoseconds(Int64(clamping: histogram.max))
    }

    /// Values with how often each was recorded, in rising order: enough to make it anew.
    public var buckets: [Bucket] {
        histogram.recordedValues().map {
            Bucket(
                nanoseconds: $0.value,
                count: Int(clamping: $0.countAddedInThisIterationStep)
            )
        }
    }

    /// - Throws: ``InvalidBuckets`` where something is negative or too large to be added up.
    public init(_ buckets: [Bucket]) throws(InvalidBuckets) {
        for bucket in buckets {
            guard let count = UInt32(exactly: bucket.count),
                bucket.nanoseconds <= Self.maxNanoseconds
            else { throw InvalidBuckets() }
            histogram.record(bucket.nanoseconds, count: UInt64(count))
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
