/// A part of a whole, in exact arithmetic: 0…1, with a denominator of 1…1,000 (common.proto).
///
/// Two fractions are equal where they are written alike: 1/2 and 2/4 are kept apart, since the rule
/// of a poll is shown as it was given.
public struct Fraction: Hashable, Sendable, CustomStringConvertible {
    /// The part. 0…denominator.
    public let numerator: UInt32

    /// The whole. 1…1,000.
    public let denominator: UInt32

    /// - Throws: ``InvalidValue`` where the whole is not 1…1,000 or the part is more than the whole.
    public init(_ numerator: UInt32, of denominator: UInt32) throws(InvalidValue) {
        guard Limits.denominator.contains(denominator) else {
            throw InvalidValue("a fraction's denominator is 1 to 1,000")
        }
        guard numerator <= denominator else {
            throw InvalidValue("a fraction's numerator is at most its denominator")
        }
        self.numerator = numerator
        self.denominator = denominator
    }

    private init(proven numerator: UInt32, _ denominator: UInt32) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// 1/2.
    public static let half = Fraction(proven: 1, 2)
    /// 2/3.
    public static let twoThirds = Fraction(proven: 2, 3)

    /// Nothing of the whole.
    public var isZero: Bool { numerator == 0 }

    /// All of the whole.
    public var isOne: Bool { numerator == denominator }

    public var description: String { "\(numerator)/\(denominator)" }

    /// ⌊whole × fraction⌋. It cannot overflow: the product is below 2⁴², the quotient at most `whole`.
    public func floor(of whole: UInt32) -> UInt32 {
        UInt32(clamping: product(with: whole) / UInt64(denominator))
    }

    /// ⌈whole × fraction⌉. It cannot overflow either.
    public func ceiling(of whole: UInt32) -> UInt32 {
        let divisor = UInt64(denominator)
        return UInt32(clamping: (product(with: whole) + divisor - 1) / divisor)
    }

    private func product(with whole: UInt32) -> UInt64 { UInt64(whole) * UInt64(numerator) }
}
