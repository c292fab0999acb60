/// A call that failed, or a stream that ended in error.
public struct RPCError: Error, Sendable, Hashable {
    /// The kind of failure: one of gRPC's canonical codes.
    public var code: Code
    /// What happened and what to do, in English, for a developer or a log.
    public var message: String
    /// Machine-readable reasons, such as `POLL_NOT_OPEN`, for a program to act on.
    public var details: [StatusDetail]
    /// Whether the server is known not to have begun the call: it may be sent again, whatever it is.
    public var isNotProcessed: Bool

    public init(
        _ code: Code,
        _ message: String,
        details: [StatusDetail] = [],
        isNotProcessed: Bool = false
    ) {
        self.code = code
        self.message = message
        self.details = details
        self.isNotProcessed = isNotProcessed
    }
}

extension RPCError: CustomStringConvertible {
    public var description: String {
        let reasons = details.map(\.reason).joined(separator: ", ")
        return reasons.isEmpty ? "\(code): \(message)" : "\(code) (\(reasons)): \(message)"
    }
}
