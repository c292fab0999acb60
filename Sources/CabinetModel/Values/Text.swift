/// A kind of text, with the bounds that its messages give it.
public protocol TextKind: Sendable {
    /// Bytes that a text of this kind may have, in UTF-8.
    static var byteCounts: ClosedRange<Int> { get }
}

/// Text for people, within the bounds of its kind and without control characters (common.proto,
/// «Text»).
///
/// That it is in Unicode normalisation form NFC is checked where requests are decoded: Swift's
/// standard library has no public normaliser, and the model imports nothing else.
public struct Text<Kind: TextKind>: Hashable, Sendable, CustomStringConvertible {
    /// The text itself.
    public let value: String

    /// - Throws: ``InvalidValue`` where it is out of bounds or has a control character.
    public init(_ value: String) throws(InvalidValue) {
        let bounds = Kind.byteCounts
        guard bounds.contains(value.utf8.count) else {
            throw InvalidValue("the text has \(bounds.lowerBound) to \(bounds.upperBound) bytes")
        }
        let hasControls = value.unicodeScalars.contains {
            $0.properties.generalCategory == .control
        }
        guard !hasControls else { throw InvalidValue("the text has no control characters") }
        self.value = value
    }

    public var description: String { value }

    var byteCount: Int { value.utf8.count }

    /// By bytes: texts that only look alike are not equal, as they are not in the log.
    public static func == (left: Self, right: Self) -> Bool {
        left.value.utf8.elementsEqual(right.value.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(value)
    }
}

/// Title of a meeting or an agenda item. 1…512 bytes.
public typealias Title = Text<TitleKind>
/// Name of a principal, as its owner writes it. 1…128 bytes.
public typealias DisplayName = Text<DisplayNameKind>
/// An office that somebody holds or that reports on an item. 1…256 bytes; none is `nil`.
public typealias Office = Text<OfficeKind>
/// Title of a document. 1…256 bytes.
public typealias DocumentTitle = Text<DocumentTitleKind>
/// Media type of a document (RFC 6838). 3…64 bytes.
public typealias MediaType = Text<MediaTypeKind>
/// Why a poll was voided or a log restored. 1…512 bytes.
public typealias Explanation = Text<ExplanationKind>
/// Why a key was revoked. 1…256 bytes.
public typealias RevocationReason = Text<RevocationReasonKind>
/// What is looked for in the directory. 1…128 bytes.
public typealias SearchText = Text<SearchTextKind>

/// The kind of ``Title``.
public enum TitleKind: TextKind {
    public static var byteCounts: ClosedRange<Int> { Limits.titleBytes }
}
/// The kind of ``DisplayName``.
public enum DisplayNameKind: TextKind {
    public static var byteCounts: ClosedRange<Int> { Limits.displayNameBytes }
}
/// The kind of ``Office``.
public enum OfficeKind: TextKind {
    public static var byteCounts: ClosedRange<Int> { Limits.officeBytes }
}
/// The kind of ``DocumentTitle``.
public enum DocumentTitleKind: TextKind {
    public static var byteCounts: ClosedRange<Int> { Limits.documentTitleBytes }
}
/// The kind of ``MediaType``.
public enum MediaTypeKind: TextKind {
    public static var byteCounts: ClosedRange<Int> { Limits.mediaTypeBytes }
}
/// The kind of ``Explanation``.
public enum ExplanationKind: TextKind {
    public static var byteCounts: ClosedRange<Int> { Limits.explanationBytes }
}
/// The kind of ``RevocationReason``.
public enum RevocationReasonKind: TextKind {
    public static var byteCounts: ClosedRange<Int> { Limits.revocationReasonBytes }
}
/// The kind of ``SearchText``.
public enum SearchTextKind: TextKind {
    public static var byteCounts: ClosedRange<Int> { Limits.searchBytes }
}
