public import CabinetCodec

/// A method with the types of its messages. The five kinds are types of their own, so that a method
/// cannot be called, or served, in another way than the schema says.
public protocol MethodDescriptor<Request, Response>: Sendable {
    associatedtype Request: Message
    associatedtype Response: Message

    var description: MethodDescription { get }
}

/// A method with one request and one response.
public struct UnaryMethod<Request: Message, Response: Message>: MethodDescriptor {
    public let description: MethodDescription

    public init(number: UInt16, name: String, idempotency: MethodIdempotency) {
        description = MethodDescription(
            number: number,
            name: name,
            kind: .unary,
            idempotency: idempotency,
            requestName: Request.fullName,
            responseName: Response.fullName
        )
    }
}

/// A method with many requests and one response.
public struct ClientStreamingMethod<Request: Message, Response: Message>: MethodDescriptor {
    public let description: MethodDescription

    public init(number: UInt16, name: String, idempotency: MethodIdempotency) {
        description = MethodDescription(
            number: number,
            name: name,
            kind: .clientStreaming,
            idempotency: idempotency,
            requestName: Request.fullName,
            responseName: Response.fullName
        )
    }
}

/// A method with one request and many responses.
public struct ServerStreamingMethod<Request: Message, Response: Message>: MethodDescriptor {
    public let description: MethodDescription

    public init(number: UInt16, name: String, idempotency: MethodIdempotency) {
        description = MethodDescription(
            number: number,
            name: name,
            kind: .serverStreaming,
            idempotency: idempotency,
            requestName: Request.fullName,
            responseName: Response.fullName
        )
    }
}

/// A method with many requests and many responses.
public struct BidirectionalMethod<Request: Message, Response: Message>: MethodDescriptor {
    public let description: MethodDescription

    public init(number: UInt16, name: String, idempotency: MethodIdempotency) {
        description = MethodDescription(
            number: number,
            name: name,
            kind: .bidirectional,
            idempotency: idempotency,
            requestName: Request.fullName,
            responseName: Response.fullName
        )
    }
}

/// A method with one request that subscribes to a broadcast channel of responses.
public struct ChannelMethod<Request: Message, Response: Message>: MethodDescriptor {
    public let description: MethodDescription

    public init(number: UInt16, name: String, idempotency: MethodIdempotency) {
        description = MethodDescription(
            number: number,
            name: name,
            kind: .channel,
            idempotency: idempotency,
            requestName: Request.fullName,
            responseName: Response.fullName
        )
    }
}
