internal import CabinetTLS
internal import CabinetWire
internal import Glibc
internal import NIOCore
internal import NIOPosix

extension RPCError {
    func hasReason(_ reason: String) -> Bool {
        details.contains { $0.reason == reason && $0.domain == "cabinet.rpc" }
    }

    /// A connection that could not be made, in words that tell a person what to do.
    init(cannotConnect error: any Error, to target: String) {
        switch error {
        case let error as RPCError:
            self = error
        case let error as TLSError:
            self = .noConnection("no connection to \(target): \(error.advice)", error)
        case let error as NIOConnectionError where error.connectionErrors.isEmpty:
            self = .noConnection(
                "no connection to \(target): the name cannot be resolved (\(error.explanation))."
                    + " Is it spelt right, and can this machine reach a name server?"
            )
        case let error as NIOConnectionError:
            self = .noConnection(
                "no connection to \(target): \(error.explanation)."
                    + " Is the server running, and is this its address?"
            )
        case let error as IOError:
            self = .noConnection(
                "no connection to \(target): \(error.explanation)."
                    + " Is the server running, and is this its address?"
            )
        case ChannelError.connectTimeout:
            self = .noConnection("no connection to \(target): it did not answer in time")
        default:
            self = .noConnection("no connection to \(target): \(error)")
        }
    }

    /// A connection that the server has ended before its HELLO.
    init(refused error: (any Error)?) {
        let tls = error as? TLSError
        let what = tls?.advice ?? error.map { "\($0)" } ?? "it closed the connection at once"
        self = .noConnection("the server did not let this client in: \(what)", tls)
    }

    /// A connection that was lost with the call on it.
    init(connectionLost error: (any Error)?) {
        let what = (error as? TLSError)?.explanation ?? error.map { "\($0)" }
        self = .runtime(
            .unavailable,
            "CONNECTION_LOST",
            "the connection to the server was lost" + (what.map { ": \($0)" } ?? "")
        )
    }

    /// A connection that the server has ended in place of saying HELLO.
    static func refused(by goAway: GoAway) -> RPCError {
        .runtime(
            .unavailable,
            goAway.reason == .revoked ? revokedReason : "NO_CONNECTION",
            "the server does not take the connection (\(goAway.reason)): \(goAway.message)",
            isNotProcessed: true
        )
    }

    /// Of a client that another attempt will not let in either, as far as the server knows.
    private static let revokedReason = "CLIENT_REVOKED"

    /// What another attempt may mend has the reason NO_CONNECTION; what it cannot, the reason of TLS.
    private static func noConnection(_ message: String, _ tls: TLSError? = nil) -> RPCError {
        let reason = tls.map { $0.isLasting ? "TLS_\($0.reason.rawValue)" : nil } ?? nil
        return .runtime(
            .unavailable,
            reason ?? "NO_CONNECTION",
            message,
            isNotProcessed: true
        )
    }

    /// Whether this is about certificates, their owner or the protocol, and will be the same at the next
    /// attempt.
    package var isLastingRefusal: Bool {
        details.contains { detail in
            detail.domain == "cabinet.rpc"
                && (detail.reason.hasPrefix("TLS_") || detail.reason == Self.revokedReason)
        }
    }

    static let serverIsSilent = RPCError.runtime(
        .unavailable,
        "SERVER_SILENT",
        "the server does not answer: the link is lost"
    )

    static let tooManyWaitingCalls = RPCError.runtime(
        .resourceExhausted,
        "TOO_MANY_WAITING_CALLS",
        "too many calls wait for a connection, or for one of the server's slots",
        isNotProcessed: true
    )

    static let connectionIsClosing = RPCError.runtime(
        .unavailable,
        "CONNECTION_CLOSING",
        "the connection is being closed",
        isNotProcessed: true
    )

    static let clientIsClosed = RPCError.runtime(
        .failedPrecondition,
        "CLIENT_CLOSED",
        "the client was closed",
        isNotProcessed: true
    )
}

extension ProtocolViolation {
    /// Whether nothing came, or nothing was taken, for too long. That may be a lost link as well as a broken
    /// server, and passes.
    var isSilence: Bool { reason == .timeout || reason == .stalled }
}

extension IOError {
    /// What the system says, without the call in which it said so.
    fileprivate var explanation: String { String(cString: strerror(errnoCode)) }
}

extension NIOConnectionError {
    private static func text(_ error: any Error) -> String {
        (error as? IOError)?.explanation ?? "\(error)"
    }

    /// What the attempts failed of, each once.
    fileprivate var explanation: String {
        var reasons = [dnsAError, dnsAAAAError].compactMap { $0 }.map { error in
            (error as? SocketAddressError.UnknownHost)?.errorDescription ?? "\(error)"
        }
        // With an address there is nothing more to say of the name.
        if !connectionErrors.isEmpty { reasons = connectionErrors.map { Self.text($0.error) } }
        var seen: Set<String> = []
        return reasons.filter { seen.insert($0).inserted }.joined(separator: "; ")
    }
}

extension TLSError {
    /// What happened, and what a person can do about it.
    var advice: String {
        switch reason {
        case .peerAlert:
            "\(explanation). It does not accept this client's certificate: it may have expired, been"
                + " revoked, or be signed by an authority that the server does not trust"
        case .notTLS, .plainHTTP, .noCommonProtocol, .unsupportedVersion:
            "\(explanation). Is this the port of e-Cabinet?"
        default:
            explanation
        }
    }

    /// Whether another attempt a moment later would fail in the same way, for all that is known.
    var isLasting: Bool {
        switch reason {
        case .untrusted, .expired, .notYetValid, .revoked, .revocationUnknown, .wrongHost,
            .wrongPurpose, .weakCertificate, .badCertificate, .noCertificate, .unsupportedVersion,
            .noCommonProtocol, .notTLS, .plainHTTP, .peerAlert:
            true
        default: false
        }
    }
}
