/// The way from a node up to the root, as the sides on which its siblings are.
///
/// Both proofs are read along such a way. Its length is the number of hashes that a proof has to
/// have. The rules are those of RFC 9162, sections 2.1.3.2 and 2.1.4.2, whose fn and sn are `index`
/// and `last`.
struct AuditPath: Sequence, IteratorProtocol {
    enum Side {
        case left
        case right
    }

    /// The node's position on its level.
    private var index: UInt64

    /// The position of the last node on that level.
    private var last: UInt64

    /// `index` is at most `last`.
    init(index: UInt64, last: UInt64) {
        self.index = index
        self.last = last
    }

    /// The side of the next sibling; nil at the root. At most 64 times not nil.
    mutating func next() -> Side? {
        while last != 0 {
            let isRight = !index.isMultiple(of: 2)
            let isAlone = !isRight && index == last
            index >>= 1
            last >>= 1
            // A last node without a sibling is its own parent.
            if !isAlone { return isRight ? .left : .right }
        }
        return nil
    }

    /// The number of sides that are left.
    var count: Int {
        reduce(0) { count, _ in count + 1 }
    }
}
