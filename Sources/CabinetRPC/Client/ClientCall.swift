internal import CabinetCodec
internal import CabinetWire
internal import NIOCore

/// A call that a client makes, from its begin to its outcome.
///
/// `@unchecked Sendable`: it is used on the event loop of its client alone.
class ClientCall: @unchecked Sendable {
    private enum State {
        /// For a connection, or for a free slot.
        case waiting
        case sent(ClientSession, CallID)
        /// It has an outcome, or its caller has lost interest. Nothing is told any more.
        case over
    }

    private var header: CallHeader
    let metadata: [UInt8]
    /// The one request; `nil` where requests come as items.
    let message: [UInt8]?
    let responses: ClientConnection.ResponseKind
    /// When the caller stops waiting.
    let deadline: Timestamp?

    private var state = State.waiting
    var waitsForCredit = false
    private var writers: [LoopWait<Void>] = []

    init(
        _ header: CallHeader,
        metadata: [UInt8],
        message: [UInt8]?,
        responses: ClientConnection.ResponseKind,
        deadline: Timestamp?
    ) {
        self.header = header
        self.metadata = metadata
        self.message = message
        self.responses = responses
        self.deadline = deadline
    }

    // MARK: - What a kind of call does with what it is told

    /// The response of the call, after which there is nothing.
    func replied(_ response: RawSpan, _ session: ClientSession) {}
    /// One response of a stream.
    func received(_ response: RawSpan, _ session: ClientSession) {}
    /// One frame of a channel.
    func received(_ frame: ChannelFrame, _ body: RawSpan) {}
    /// The call has ended otherwise than by a reply: `nil` where its stream is complete. An error says
    /// whether the call was processed.
    func ended(_ error: RPCError?) {}

    /// What comes on a channel.
    enum ChannelFrame {
        case bound(BoundBody)
        case event(sequence: UInt64)
        case batch(BatchBody)
        case mark(sequence: UInt64)
        case snapshot(sequence: UInt64, isLast: Bool)
    }

    // MARK: - Its course

    var isOver: Bool {
        if case .over = state { true } else { false }
    }

    /// The connection that it was sent on, and its place there.
    var place: (session: ClientSession, id: CallID)? {
        if case .sent(let session, let id) = state { (session, id) } else { nil }
    }

    /// The header with the time that is left; `nil` where none is.
    func header(at now: Timestamp) -> CallHeader? {
        guard let deadline else { return header }
        let microseconds = deadline.since(now).nanoseconds / 1_000
        guard microseconds > 0 else { return nil }
        var header = header
        // A longer time than CWP/1 can say is kept by this side alone (rule 3.2).
        header.timeoutMicroseconds = UInt32(exactly: microseconds) ?? 0
        return header
    }

    func sent(on session: ClientSession, as id: CallID) {
        state = .sent(session, id)
        wakeWriters()
    }

    /// The response has arrived.
    func reply(_ response: RawSpan, _ session: ClientSession) {
        guard !isOver else { return }
        forget()
        replied(response, session)
    }

    /// The call ends otherwise: `nil` where a stream is complete.
    func end(_ error: RPCError?) {
        guard !isOver else { return }
        forget()
        ended(error)
    }

    /// The caller wants to know no more.
    func forget() {
        state = .over
        wakeWriters()
    }

    // MARK: - Tasks that wait to write requests

    var hasWriters: Bool { !writers.isEmpty }

    /// Waits until a request may be sent, or never may.
    func wait(_ writer: LoopWait<Void>) {
        switch state {
        case .over: writer.resume(())
        case .sent(let session, _) where !session.mustWait(self): writer.resume(())
        case .waiting, .sent: writers.append(writer)
        }
    }

    func wakeWriters() {
        let woken = writers
        writers = []
        for writer in woken { writer.resume(()) }
    }

    /// What became of a request that a caller wants to send.
    enum SendStep: Sendable {
        case sent
        case mustWait
        case failed(RPCError)
    }

    /// Sends one message of a stream of requests, or the end of it for `nil`.
    func send(_ request: [UInt8]?) -> SendStep {
        switch state {
        case .over: .failed(RPCError(.cancelled, "the call has ended"))
        case .waiting: .mustWait
        case .sent(let session, let id): session.send(request, of: self, id)
        }
    }
}

/// A call with one response, which a task waits for.
final class SingleResponseCall<Response: Message>: ClientCall, @unchecked Sendable {
    private let wait: LoopWait<Result<Response, RPCError>>

    init(
        _ begin: CallBeginning,
        message: [UInt8]?,
        _ wait: LoopWait<Result<Response, RPCError>>
    ) {
        self.wait = wait
        super.init(
            begin.header,
            metadata: begin.metadata,
            message: message,
            responses: .single,
            deadline: begin.deadline
        )
    }

    override func replied(_ response: RawSpan, _ session: ClientSession) {
        do throws(MessageDecodingError) {
            wait.resume(.success(try session.decode(Response.self, response)))
        } catch {
            wait.resume(.failure(RPCError(unreadable: error)))
        }
    }

    override func ended(_ error: RPCError?) {
        wait.resume(.failure(error ?? .noResponse))
    }
}

/// A call with a stream of responses, which a task reads.
final class ResponseStreamCall: ClientCall, @unchecked Sendable {
    private var inbox: StreamInbox

    init(_ begin: CallBeginning, message: [UInt8]?, limits: ConnectionLimits) {
        inbox = StreamInbox(limits)
        super.init(
            begin.header,
            metadata: begin.metadata,
            message: message,
            responses: .stream,
            deadline: begin.deadline
        )
    }

    override func received(_ response: RawSpan, _ session: ClientSession) {
        if let credit = inbox.receive(response) { session.give(credit, to: self) }
    }

    override func ended(_ error: RPCError?) {
        // What has arrived before an error can still be read.
        if let error { inbox.end(with: error) } else { inbox.end() }
    }

    func read(_ wait: LoopWait<StreamInbox.Next>) {
        guard let credit = inbox.read(wait), let place else { return }
        place.session.give(credit, to: self)
    }
}

/// What all attempts of a call have in common.
struct CallBeginning: Sendable {
    var header: CallHeader
    var metadata: [UInt8]
    var deadline: Timestamp?
}

extension RPCError {
    /// A message of the server's that is none.
    init(unreadable error: MessageDecodingError) {
        self = .runtime(
            .internal,
            "RESPONSE_MALFORMED",
            "the server sent a message that cannot be decoded: \(error)"
        )
    }

    /// A call with one response that ended well without it.
    static let noResponse = RPCError.runtime(
        .internal,
        "NO_RESPONSE",
        "the server ended the call without a response"
    )

    /// The caller's time is over, and there was no connection: for the reason given, if one is known.
    static func deadlineExceeded(while failure: RPCError?) -> RPCError {
        guard let failure else { return .deadlineExceeded(isNotProcessed: true) }
        return RPCError(
            .deadlineExceeded,
            "the deadline has passed, and there was no connection: \(failure.message)",
            details: failure.details,
            isNotProcessed: true
        )
    }

    /// The caller's time is over, before the server has said anything.
    static func deadlineExceeded(isNotProcessed: Bool) -> RPCError {
        .runtime(
            .deadlineExceeded,
            "DEADLINE_PASSED",
            "the server did not answer before the deadline",
            isNotProcessed: isNotProcessed
        )
    }
}
