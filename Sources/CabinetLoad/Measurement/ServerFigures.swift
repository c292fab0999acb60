/// What the server itself says, or its machine says of it, of a run.
public struct ServerFigures: Sendable {
    /// The processor time of its process.
    public var processorTime: Duration?
    /// The same over time, which begins anew where the server does.
    public var processor: [(at: Duration, used: Duration)] = []
    /// Its memory over time, in KiB, with the times since the beginning.
    public var residentKiB: [(at: Duration, kib: Int)] = []
    /// Its open file descriptors over time.
    public var descriptors: [(at: Duration, count: Int)] = []
    /// Its own metrics before and after the run, where they could be read.
    public var before: MetricsSnapshot?
    public var after: MetricsSnapshot?

    public init() {}
}
