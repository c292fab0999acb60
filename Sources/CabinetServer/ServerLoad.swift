/// What waits inside a server at a moment.
public struct ServerLoad: Sendable, Hashable {
    /// Commands, ballots and questions that wait for the sequencer.
    public let orders: Int
    /// Bytes of their requests.
    public let orderBytes: Int
    /// Ballots that wait for their verification, or are being verified.
    public let ballots: Int
}
