/// What a subject has let the suite see.
enum Arrival {
    case bytes([UInt8])
    /// The connection has ended as it should: over TLS, with close_notify.
    case closed
    /// The connection was refused, or has ended otherwise.
    case failed(String)
    /// There is nothing, and it has been waited for.
    case nothing
}

/// The suite's end of a connection with a subject. Everything is called on one thread.
protocol SubjectLink: AnyObject {
    func send(_ bytes: [UInt8])
    /// - Parameter isExpected: Whether it is worth waiting long for.
    func receive(isExpected: Bool) -> Arrival
    func connect(_ options: [String: String]) throws
    func advance(milliseconds: UInt64)
    func stall(_ isStalled: Bool)
    func drain()
    func close()
    func cut()
    func reconnect()
    /// Ends everything, when the case is over.
    func finish()
}

/// A case asked for something that its subject does not have.
struct UnsupportedStep: Error {}

extension SubjectLink {
    func connect(_ options: [String: String]) throws { throw UnsupportedStep() }
    func stall(_ isStalled: Bool) {}
    func cut() { close() }
}
