import CabinetCrypto
import CabinetLedger
import Testing

/// A small log with keys that follow from fixed seeds.
struct LedgerFixture {
    let origin: NoteLine
    let signer: NoteSigner
    let witness: NoteSigner
    let entries: [[UInt8]]
    let tree: MerkleTree

    init(size: Int = 11) throws {
        let name = try #require(NoteKeyName("cabinet.example/2019-06-24"))
        origin = name.line
        signer = NoteSigner(name: name, key: try Self.key(1))
        witness = NoteSigner(
            name: try #require(NoteKeyName("witness.example/w1")),
            key: try Self.key(2)
        )
        entries = (0..<size).map { Array("entry \($0)".utf8) }
        tree = MerkleTree(leaves: entries.map { LeafHash(entry: $0) })
    }

    static func key(_ number: UInt8) throws -> Ed25519PrivateKey {
        try Ed25519PrivateKey(seed: [UInt8](repeating: number, count: 32))
    }

    func checkpoint(size: UInt64? = nil, extensions: [NoteLine] = []) throws -> Checkpoint {
        let size = size ?? tree.size
        return Checkpoint(
            origin: origin,
            treeSize: size,
            rootHash: try tree.root(atSize: size),
            extensionLines: extensions
        )!
    }

    func signedCheckpoint(size: UInt64? = nil) throws -> SignedCheckpoint {
        try SignedCheckpoint(checkpoint(size: size), signedBy: signer)
    }

    func verifiedCheckpoint(size: UInt64) throws -> VerifiedCheckpoint {
        try signedCheckpoint(size: size).verified(origin: origin, logKey: signer.verifierKey)
    }

    func receipt(_ index: UInt64) throws -> Receipt {
        try Receipt(
            index: index,
            entry: entries[Int(index)],
            inclusionHashes: tree.inclusionProof(ofLeaf: index, atSize: tree.size).hashes,
            checkpoint: signedCheckpoint()
        )
    }
}
