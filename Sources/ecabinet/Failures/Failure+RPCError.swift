import CabinetClientTexts
import CabinetMapping
import CabinetRPC

extension RPCError: FailureConvertible {
    var failure: Failure {
        if let detail = details.first(where: { $0.domain == "cabinet.v1" }) {
            return Failure(domain: detail, of: self)
        }
        if let detail = details.first(where: { $0.domain == "cabinet.rpc" }),
            let failure = Failure(runtime: detail.reason, of: self)
        {
            return failure
        }
        return Failure(code: self)
    }
}

// MARK: - What the rules of meetings say

extension Failure {
    /// A reason of `cabinet.v1`, in the words for people. Where this program does not know it the server's
    /// message says what happened and what to do, and has a semicolon between the two.
    fileprivate init(domain detail: StatusDetail, of error: RPCError) {
        let isRefusal = error.code == .permissionDenied || error.code == .unauthenticated
        let status: ExitStatus = isRefusal ? .notPermitted : .refused
        let attributes = detail.attributes.map { JSONValue.Member($0.name, .string($0.value)) }
        if let reason = FailureReason(rawValue: detail.reason) {
            let facts = Dictionary(
                detail.attributes.map { ($0.name, $0.value) },
                uniquingKeysWith: { first, _ in first }
            )
            self.init(status, reason, facts, attributes: attributes)
            return
        }
        let parts = error.message.split(separator: "; ", maxSplits: 1).map(String.init)
        let facts = detail.attributes.map { "\($0.name): \($0.value)" }.joined(separator: ", ")
        self.init(
            status,
            detail.reason,
            Phrase(
                parts.first ?? error.message,
                vi: "máy chủ từ chối: \(parts.first ?? error.message)"
            ),
            because: facts.isEmpty ? nil : Phrase(untranslated: facts),
            advice: Phrase(
                parts.dropFirst().first ?? "use a program and a server of the same version",
                vi: "hãy dùng chương trình và máy chủ cùng phiên bản"
            ),
            attributes: attributes
        )
    }
}

// MARK: - What the connection says

extension Failure {
    /// A reason of `cabinet.rpc`.
    fileprivate init?(runtime reason: String, of error: RPCError) {
        if let failure = ConnectionFailures.failure(reason, error.message) {
            self = failure
        } else if reason.hasPrefix("TLS_") {
            self.init(.notPermitted, reason) { error.advice(in: $0) }
        } else {
            return nil
        }
    }

    /// What has no reason that this program knows.
    fileprivate init(code error: RPCError) {
        let status: ExitStatus =
            switch error.code {
            case .unavailable, .deadlineExceeded, .resourceExhausted: .unavailable
            case .permissionDenied, .unauthenticated: .notPermitted
            case .cancelled: .interrupted
            case .internal, .unknown, .dataLoss, .unrecognized: .internalError
            default: .refused
            }
        guard status != .interrupted else {
            self = .interrupted
            return
        }
        let reason = error.details.first?.reason ?? error.code.canonicalName
        self.init(status, reason) { error.advice(in: $0) }
    }
}
