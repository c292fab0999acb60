public import CabinetTLS
public import Logging

/// What a handler knows of a call beside its messages.
public struct CallContext: Sendable {
    /// What all calls of a connection have in common.
    final class Connection: Sendable {
        let peer: PeerIdentity
        private let base: Logger
        /// `nil` where there is no connection, as in a test.
        private let remoteAddress: String?

        init(peer: PeerIdentity, remoteAddress: String? = nil, logger: Logger) {
            self.peer = peer
            self.remoteAddress = remoteAddress
            base = logger
        }

        /// A logger whose lines say whose connection it is. It is made when it is needed: metadata of
        /// its own would take each idle connection a kilobyte.
        var logger: Logger {
            guard let remoteAddress else { return base }
            var logger = base
            logger[metadataKey: "peer"] = "\(peer.publicKeyFingerprint)"
            logger[metadataKey: "remote"] = "\(remoteAddress)"
            return logger
        }
    }

    let connection: Connection
    var effect: EffectGate?
    let registered: RegisteredMethod

    /// What most calls have nothing of.
    struct Extras: Sendable {
        var metadata = Metadata()
        var idempotencyKey: IdempotencyKey?
        var deadline: ContinuousClock.Instant?
        var trace: TraceContext?
    }

    /// Behind one reference: a context is made, copied and destroyed with every call.
    final class Box: Sendable {
        let extras: Extras

        init(_ extras: Extras) {
            self.extras = extras
        }
    }

    private var box: Box?

    private var extras: Extras {
        get { box?.extras ?? Extras() }
        set { box = Box(newValue) }
    }

    /// Names and values that the caller sent along. They prove nothing about the caller.
    public var metadata: Metadata {
        get { box?.extras.metadata ?? Metadata() }
        set { extras.metadata = newValue }
    }

    /// The key of a keyed call.
    public var idempotencyKey: IdempotencyKey? {
        get { box?.extras.idempotencyKey }
        set { extras.idempotencyKey = newValue }
    }

    /// When the caller stops waiting; `nil` for never.
    public var deadline: ContinuousClock.Instant? {
        get { box?.extras.deadline }
        set { extras.deadline = newValue }
    }

    /// The trace that the call belongs to.
    public var trace: TraceContext? {
        get { box?.extras.trace }
        set { extras.trace = newValue }
    }

    /// The method that was called.
    public var method: MethodDescription { registered.description }

    /// Who calls. It is known of every call, so that a handler cannot forget to ask.
    public var peer: PeerIdentity { connection.peer }

    /// A logger whose lines say which call they belong to: the method, the fingerprint of the caller's
    /// key, and the trace.
    public var logger: Logger {
        var logger = connection.logger
        logger[metadataKey: "method"] = "\(method.name)"
        if let trace { logger[metadataKey: "traceparent"] = "\(trace.traceparent)" }
        return logger
    }

    /// A context for a handler that is called without a connection, as in a test.
    public init(
        method: MethodDescription,
        peer: PeerIdentity,
        metadata: Metadata = Metadata(),
        idempotencyKey: IdempotencyKey? = nil,
        deadline: ContinuousClock.Instant? = nil,
        trace: TraceContext? = nil,
        logger: Logger = Logger(label: "cabinet.rpc")
    ) {
        self.init(
            registered: RegisteredMethod(method),
            connection: Connection(peer: peer, logger: logger),
            extras: Box(
                Extras(
                    metadata: metadata,
                    idempotencyKey: idempotencyKey,
                    deadline: deadline,
                    trace: trace
                )
            )
        )
    }

    init(
        registered: RegisteredMethod,
        connection: Connection,
        effect: EffectGate? = nil,
        extras: Box?
    ) {
        self.registered = registered
        self.connection = connection
        self.effect = effect
        box = extras
    }

    /// Notes that the call is about to have an effect, and that from here on its real outcome is sent,
    /// whatever becomes of the caller (CWP/1, rule 3.7). To be called by whatever makes the effect, on
    /// any thread, at the last moment at which it can still be left undone.
    ///
    /// - Throws: ``RPCError`` where the caller has given up already. There must be no effect: throw it
    ///   on, and the caller learns that the call is safe to be sent again.
    public func beginEffect() throws(RPCError) {
        guard effect?.begin() != false else {
            throw RPCError(
                .cancelled,
                "the caller gave up before the call had an effect",
                isNotProcessed: true
            )
        }
    }
}
