import CabinetAPI
import CabinetCodec
import CabinetCrypto
import CabinetLedger
import CabinetLocks
import CabinetMapping
import CabinetRPC

/// The log of a server that a test plays: it can lose entries, and change them.
final class StagedLog: Sendable {
    private let signer: NoteSigner
    private let leaves = Guarded<[LeafHash]>([])

    init(_ name: NoteKeyName, _ key: Ed25519PrivateKey) {
        signer = NoteSigner(name: name, key: key)
    }

    var size: Int { leaves.withLock { $0.count } }

    /// - Parameter branch: Entries of the same index are others in another branch of history.
    func grow(to size: Int, branch: String = "") {
        leaves.withLock { leaves in
            while leaves.count < size {
                leaves.append(LeafHash(entry: Array("\(leaves.count)\(branch)".utf8)))
            }
        }
    }

    func lose(from size: Int) {
        leaves.withLock { $0.removeLast($0.count - size) }
    }

    var checkpoint: SignedCheckpoint {
        let tree = MerkleTree(leaves: leaves.withLock { $0 })
        let checkpoint = Checkpoint(
            origin: signer.verifierKey.name.line,
            treeSize: tree.size,
            rootHash: tree.root
        )
        return try! SignedCheckpoint(checkpoint!, signedBy: signer)
    }

    /// Answers as `LedgerService` does.
    func answer(_ request: any Message) throws(RPCError) -> any Message {
        let note = CabinetAPI.Checkpoint(note: checkpoint.serialized)
        guard let request = request as? GetConsistencyProofRequest else {
            return GetCheckpointResponse(checkpoint: note)
        }
        let tree = MerkleTree(leaves: leaves.withLock { $0 })
        let to = request.toTreeSize == 0 ? tree.size : request.toTreeSize
        guard let proof = try? tree.consistencyProof(from: request.fromTreeSize, to: to) else {
            throw RPCError(.beyondLog, attributes: ["tree_size": "\(tree.size)"])
        }
        return GetConsistencyProofResponse(hashes: proof.hashes.map(\.bytes), checkpoint: note)
    }
}
