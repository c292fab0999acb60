/// The name of one thing of a kind: 1…64 bytes, each a lower-case ASCII letter, a digit, '-', '_' or
/// '.', the first a letter or a digit (common.proto, «Identifiers»).
///
/// `Subject` keeps the kinds apart: a poll's identifier is no principal's.
public struct Identifier<Subject>: Hashable, Sendable {
    /// The identifier as it is written.
    public let text: String

    /// - Throws: ``InvalidValue`` where the text breaks the rule for identifiers.
    public init(_ text: String) throws(InvalidValue) {
        let bytes = text.utf8
        guard Limits.identifierBytes.contains(bytes.count) else {
            throw InvalidValue("an identifier has 1 to 64 bytes")
        }
        guard let first = bytes.first, Self.isLetterOrDigit(first) else {
            throw InvalidValue("an identifier begins with a lower-case letter or a digit")
        }
        guard bytes.allSatisfy({ Self.isLetterOrDigit($0) || Self.isMark($0) }) else {
            throw InvalidValue("an identifier has lower-case letters, digits, '-', '_', '.'")
        }
        self.text = text
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }
}

extension Identifier: Comparable {
    /// By bytes, as rolls and snapshots are sorted: Swift's order of strings is that, where they are
    /// ASCII.
    public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension Identifier: CustomStringConvertible {
    public var description: String { text }
}

/// What a ``MeetingID`` names.
public enum MeetingSubject {}
/// What a ``PollID`` names.
public enum PollSubject {}
/// What a ``PrincipalID`` names.
public enum PrincipalSubject {}
/// What an ``AgendaItemID`` names.
public enum AgendaItemSubject {}

/// Names a meeting of the installation.
public typealias MeetingID = Identifier<MeetingSubject>
/// Names a poll of a meeting.
public typealias PollID = Identifier<PollSubject>
/// Names a principal of the directory.
public typealias PrincipalID = Identifier<PrincipalSubject>
/// Names an item of a meeting's agenda.
public typealias AgendaItemID = Identifier<AgendaItemSubject>
