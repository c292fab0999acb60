/// A frame as a case states it: one to be sent, or a pattern of one that is to come.
struct FrameText: Hashable, Sendable {
    var type: UInt8
    var flags: UInt8 = 0
    /// Flags that may be there or not. In expectations alone.
    var optionalFlags: UInt8 = 0
    var id = Number.value(0)
    /// What the header says of the body's length, where that is not its length.
    var statedLength: UInt64?
    /// `nil` where an expectation leaves the body open.
    var body: [Part]?
}

extension FrameText {
    /// The types of rule 2.5.
    static let types: [String: UInt8] = [
        "HELLO": 0x01, "CALL": 0x02, "REPLY": 0x03, "STATUS": 0x04, "CANCEL": 0x05, "ITEM": 0x06,
        "CREDIT": 0x07, "PING": 0x08, "PONG": 0x09, "GOAWAY": 0x0a, "BOUND": 0x0b, "EVENT": 0x10,
        "BATCH": 0x11, "MARK": 0x12, "SNAPSHOT": 0x13,
    ]

    /// The flags of rule 2.4.
    static let flags: [String: UInt8] = [
        "END": 0x01, "MORE": 0x02, "KEY": 0x04, "TRACE": 0x08, "META": 0x10,
        "NOT_PROCESSED": 0x20, "RESUME": 0x40,
    ]

    static func type(_ word: String) throws(NotationError) -> UInt8 {
        if let type = types[word] { return type }
        guard word.hasPrefix("0x"), let type = UInt64(notation: word).flatMap(UInt8.init(exactly:))
        else { throw NotationError("'\(word)' is no type of a frame") }
        return type
    }

    /// The bytes of the frame.
    func encoded(_ names: Names) throws(NotationError) -> [UInt8] {
        let body = try (body ?? []).encoded(names)
        let length = statedLength ?? UInt64(body.count)
        guard length < 1 << 24 else { throw NotationError("a body has less than 16 MiB") }
        return bigEndian(length, 3) + [type, flags]
            + (try [Part.integer(byteCount: 3, id)].encoded(names)) + body
    }

    /// Holds a frame against the pattern.
    func match(_ frame: ReceivedFrame, _ names: inout Names) throws(Mismatch) {
        guard frame.type == type, (frame.flags ^ flags) & ~optionalFlags == 0 else {
            throw Mismatch("another frame")
        }
        try [Part.integer(byteCount: 3, id)].match(bigEndian(frame.id, 3), &names)
        if let body { try body.match(frame.body, &names) }
    }
}

/// A frame that has come.
struct ReceivedFrame: Hashable, CustomStringConvertible {
    let type: UInt8
    let flags: UInt8
    let id: UInt64
    let body: [UInt8]

    /// Takes a whole frame from the front.
    static func pop(_ bytes: inout [UInt8]) -> ReceivedFrame? {
        guard bytes.count >= 8 else { return nil }
        let length = bytes[..<3].reduce(0) { $0 << 8 | Int($1) }
        guard bytes.count >= 8 + length else { return nil }
        defer { bytes.removeFirst(8 + length) }
        return ReceivedFrame(
            type: bytes[3],
            flags: bytes[4],
            id: bytes[5..<8].reduce(0) { $0 << 8 | UInt64($1) },
            body: Array(bytes[8..<(8 + length)])
        )
    }

    var description: String {
        func name(_ value: UInt8, _ names: [String: UInt8]) -> String {
            names.first { $0.value == value }?.key ?? "0x\(String(value, radix: 16))"
        }
        let set = (0..<8).map { UInt8(1) << $0 }.filter { flags & $0 != 0 }
        let words = [name(type, FrameText.types)] + set.map { name($0, FrameText.flags) }
        let letters = body.map { (0x20..<0x7f).contains($0) ? $0 : UInt8(ascii: ".") }
        let text = String(decoding: letters, as: UTF8.self)
        return words.joined(separator: " ") + " id=\(id) : \(body[...].hex)"
            + (body.isEmpty || body.count > 96 ? "" : "  # \(text)")
    }
}

extension TokenReader {
    /// Takes a frame up to the end of the line.
    ///
    /// - Parameter isPattern: Whether it is expected, and not sent.
    mutating func takeFrame(isPattern: Bool) throws(NotationError) -> FrameText {
        var frame = FrameText(type: try FrameText.type(try takeWord("the type of the frame")))
        while let word = nextWord {
            _ = take()
            if word == "id=" {
                frame.id = try takeNumber()
            } else if word.hasPrefix("id=") {
                frame.id = try number(word.dropFirst(3))
            } else if word.hasPrefix("length="), !isPattern {
                guard let length = UInt64(notation: word.dropFirst(7)) else {
                    throw NotationError("'\(word)' has no number")
                }
                frame.statedLength = length
            } else if word.hasSuffix("?"), isPattern {
                frame.optionalFlags |= try flag(String(word.dropLast()))
            } else {
                frame.flags |= try flag(word)
            }
        }
        if take(.mark(":")) {
            frame.body = try takeParts()
        } else if !isPattern {
            frame.body = []
        }
        try expectEnd()
        if !isPattern { try frame.checkIsSendable() }
        return frame
    }

    private func number(_ word: Substring) throws(NotationError) -> Number {
        var reader = TokenReader([.word(String(word))])
        return try reader.takeNumber()
    }

    private func flag(_ word: String) throws(NotationError) -> UInt8 {
        if let flag = FrameText.flags[word] { return flag }
        guard word.hasPrefix("0x"), let flag = UInt64(notation: word).flatMap(UInt8.init(exactly:))
        else { throw NotationError("'\(word)' is no flag of a frame") }
        return flag
    }
}

extension FrameText {
    /// Finds patterns in what is to be sent when the file is read, not when the case runs.
    fileprivate func checkIsSendable() throws(NotationError) {
        _ = try FrameText(
            type: type,
            flags: flags,
            id: id.isNamed ? .value(1) : id,
            statedLength: statedLength,
            body: body?.withoutNames
        ).encoded([:])
    }
}

extension Number {
    fileprivate var isNamed: Bool {
        if case .named = self { true } else { false }
    }
}

extension [Part] {
    /// The same with a number in place of each name.
    fileprivate var withoutNames: [Part] {
        map { part in
            switch part {
            case .integer(let byteCount, .named): .integer(byteCount: byteCount, .value(0))
            case .varint(.named): .varint(.value(0))
            case .sized(let isVarint, let parts): .sized(isVarint: isVarint, parts.withoutNames)
            default: part
            }
        }
    }
}
