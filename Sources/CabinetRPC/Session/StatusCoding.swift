extension RPCError {
    /// What a peer said in STATUS.
    init(_ status: Status, isNotProcessed: Bool) {
        self.init(
            status.code,
            status.message,
            details: status.details,
            isNotProcessed: isNotProcessed
        )
    }

    /// The body of STATUS. An error cannot say OK, nor a code that this version does not know.
    var status: Status {
        switch code {
        case .ok, .unrecognized:
            Status(code: .internal, message: "the handler failed with the code \(code.rawValue)")
        default:
            Status(code: code, message: message, details: details)
        }
    }

    /// An error of the runtime itself, with a stable reason.
    static func runtime(
        _ code: Code,
        _ reason: String,
        _ message: String,
        isNotProcessed: Bool = false
    ) -> RPCError {
        RPCError(
            code,
            message,
            details: [StatusDetail(reason: reason, domain: "cabinet.rpc")],
            isNotProcessed: isNotProcessed
        )
    }
}

extension RPCError {
    static let streamHasAReader = RPCError.runtime(
        .failedPrecondition,
        "STREAM_HAS_A_READER",
        "two tasks read one stream at the same time"
    )
}

extension String {
    /// The text with at most that many bytes of UTF-8, cut between characters.
    func prefix(maxBytes: Int) -> String {
        if utf8.count <= maxBytes { return self }
        var end = startIndex
        var byteCount = 0
        while end < endIndex {
            byteCount += self[end].utf8.count
            if byteCount > maxBytes { break }
            end = index(after: end)
        }
        return String(self[..<end])
    }
}
