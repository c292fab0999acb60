public import NIOCore

/// What bounds those who read metrics.
public struct MetricsLimits: Sendable, Hashable {
    /// Connections at once. Further ones are closed as soon as they are taken.
    public var maxConnections = 16
    /// Bytes of a request, with everything that comes before there is an answer.
    public var maxRequestBytes = 8_192
    /// From the begin of a connection to its end, whatever happens on it: whoever sends or takes too slowly
    /// is cut off. A scrape of Prometheus has 10 s, unless it is told otherwise.
    public var timeout: TimeAmount = .seconds(10)

    public init() {}
}
