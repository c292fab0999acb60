/// A text as it is sorted in Vietnamese collation: see ``CollationElement``.
public struct CollationKey: Hashable, Comparable, Sendable {
    /// All letters, then all marks, then all cases (Unicode Technical Standard 10, section 7.3).
    private let weights: [UInt32]

    /// - Complexity: O(*n*).
    public init(_ text: String) {
        let elements = CollationElement.elements(of: text)
        var weights: [UInt32] = []
        weights.reserveCapacity(3 * elements.count + 2)
        for element in elements where element.primary != 0 { weights.append(element.primary) }
        weights.append(0)
        for element in elements { weights.append(element.secondary) }
        weights.append(0)
        for element in elements { weights.append(element.tertiary) }
        self.weights = weights
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.weights.lexicographicallyPrecedes(right.weights)
    }
}
