/// A word of a case file's line.
enum Token: Hashable, Sendable {
    /// A name, a number, a keyword.
    case word(String)
    /// `"text"`: the bytes of its UTF-8.
    case text([UInt8])
    /// `<00 ff>`: bytes in hexadecimal.
    case bytes([UInt8])
    /// One of `{ } ( ) : *`.
    case mark(Character)
}

/// Why a line is malformed. The file and the line are added by whoever knows them.
struct NotationError: Error, Hashable {
    let explanation: String

    init(_ explanation: String) {
        self.explanation = explanation
    }
}

/// Cuts a line into tokens.
struct Lexer {
    private var rest: Substring

    private init(_ line: Substring) {
        rest = line
    }

    /// - Parameter line: A line of a case file, which may end in a comment.
    static func tokens(of line: some StringProtocol) throws(NotationError) -> [Token] {
        var lexer = Lexer(Substring(line))
        var tokens: [Token] = []
        while let token = try lexer.next() { tokens.append(token) }
        return tokens
    }

    private mutating func next() throws(NotationError) -> Token? {
        rest = rest.drop { $0.isWhitespace }
        guard let first = rest.first, first != "#" else { return nil }
        switch first {
        case "{", "}", "(", ")", ":", "*":
            rest.removeFirst()
            return .mark(first)
        case "\"": return .text(try text())
        case "<": return .bytes(try bytes())
        default:
            let word = rest.prefix { !$0.isWhitespace && !"{}():*\"<>#".contains($0) }
            guard !word.isEmpty else {
                throw NotationError("'\(first)' is not part of the notation")
            }
            rest = rest.dropFirst(word.count)
            return .word(String(word))
        }
    }

    private mutating func text() throws(NotationError) -> [UInt8] {
        rest.removeFirst()
        var bytes: [UInt8] = []
        while let character = rest.popFirst() {
            switch character {
            case "\"": return bytes
            case "\\":
                switch rest.popFirst() {
                case "n": bytes.append(0x0a)
                case "\\": bytes.append(UInt8(ascii: "\\"))
                case "\"": bytes.append(UInt8(ascii: "\""))
                default: throw NotationError(#"a text has the escapes \n, \\ and \" alone"#)
                }
            default: bytes += Array(String(character).utf8)
            }
        }
        throw NotationError("a text does not end")
    }

    private mutating func bytes() throws(NotationError) -> [UInt8] {
        rest.removeFirst()
        guard let end = rest.firstIndex(of: ">") else {
            throw NotationError("bytes do not end with '>'")
        }
        let digits = rest[..<end].filter { !$0.isWhitespace }
        rest = rest[end...].dropFirst()
        guard digits.count % 2 == 0 else {
            throw NotationError("bytes have an odd number of digits")
        }
        var bytes: [UInt8] = []
        var position = digits.startIndex
        while position < digits.endIndex {
            let next = digits.index(position, offsetBy: 2)
            guard let byte = UInt8(digits[position..<next], radix: 16) else {
                throw NotationError("'\(digits[position..<next])' is not a byte in hexadecimal")
            }
            bytes.append(byte)
            position = next
        }
        return bytes
    }
}
