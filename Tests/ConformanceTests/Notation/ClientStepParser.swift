extension TokenReader {
    /// What a client is told to do.
    ///
    /// - Returns: `nil` where the word is nothing of the kind.
    mutating func takeClientDeed(_ word: String) throws(NotationError) -> CaseAction? {
        switch word {
        case "call": return .call(try takeCall())
        case "write": return .write(call: try takeCallName(), try takeText())
        case "finish": return .finish(call: try takeCallName())
        case "cancel": return .cancel(call: try takeCallName())
        default: return nil
        }
    }

    private mutating func takeCallName() throws(NotationError) -> String {
        try takeWord("the name of a call")
    }

    private mutating func takeText() throws(NotationError) -> [UInt8] {
        try [takePart()].encoded([:])
    }

    private mutating func takeCall() throws(NotationError) -> ClientCallText {
        var call = ClientCallText(
            name: try takeCallName(),
            method: try takeWord("the name of a method")
        )
        while let token = next {
            switch token {
            case .word("key"):
                _ = take()
                call.key = try takeText()
            case .word("timeout_ms"):
                _ = take()
                call.timeoutMilliseconds = try takeInteger("a time")
            case .word("resume"):
                _ = take()
                call.resume = [try takeInteger("an epoch"), try takeInteger("a sequence number")]
            default: call.text = try takeText()
            }
        }
        return call
    }

    mutating func takeClientExpectation() throws(NotationError) -> CaseAction {
        let what = try takeWord("what is expected of the call")
        let name = try takeCallName()
        switch what {
        case "pending": return .expectPending(call: name)
        case "response":
            try expect(":")
            return .expectResponse(call: name, try takeParts())
        default:
            let code = try takeInteger("a code")
            var isNotProcessed: Bool? = nil
            if take(.word("NOT_PROCESSED")) {
                isNotProcessed = true
            } else if take(.word("PROCESSED")) {
                isNotProcessed = false
            }
            let parts = take(.mark(":")) ? try takeParts() : nil
            return .expectOutcome(
                call: name,
                code: code,
                isNotProcessed: isNotProcessed,
                parts
            )
        }
    }
}
