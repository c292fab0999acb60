/// What a case has found, with its place.
struct CaseFailure: Error, CustomStringConvertible {
    let file: String
    let line: Int
    let text: String
    let explanation: String

    var description: String { "\(file):\(line): «\(text)»: \(explanation)" }
}

/// Does what a case says, and holds what comes against it. It knows the notation, and no rule of the
/// protocol beyond the header of a frame.
struct CaseRunner {
    private let `case`: ConformanceCase
    private let link: any SubjectLink
    private var names: Names = [:]
    private var held: [UInt8] = []
    private var received: [UInt8] = []
    /// Frames that were looked at and not taken.
    private var frames: [ReceivedFrame] = []
    private var end: Arrival?

    private init(_ case: ConformanceCase, _ link: any SubjectLink) {
        self.case = `case`
        self.link = link
    }

    /// - Throws: ``CaseFailure`` for the first line that does not hold.
    static func run(_ case: ConformanceCase, on link: any SubjectLink) throws {
        var runner = CaseRunner(`case`, link)
        defer { link.finish() }
        try runner.run()
    }

    private mutating func run() throws {
        var index = 0
        while index < `case`.steps.count {
            let step = `case`.steps[index]
            index += 1
            if case .unordered(let count) = step.action {
                let group = `case`.steps[index...].prefix(count)
                try failing(step) { runner throws(Mismatch) in
                    try runner.expect(unordered: group.map(\.action))
                }
                index += count
            } else {
                try failing(step) { runner throws(Mismatch) in try runner.perform(step.action) }
            }
        }
        guard let last = `case`.steps.last else { return }
        try failing(last) { runner throws(Mismatch) in try runner.expectNothingMore() }
    }

    private mutating func failing(
        _ step: CaseStep,
        _ body: (inout CaseRunner) throws(Mismatch) -> Void
    ) throws(CaseFailure) {
        do throws(Mismatch) {
            try body(&self)
        } catch {
            throw CaseFailure(
                file: `case`.file,
                line: step.line,
                text: step.text,
                explanation: error.explanation
            )
        }
    }

    // MARK: - What the suite does

    private mutating func perform(_ action: CaseAction) throws(Mismatch) {
        switch action {
        case .send(let frame, let count, let isHeld, let isBytewise):
            try send(frame, count, isHeld: isHeld, isBytewise: isBytewise)
        case .sendBytes(let parts, let isHeld):
            held += try encoded { names throws(NotationError) in try parts.encoded(names) }
            if !isHeld { flush() }
        case .advance(let milliseconds): link.advance(milliseconds: milliseconds)
        case .stall(let isStalled): link.stall(isStalled)
        case .drain: link.drain()
        case .close: link.close()
        case .cut: link.cut()
        case .reconnect:
            link.reconnect()
            received = []
            frames = []
            end = nil
        case .connect(let options):
            do {
                try link.connect(options)
            } catch {
                throw Mismatch("there is no such connection: \(error)")
            }
        case .expect(let frame, let count):
            for _ in 0..<count { try expect(frame) }
        case .expectGoAway(let reason, let rule): try expectGoAway(reason, rule)
        case .expectClose: try expectClose()
        case .expectRefusal: try expectRefusal()
        case .expectNothing: try expectNothingMore(isPatient: true)
        case .unordered: throw Mismatch("expect unordered within another")
        case .call, .write, .finish, .cancel, .expectResponse, .expectOutcome, .expectPending,
            .expectNoConnection:
            guard let client = link as? ClientLink else {
                throw Mismatch("the subject is a server")
            }
            try perform(action, client)
        }
    }

    private mutating func send(
        _ frame: FrameText,
        _ count: Int,
        isHeld: Bool,
        isBytewise: Bool
    ) throws(Mismatch) {
        let bytes = try encoded { names throws(NotationError) in try frame.encoded(names) }
        if isBytewise {
            for byte in bytes {
                held.append(byte)
                flush()
            }
            return
        }
        for _ in 0..<count { held += bytes }
        if !isHeld { flush() }
    }

    private func encoded(
        _ body: (Names) throws(NotationError) -> [UInt8]
    ) throws(Mismatch) -> [UInt8] {
        do throws(NotationError) {
            return try body(names)
        } catch {
            throw Mismatch(error.explanation)
        }
    }

    private mutating func flush() {
        link.send(held)
        held = []
    }

    // MARK: - What has to come

    mutating func match(_ parts: [Part], _ bytes: [UInt8]) throws(Mismatch) {
        try parts.match(bytes, &names)
    }

    /// The next frame, which stays where it is.
    ///
    /// - Returns: `nil` where there is none; ``end`` says whether the connection has ended.
    private mutating func peek(isExpected: Bool = true) -> ReceivedFrame? {
        while frames.isEmpty {
            if let frame = ReceivedFrame.pop(&received) {
                frames.append(frame)
                break
            }
            guard end == nil else { return nil }
            switch link.receive(isExpected: isExpected) {
            case .bytes(let bytes): received += bytes
            case .nothing: return nil
            case .closed: end = .closed
            case .failed(let reason): end = .failed(reason)
            }
        }
        return frames.first
    }

    /// The next frame that is not of a type that may come at any time, unless it is one of `types`.
    private mutating func peek(skippingAllowedExcept types: Set<UInt8>) -> ReceivedFrame? {
        while let frame = peek() {
            guard `case`.allowedTypes.contains(frame.type), !types.contains(frame.type) else {
                return frame
            }
            frames.removeFirst()
        }
        return nil
    }

    private mutating func expect(_ expected: FrameText) throws(Mismatch) {
        while let frame = peek(skippingAllowedExcept: [expected.type]) {
            do throws(Mismatch) {
                try expected.match(frame, &names)
                frames.removeFirst()
                return
            } catch {
                guard `case`.allowedTypes.contains(frame.type) else {
                    throw Mismatch("\(error.explanation); there came \(frame)")
                }
                frames.removeFirst()
            }
        }
        throw Mismatch("there came \(nothing)")
    }

    private mutating func expect(unordered actions: [CaseAction]) throws(Mismatch) {
        var open: [FrameText] = []
        for action in actions {
            guard case .expect(let frame, let count) = action else {
                throw Mismatch("expect unordered is followed by something else")
            }
            open += Array(repeating: frame, count: count)
        }
        while !open.isEmpty {
            guard let frame = peek(skippingAllowedExcept: Set(open.map(\.type))) else {
                throw Mismatch("\(open.count) are missing; there came \(nothing)")
            }
            let index = open.firstIndex { expected in
                var names = names
                return (try? expected.match(frame, &names)) != nil
            }
            guard let index else { throw Mismatch("none of these; there came \(frame)") }
            try open[index].match(frame, &names)
            open.remove(at: index)
            frames.removeFirst()
        }
    }

    private mutating func expectGoAway(_ reason: UInt64, _ rule: String?) throws(Mismatch) {
        guard let frame = peek(skippingAllowedExcept: [0x0a]) else {
            throw Mismatch("there came \(nothing)")
        }
        guard frame.type == 0x0a, frame.flags == 0, frame.id == 0,
            let fields = ProtoFields.read(frame.body[...])
        else { throw Mismatch("there came \(frame)") }
        var stated: UInt64 = 0
        var message = ""
        for field in fields {
            switch (field.number, field.value) {
            case (1, .varint(let value)): stated = value
            case (4, .delimited(let bytes)): message = String(decoding: bytes, as: UTF8.self)
            default: break
            }
        }
        guard stated == reason else {
            throw Mismatch("the reason is \(stated), «\(message)»")
        }
        // "rule 1.1" is not to be found in "rule 1.10".
        if let rule, !message.hasPrefix("rule \(rule):") {
            throw Mismatch("the message names another rule: «\(message)»")
        }
        frames.removeFirst()
        try expectClose()
    }

    private mutating func expectClose() throws(Mismatch) {
        if let frame = peek(skippingAllowedExcept: []) { throw Mismatch("there came \(frame)") }
        guard case .closed = end else { throw Mismatch("there came \(nothing)") }
    }

    private mutating func expectRefusal() throws(Mismatch) {
        if let frame = peek(skippingAllowedExcept: []) { throw Mismatch("there came \(frame)") }
        guard case .failed = end else { throw Mismatch("there came \(nothing)") }
    }

    /// - Parameter isPatient: Whether to wait for a while, and the connection must not have ended.
    private mutating func expectNothingMore(isPatient: Bool = false) throws(Mismatch) {
        while let frame = peek(isExpected: false) {
            guard `case`.allowedTypes.contains(frame.type) else {
                throw Mismatch("then there came \(frame)")
            }
            frames.removeFirst()
        }
        if isPatient, end != nil { throw Mismatch("there came \(nothing)") }
    }

    /// What came where no frame did.
    private var nothing: String {
        switch end {
        case .closed: "the end of the connection"
        case .failed(let reason): "the end of the connection: \(reason)"
        default: received.isEmpty ? "nothing" : "a part of a frame: \(received[...].hex)"
        }
    }
}
