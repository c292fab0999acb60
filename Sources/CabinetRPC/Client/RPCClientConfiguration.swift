public import CabinetTLS
public import CabinetWire
public import NIOCore

/// How a client connects, how long it waits, and what it tries again.
public struct RPCClientConfiguration: Sendable {
    /// The time for name resolution and TCP: for all addresses of the server together.
    public var connectTimeout: TimeAmount = .seconds(5)
    public var tls = TLSLimits()
    /// What the server may send.
    public var limits = ConnectionLimits.default
    /// How long the server may take. A client has no idle time: the server ends idle connections, and
    /// the next call opens another.
    public var liveness = Liveness.Settings(idle: nil)
    /// For a call with one request and one response that says nothing about it itself; `nil` for as
    /// long as it takes.
    public var defaultTimeout: Duration? = .seconds(10)
    /// Calls that wait for a free slot. Further ones fail with RESOURCE_EXHAUSTED.
    public var maxWaitingCalls = 1_024
    public var retry = RetryPolicy()
    public var reconnect = Backoff()
    public var subscriptions = SubscriptionLimits()
    /// The first is the outermost. They stand around each call with all its attempts.
    public var interceptors: [any ClientInterceptor] = []

    /// SHA-256 of the schema that the client was built with; 32 bytes, or none.
    public var schemaHash: [UInt8] = []
    /// Name and version of the software, for the server's log. At most 256 bytes.
    public var agent = "e-cabinet"

    public init() {}
}
