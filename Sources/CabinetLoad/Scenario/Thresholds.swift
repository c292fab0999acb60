/// What a rehearsal has to keep to. What is `nil` is measured and not judged.
public struct Thresholds: Sendable, Hashable {
    /// From the planned time of a ballot to its verified receipt, in milliseconds.
    public var voteP50Ms: Double?
    public var voteP99Ms: Double?
    /// From the first that is heard of a ballot to its event at those who follow the meeting, in milliseconds.
    public var deliveryP99Ms: Double?
    /// From the planned time of a read to its answer, in milliseconds.
    public var readP99Ms: Double?
    /// Until all followers who lost their connections are back, in milliseconds.
    public var returnMs: Double?
    /// Ballots, reads and calls of the secretary that failed for good.
    public var errors = 0
    /// Which share of what was to be sent may be sent late, because the machine of the harness could not
    /// keep up, in percent. With more of it the figures say nothing about the server.
    public var lateSendsPercent = 1.0

    public init() {}
}
