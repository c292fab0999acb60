import Histogram

/// Percentiles in microseconds, to a tenth.
struct LatencyReport: Encodable {
    let p50: Double
    let p90: Double
    let p99: Double
    let p999: Double
    let max: Double

    /// - Parameter latencies: In nanoseconds.
    init(_ latencies: Histogram<UInt64>) {
        func microseconds(_ nanoseconds: UInt64) -> Double {
            inTenths(Double(nanoseconds) / 1_000)
        }
        func percentile(_ percentile: Double) -> Double {
            microseconds(latencies.totalCount == 0 ? 0 : latencies.valueAtPercentile(percentile))
        }
        p50 = percentile(50)
        p90 = percentile(90)
        p99 = percentile(99)
        p999 = percentile(99.9)
        max = microseconds(latencies.totalCount == 0 ? 0 : latencies.max)
    }

    var text: String {
        "latency in µs: p50 \(p50), p90 \(p90), p99 \(p99), p99.9 \(p999), max \(max)"
    }
}

func inTenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
