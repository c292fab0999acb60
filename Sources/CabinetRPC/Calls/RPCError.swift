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

    /// Whether a client's runtime threw it. Where a handler lets such an error through, it says nothing
    /// about the handler's own call.
    var isOfCall = false

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

extension RPCError {
    // Where an error was thrown is no part of what it says.

    public static func == (left: RPCError, right: RPCError) -> Bool {
        left.code == right.code && left.message == right.message && left.details == right.details
            && left.isNotProcessed == right.isNotProcessed
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(message)
        hasher.combine(details)
        hasher.combine(isNotProcessed)
    }

    /// The error as a client's runtime throws it.
    var ofCall: RPCError {
        var error = self
        error.isOfCall = true
        return error
    }

    /// The error as a handler's own. That another call was not processed does not say that this one had
    /// no effect, nor is what happened to another connection of any meaning to this one's client.
    var ofHandler: RPCError {
        guard isOfCall else { return self }
        return RPCError(code, message, details: details.filter { $0.domain != "cabinet.rpc" })
    }
}

extension RPCError: CustomStringConvertible {
    public var description: String {
        let reasons = details.map(\.reason).joined(separator: ", ")
        return reasons.isEmpty ? "\(code): \(message)" : "\(code) (\(reasons)): \(message)"
    }
}
