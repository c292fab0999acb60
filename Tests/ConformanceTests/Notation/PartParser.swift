/// Reads tokens from the front.
struct TokenReader {
    private var tokens: ArraySlice<Token>

    init(_ tokens: [Token]) {
        self.tokens = tokens[...]
    }

    var isAtEnd: Bool { tokens.isEmpty }
    var next: Token? { tokens.first }

    /// The word that comes next, without taking it.
    var nextWord: String? {
        if case .word(let word) = tokens.first { word } else { nil }
    }

    mutating func take() -> Token? { tokens.popFirst() }

    /// Takes a token if it is the one.
    mutating func take(_ token: Token) -> Bool {
        guard tokens.first == token else { return false }
        tokens.removeFirst()
        return true
    }

    mutating func takeWord(_ what: String) throws(NotationError) -> String {
        guard case .word(let word) = tokens.popFirst() else {
            throw NotationError("\(what) is missing")
        }
        return word
    }

    mutating func takeInteger(_ what: String) throws(NotationError) -> UInt64 {
        let word = try takeWord(what)
        guard let value = UInt64(notation: word) else {
            throw NotationError("'\(word)' is not \(what)")
        }
        return value
    }

    mutating func expect(_ mark: Character) throws(NotationError) {
        guard take(.mark(mark)) else { throw NotationError("'\(mark)' is missing") }
    }

    mutating func expectEnd() throws(NotationError) {
        guard isAtEnd else { throw NotationError("there is more on the line than belongs there") }
    }
}

extension UInt64 {
    /// A number in decimal, or in hexadecimal behind `0x`.
    init?(notation text: some StringProtocol) {
        if text.hasPrefix("0x") {
            self.init(text.dropFirst(2), radix: 16)
        } else {
            self.init(text, radix: 10)
        }
    }
}

extension TokenReader {
    private static let integers = ["u8": 1, "u16": 2, "u24": 3, "u32": 4, "u64": 8]

    /// Takes all parts up to the end of the line, or up to `)`.
    mutating func takeParts() throws(NotationError) -> [Part] {
        var parts: [Part] = []
        while !isAtEnd, next != .mark(")") { parts.append(try takePart()) }
        return parts
    }

    mutating func takePart() throws(NotationError) -> Part {
        switch take() {
        case nil: throw NotationError("a part of a body is missing")
        case .text(let bytes), .bytes(let bytes): return .bytes(bytes)
        case .mark("{"): return .message(try takeFields())
        case .mark("*"): return .rest
        case .mark(let mark): throw NotationError("'\(mark)' begins no part of a body")
        case .word("len16"): return .sized(isVarint: false, try takeParenthesized())
        case .word("lenv"): return .sized(isVarint: true, try takeParenthesized())
        case .word("varint"): return .varint(try takeNumber())
        case .word(let word):
            if let byteCount = Self.integers[word] {
                return .integer(byteCount: byteCount, try takeNumber())
            }
            guard let count = UInt64(notation: word), count <= 1 << 24, take(.mark("*")) else {
                throw NotationError("'\(word)' begins no part of a body")
            }
            return .repeated(Int(count), try takePart())
        }
    }

    private mutating func takeParenthesized() throws(NotationError) -> [Part] {
        try expect("(")
        let parts = try takeParts()
        try expect(")")
        return parts
    }

    mutating func takeNumber() throws(NotationError) -> Number {
        if take(.mark("*")) { return .any }
        var word = try takeWord("a number")
        if word.hasPrefix("?"), word.count > 1 { return .named(String(word.dropFirst())) }
        let isAtLeast = word.hasSuffix("+")
        if isAtLeast { word.removeLast() }
        guard let value = UInt64(notation: word) else {
            throw NotationError("'\(word)' is not a number")
        }
        return isAtLeast ? .atLeast(value) : .value(value)
    }

    /// The fields of a message, behind its `{`.
    private mutating func takeFields() throws(NotationError) -> ProtoText {
        var fields: [ProtoText.Field] = []
        var allowsMore = false
        while !take(.mark("}")) {
            if take(.word("..")) {
                try expect("}")
                allowsMore = true
                break
            }
            let number = try takeInteger("the number of a field")
            try expect(":")
            fields.append(ProtoText.Field(number: number, value: try takeValue()))
        }
        return ProtoText(fields: fields, allowsMore: allowsMore)
    }

    private mutating func takeValue() throws(NotationError) -> ProtoText.Value {
        switch next {
        case .text(let bytes), .bytes(let bytes):
            _ = take()
            return .parts([.bytes(bytes)])
        case .mark("{"):
            _ = take()
            return .message(try takeFields())
        case .mark("("): return .parts(try takeParenthesized())
        case .mark("*"):
            _ = take()
            return .any
        case .word("fixed32"):
            _ = take()
            return .fixed32(try takeNumber())
        case .word("fixed64"):
            _ = take()
            return .fixed64(try takeNumber())
        default: return .varint(try takeNumber())
        }
    }
}
