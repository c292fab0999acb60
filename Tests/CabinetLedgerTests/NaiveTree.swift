import CabinetCrypto
import CabinetLedger

/// RFC 6962, section 2.1, word for word: recursion over slices, and SHA-256 of concatenations.
final class NaiveTree {
    let entries: [[UInt8]]
    private var known: [Range<Int>: [UInt8]] = [:]

    init(_ entries: [[UInt8]]) {
        self.entries = entries
    }

    func root(_ size: Int) -> MerkleHash { hash(mth(0..<size)) }

    /// MTH(D[n]).
    private func mth(_ d: Range<Int>) -> [UInt8] {
        if let hash = known[d] { return hash }
        let hash: [UInt8]
        switch d.count {
        case 0: hash = SHA256.digest(of: []).bytes
        case 1: hash = SHA256.digest(of: [0x00] + entries[d.lowerBound]).bytes
        default:
            let k = d.lowerBound + largestPowerOfTwo(below: d.count)
            let left = mth(d.lowerBound..<k)
            let right = mth(k..<d.upperBound)
            hash = SHA256.digest(of: [0x01] + left + right).bytes
        }
        known[d] = hash
        return hash
    }

    /// PATH(m, D[n]).
    func path(_ m: Int, _ n: Int) -> [MerkleHash] { path(m, 0..<n).map(hash) }

    private func path(_ m: Int, _ d: Range<Int>) -> [[UInt8]] {
        guard d.count > 1 else { return [] }
        let k = largestPowerOfTwo(below: d.count)
        let middle = d.lowerBound + k
        return m < k
            ? path(m, d.lowerBound..<middle) + [mth(middle..<d.upperBound)]
            : path(m - k, middle..<d.upperBound) + [mth(d.lowerBound..<middle)]
    }

    /// PROOF(m, D[n]).
    func proof(_ m: Int, _ n: Int) -> [MerkleHash] { subproof(m, 0..<n, true).map(hash) }

    private func subproof(_ m: Int, _ d: Range<Int>, _ b: Bool) -> [[UInt8]] {
        if m == d.count { return b ? [] : [mth(d)] }
        let k = largestPowerOfTwo(below: d.count)
        let middle = d.lowerBound + k
        return m <= k
            ? subproof(m, d.lowerBound..<middle, b) + [mth(middle..<d.upperBound)]
            : subproof(m - k, middle..<d.upperBound, false) + [mth(d.lowerBound..<middle)]
    }

    private func hash(_ bytes: [UInt8]) -> MerkleHash {
        MerkleHash(bytes)!
    }
}

func largestPowerOfTwo<Number: FixedWidthInteger>(below n: Number) -> Number {
    var k: Number = 1
    while k < n - k { k *= 2 }
    return k
}

/// The sides on which the hashes of PATH(m, D[n]) are joined, from the leaf upwards. Trees in which
/// this is the same for a leaf cannot be told apart by its proof and root.
func pathShape(_ m: UInt64, _ n: UInt64) -> String {
    guard n > 1 else { return "" }
    let k = largestPowerOfTwo(below: n)
    return m < k ? pathShape(m, k) + "R" : pathShape(m - k, n - k) + "L"
}

/// The same for PROOF(m, D[n]), with a mark where the older tree's root is the beginning.
func proofShape(_ m: UInt64, _ n: UInt64, _ b: Bool = true) -> String {
    if m == n { return b ? "" : "S" }
    let k = largestPowerOfTwo(below: n)
    return m <= k ? proofShape(m, k, b) + "R" : proofShape(m - k, n - k, false) + "L"
}
