public import NIOCore

/// What a channel keeps, and how long its subscribers may take (CWP/1, section 5).
public struct ChannelLimits: Sendable, Hashable {
    /// Bytes of events that are kept for subscribers who are behind. Who needs older ones gets a
    /// snapshot.
    public var historyBytes = 4 << 20
    /// Events that are kept.
    public var historyEvents = 65_536
    /// A channel without events says at this interval that there are none (rule 5.7).
    public var markInterval: TimeAmount = .seconds(5)
    /// A subscriber who is behind and takes nothing for so long is ended, and may resume (rule 5.8).
    public var maxStall: TimeAmount = .seconds(30)

    public init() {}
}
