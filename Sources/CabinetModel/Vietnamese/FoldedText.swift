/// A text without what a search does not look at: case, tones and all other marks. «Đ» is «d».
public struct FoldedText: Hashable, Sendable {
    /// In UTF-8.
    private let bytes: [UInt8]

    /// - Complexity: O(*n*).
    public init(_ text: String) {
        var folded = String.UnicodeScalarView()
        for scalar in LatinLetter.expanding(CanonicalDecomposition.scalars(of: text)) {
            if scalar.isMark || scalar.isIgnorable { continue }
            switch scalar.small {
            case "đ": folded.append("d")
            case "ı": folded.append("i")
            case let small: folded.append(small)
            }
        }
        bytes = Array(String(folded).utf8)
    }

    /// Whether another text occurs somewhere in this one. The empty text occurs everywhere.
    ///
    /// - Complexity: O(*n* · *m*) at worst.
    public func contains(_ other: FoldedText) -> Bool {
        guard let first = other.bytes.first else { return true }
        guard bytes.count >= other.bytes.count else { return false }
        return (0...(bytes.count - other.bytes.count)).contains { start in
            bytes[start] == first
                && bytes[start..<start + other.bytes.count].elementsEqual(other.bytes)
        }
    }
}

extension Unicode.Scalar {
    /// Whether it belongs to the letter before it.
    fileprivate var isMark: Bool {
        if value < 0x300 { return false }
        return switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: true
        default: false
        }
    }
}
