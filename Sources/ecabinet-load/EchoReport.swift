import CommandSupport
import Foundation
import Histogram

/// The figures of a load, for a reader or for a program.
struct EchoReport: Encodable {
    struct Latency: Encodable {
        let p50: Double
        let p90: Double
        let p99: Double
        let p999: Double
        let max: Double
    }

    let target: String
    let connections: Int
    let inFlight: Int
    let payloadBytes: Int
    let requests: Int
    let errors: Int
    let firstError: String?
    let seconds: Double
    let ratePerS: Double
    let latencyUs: Latency

    init(
        _ figures: EchoLoad.Figures,
        target: HostAndPort,
        connections: Int,
        inFlight: Int,
        payloadBytes: Int
    ) {
        self.target = "\(target)"
        self.connections = connections
        self.inFlight = inFlight
        self.payloadBytes = payloadBytes
        requests = figures.requests
        errors = figures.errors
        firstError = figures.firstError
        seconds = figures.measured / .seconds(1)
        ratePerS = inTenths(Double(figures.requests) / seconds)
        let latencies = figures.latencies
        func microseconds(_ nanoseconds: UInt64) -> Double {
            inTenths(Double(nanoseconds) / 1_000)
        }
        func percentile(_ percentile: Double) -> Double {
            microseconds(latencies.totalCount == 0 ? 0 : latencies.valueAtPercentile(percentile))
        }
        latencyUs = Latency(
            p50: percentile(50),
            p90: percentile(90),
            p99: percentile(99),
            p999: percentile(99.9),
            max: microseconds(latencies.totalCount == 0 ? 0 : latencies.max)
        )
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.sortedKeys]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    var text: String {
        """
        \(requests) calls in \(seconds) s, \(ratePerS) a second, \(errors) failed
        latency in µs: p50 \(latencyUs.p50), p90 \(latencyUs.p90), p99 \(latencyUs.p99), \
        p99.9 \(latencyUs.p999), max \(latencyUs.max)
        """
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(target, forKey: .target)
        try container.encode(connections, forKey: .connections)
        try container.encode(inFlight, forKey: .inFlight)
        try container.encode(payloadBytes, forKey: .payloadBytes)
        try container.encode(requests, forKey: .requests)
        try container.encode(errors, forKey: .errors)
        // Also where there is none.
        try container.encode(firstError, forKey: .firstError)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(ratePerS, forKey: .ratePerS)
        try container.encode(latencyUs, forKey: .latencyUs)
    }

    private enum CodingKeys: String, CodingKey {
        case target, connections, inFlight, payloadBytes, requests, errors, firstError, seconds
        case ratePerS, latencyUs
    }
}

private func inTenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
