extension ConformanceCase {
    /// The names of `with`, and what they mean is in the notation's document.
    private static let settingNames: Set = [
        "max_calls", "max_subscriptions", "max_frame_bytes", "max_metadata_bytes",
        "initial_credit_bytes", "ping_ms", "idle_ms", "grace_ms", "history",
        "catch_up_ms",
    ]

    /// Takes a line of the case.
    mutating func take(
        _ reader: inout TokenReader,
        line: Int,
        text: String
    ) throws(NotationError) {
        switch try reader.takeWord("the word that says what the line is about") {
        case "rule": try takeRules(&reader)
        case "subject":
            let word = try reader.takeWord("server or client")
            guard let subject = CaseSubject(rawValue: word) else {
                throw NotationError("'\(word)' is neither server nor client")
            }
            self.subject = subject
            if subject == .client { transports = [.process] }
        case "only":
            let word = try reader.takeWord("process or tls")
            guard let transport = CaseTransport(rawValue: word) else {
                throw NotationError("'\(word)' is neither process nor tls")
            }
            transports.formIntersection([transport])
        case "with": try takeSettings(&reader)
        case "allow":
            while !reader.isAtEnd {
                allowedTypes.insert(try FrameText.type(try reader.takeWord("the type of a frame")))
            }
        case "repeat": try beginRepetition(&reader)
        case "end": try endRepetition()
        case "open": try takeOpen(&reader, line, text)
        case let word:
            var action = try reader.takeDeed(word)
            if action == nil { action = try reader.takeClientDeed(word) }
            guard let action else { throw NotationError("'\(word)' is not part of the notation") }
            switch action {
            // What is short can be waited for.
            case .advance(let milliseconds) where milliseconds <= 100: break
            case .advance, .stall: transports.formIntersection([.process])
            case .connect, .expectRefusal: transports.formIntersection([.tls])
            default: break
            }
            add(line, text, action)
        }
        try reader.expectEnd()
    }

    private mutating func beginRepetition(_ reader: inout TokenReader) throws(NotationError) {
        guard repetition == nil else { throw NotationError("a repeat within another") }
        repetition = Repetition(
            count: Int(clamping: try reader.takeInteger("a number of times")),
            firstStep: steps.count
        )
    }

    private mutating func endRepetition() throws(NotationError) {
        guard let repetition else { throw NotationError("an end without a repeat") }
        let once = steps[repetition.firstStep...]
        guard repetition.count > 0, !once.isEmpty, repetition.count <= 10_000 / once.count else {
            throw NotationError("a repeat of no steps, or of more than 10,000")
        }
        for _ in 1..<repetition.count { steps += once }
        self.repetition = nil
    }

    /// Takes what stands for a HELLO to be sent and one to come.
    private mutating func takeOpen(
        _ reader: inout TokenReader,
        _ line: Int,
        _ text: String
    ) throws(NotationError) {
        var hello = FrameText(type: 0x01)
        if reader.take(.mark(":")) {
            hello.body = try reader.takeParts()
        } else {
            let version = ProtoText.Field(number: 1, value: .varint(.value(1)))
            hello.body = [.message(ProtoText(fields: [version], allowsMore: false))]
        }
        add(line, text, .send(hello, count: 1, isHeld: false, isBytewise: false))
        add(line, text, .expect(FrameText(type: 0x01), count: 1))
    }

    private mutating func add(_ line: Int, _ text: String, _ action: CaseAction) {
        steps.append(CaseStep(line: line, text: text, action: action))
    }

    private mutating func takeRules(_ reader: inout TokenReader) throws(NotationError) {
        while !reader.isAtEnd {
            let rule = try reader.takeWord("the number of a rule")
            guard rule.isRuleNumber else { throw NotationError("'\(rule)' is no rule's number") }
            rules.append(rule)
        }
    }

    private mutating func takeSettings(_ reader: inout TokenReader) throws(NotationError) {
        for (name, value) in try reader.takeSettings() {
            guard Self.settingNames.contains(name), UInt32(value) != nil else {
                throw NotationError("'\(name)=\(value)' is no setting of a subject")
            }
            settings[name] = value
        }
    }
}

extension String {
    /// Whether it is such as `2.11`.
    var isRuleNumber: Bool {
        let parts = split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { Int($0) != nil }
    }
}

extension TokenReader {
    /// Takes `name=value` up to the end of the line.
    fileprivate mutating func takeSettings() throws(NotationError) -> [String: String] {
        var settings: [String: String] = [:]
        while !isAtEnd {
            let word = try takeWord("name=value")
            guard let equals = word.firstIndex(of: "=") else {
                throw NotationError("'\(word)' is not name=value")
            }
            settings[String(word[..<equals])] = String(word[equals...].dropFirst())
        }
        return settings
    }

    /// - Returns: `nil` where the word is not the suite's.
    fileprivate mutating func takeDeed(_ word: String) throws(NotationError) -> CaseAction? {
        switch word {
        case "connect": return .connect(try takeSettings())
        case "send": return try takeSend(isHeld: false)
        case "hold": return try takeSend(isHeld: true)
        case "expect": return try takeExpectation()
        case "advance":
            let count = try takeInteger("a time")
            switch try takeWord("ms or s") {
            case "ms": return .advance(milliseconds: count)
            case "s": return .advance(milliseconds: count * 1_000)
            default: throw NotationError("a time is in ms or s")
            }
        case "stall": return .stall(true)
        case "take": return .stall(false)
        case "drain": return .drain
        case "close": return .close
        case "cut": return .cut
        case "reconnect": return .reconnect
        default: return nil
        }
    }

    /// Takes `5x`.
    private mutating func takeCount() -> Int {
        guard let word = nextWord, word.hasSuffix("x"), let count = Int(word.dropLast()), count > 0
        else { return 1 }
        _ = take()
        return count
    }

    private mutating func takeSend(isHeld: Bool) throws(NotationError) -> CaseAction {
        if take(.word("bytes")) {
            try expect(":")
            let parts = try takeParts()
            return .sendBytes(parts, isHeld: isHeld)
        }
        let isBytewise = take(.word("bytewise"))
        let count = takeCount()
        return .send(
            try takeFrame(isPattern: false),
            count: count,
            isHeld: isHeld,
            isBytewise: isBytewise
        )
    }

    private mutating func takeExpectation() throws(NotationError) -> CaseAction {
        switch nextWord {
        case "goaway":
            _ = take()
            let reason = try takeInteger("the reason")
            let rule = isAtEnd ? nil : try takeWord("a rule")
            if let rule, !rule.isRuleNumber { throw NotationError("'\(rule)' is no rule's number") }
            return .expectGoAway(reason: reason, rule: rule)
        case "close":
            _ = take()
            return .expectClose
        case "refusal":
            _ = take()
            return .expectRefusal
        case "no-connection":
            _ = take()
            return .expectNoConnection
        case "nothing":
            _ = take()
            return .expectNothing
        case "unordered":
            _ = take()
            return .unordered(Int(clamping: try takeInteger("a number of expectations")))
        case "response", "outcome", "pending": return try takeClientExpectation()
        default:
            let count = takeCount()
            return .expect(try takeFrame(isPattern: true), count: count)
        }
    }
}
