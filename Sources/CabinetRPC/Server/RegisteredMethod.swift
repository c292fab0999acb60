internal import CabinetCodec
internal import CabinetWire
internal import Metrics

/// A method that a server has, without the types of its messages.
final class RegisteredMethod: Sendable {
    /// How a call ended well.
    enum Outcome: Sendable {
        case response(any Message)
        /// A stream of responses is complete.
        case endOfStream
        /// The call subscribes to a channel.
        case subscription(SubscriptionRequest)
    }

    /// Runs a handler, whose request has been decoded.
    typealias Run = @Sendable (ServerCall, CallContext) async throws -> Outcome

    /// Decodes the request, if the method has one, and gives what is to be run in a task.
    typealias Task =
        @Sendable (
            UnsafeRawBufferPointer, LoopContext
        ) throws(MessageDecodingError) -> Run

    /// Decodes, runs and answers, on the event loop and at once.
    typealias Inline =
        @Sendable (UnsafeRawBufferPointer, ServerSession, CallID, CallContext) -> Void

    enum Body: Sendable {
        case task(Task)
        case inline(Inline, inTask: Task)
        /// Nothing: for a context without a server.
        case none
    }

    let description: MethodDescription
    let body: Body
    /// That of ``body``, without a switch for each call.
    let inline: Inline?
    let metrics: MethodMetrics

    init(
        _ description: MethodDescription,
        _ body: Body = .none,
        metrics factory: any MetricsFactory = MetricsSystem.factory
    ) {
        self.description = description
        self.body = body
        if case .inline(let inline, _) = body { self.inline = inline } else { inline = nil }
        metrics = MethodMetrics(description, factory)
    }

    /// Whether the one request is in CALL itself (CWP/1, rule 3.3).
    var takesOneRequest: Bool {
        switch description.kind {
        case .unary, .serverStreaming, .channel: true
        case .clientStreaming, .bidirectional: false
        }
    }
}
