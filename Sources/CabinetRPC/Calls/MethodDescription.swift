/// What happens when a call is sent again, as after a lost link. The schema says it of each method.
public enum MethodIdempotency: Sendable, Hashable {
    /// Nothing is promised: only a call that the server did not process may be sent again.
    case unspecified
    /// The call changes nothing, and may be sent again at any time.
    case safe
    /// The call carries a key, with which the server recognises it and gives the first outcome.
    case keyed
}

/// How requests and responses travel in a call.
public enum MethodKind: Sendable, Hashable {
    /// One request, one response.
    case unary
    /// Many requests, one response.
    case clientStreaming
    /// One request, many responses.
    case serverStreaming
    /// Many requests, many responses.
    case bidirectional
    /// One request, and then the events of a broadcast channel.
    case channel
}

/// A method of a service, without the types of its messages: for tables, logs and metrics.
public struct MethodDescription: Sendable, Hashable {
    /// The number that names the method on the wire. It is never changed and never reused.
    public let number: UInt16
    /// The full name, for example `cabinet.v1.VotingService.CastBallot`.
    public let name: String
    public let kind: MethodKind
    public let idempotency: MethodIdempotency
    /// The full name of the request message.
    public let requestName: String
    /// The full name of the response message.
    public let responseName: String

    public init(
        number: UInt16,
        name: String,
        kind: MethodKind,
        idempotency: MethodIdempotency,
        requestName: String,
        responseName: String
    ) {
        self.number = number
        self.name = name
        self.kind = kind
        self.idempotency = idempotency
        self.requestName = requestName
        self.responseName = responseName
    }
}
