/// The two ends of a connection.
public enum Side: Sendable, Hashable {
    /// The end that opened the connection.
    case client
    case server
}
