import CabinetModel
import CabinetTexts

/// What carries a motion, in plain words of either language: those that rules are explained with, and shorter
/// ones.
struct Requirement: Hashable, Sendable {
    let comparison: Comparison
    let fraction: Fraction
    let base: PollBase

    /// - Returns: `nil` where the words say something else.
    init?(_ words: String) {
        var rest = Self.plain(words)[...]
        guard let comparison = Self.take(Self.comparisons, from: &rest) else { return nil }
        let number = rest.prefix { $0 != " " }
        guard let fraction = Fraction(written: String(number)) else { return nil }
        rest = rest.dropFirst(number.count).drop { $0 == " " }
        for word in ["of ", "của "] where rest.hasPrefix(word) { rest = rest.dropFirst(word.count) }
        guard let base = Self.take(Self.bases, from: &rest) else { return nil }
        guard rest.isEmpty || Self.endings.contains(String(rest)) else { return nil }
        self.comparison = comparison
        self.fraction = fraction
        self.base = base
    }

    /// In lower case, with single spaces. Letters that are composed in another way are equal in Swift.
    private static func plain(_ words: String) -> String {
        words.lowercased().split(separator: " ").joined(separator: " ")
    }

    /// Takes what one of the phrases says from the beginning; the longest where several fit.
    private static func take<Value>(
        _ phrases: [(words: String, value: Value)],
        from rest: inout Substring
    ) -> Value? {
        let fitting = phrases.filter { phrase in
            rest == phrase.words || rest.hasPrefix(phrase.words + " ")
        }
        guard let longest = fitting.max(by: { $0.words.count < $1.words.count }) else { return nil }
        rest = rest.dropFirst(longest.words.count).drop { $0 == " " }
        return longest.value
    }

    private static let comparisons: [(words: String, value: Comparison)] =
        Comparison.allCases.flatMap { comparison in
            Language.allCases.map { (comparison.text(in: $0), comparison) }
        } + [("trên", .moreThan), ("more-than", .moreThan), ("at-least", .atLeast)]

    private static let bases: [(words: String, value: PollBase)] =
        PollBase.allCases.flatMap { base in
            Language.allCases.map { (base.text(in: $0), base) }
        } + [
            ("all", .allMembers), ("members", .allMembers),
            ("present", .presentMembers), ("members present", .presentMembers),
            ("votes cast", .votesCast), ("cast", .votesCast), ("votes", .votesCast),
            ("yes and no", .yesAndNo), ("the votes for and against", .yesAndNo),
        ]

    /// What rules are explained with at the end.
    private static let endings: Set<String> = ["in favour", "tán thành"]
}

extension Fraction {
    /// - Returns: `nil` where the text is not as `2/3`, or the fraction is none that a rule can have.
    init?(written text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let numerator = UInt32(parts[0]),
            let denominator = UInt32(parts[1]),
            let fraction = try? Fraction(numerator, of: denominator)
        else { return nil }
        self = fraction
    }
}
