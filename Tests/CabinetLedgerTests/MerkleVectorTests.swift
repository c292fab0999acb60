import CabinetLedger
import Foundation
import Testing

/// The folder of public test vectors.
enum Vectors {
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["CABINET_VECTORS"] {
            return URL(fileURLWithPath: path, isDirectory: true)
        }
        return packageRoot.appendingPathComponent("../shared/vectors", isDirectory: true)
            .standardized
    }()

    /// This file is in Tests/CabinetLedgerTests of the package.
    static let packageRoot: URL = {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root
    }()

    static var arePresent: Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent("merkle").path)
    }

    static let absence: Comment =
        "no vectors at ../shared/vectors from the package; CABINET_VECTORS names another folder"

    /// All JSON files below a folder of the vectors, decoded.
    static func load<Value: Decodable>(_ path: String, as: Value.Type) throws -> [(String, Value)] {
        let start = folder.appendingPathComponent(path)
        let files = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)
        return try (files?.allObjects ?? []).compactMap { $0 as? URL }
            .filter { $0.pathExtension == "json" }
            .map { ($0.path, try JSONDecoder().decode(Value.self, from: Data(contentsOf: $0))) }
    }
}

@Suite(.enabled(if: Vectors.arePresent, Vectors.absence))
struct MerkleVectorTests {
    struct Inclusion: Decodable {
        let leafIdx: UInt64
        let treeSize: UInt64
        let root: Data?
        let leafHash: Data?
        let proof: [Data]?
        let wantErr: Bool
    }

    struct Consistency: Decodable {
        let size1: UInt64
        let size2: UInt64
        let root1: Data?
        let root2: Data?
        let proof: [Data]?
        let wantErr: Bool
    }

    /// A hash of another length is refused by the type.
    struct NotAHash: Error {}

    private func hash(_ data: Data?) throws -> MerkleHash {
        guard let hash = MerkleHash(Array(data ?? Data())) else { throw NotAHash() }
        return hash
    }

    private func isAccepted(_ verify: () throws -> Void) throws -> Bool {
        do {
            try verify()
            return true
        } catch is ProofError {
            return false
        } catch is NotAHash {
            return false
        }
    }

    @Test("Inclusion proofs: valid ones verify and corrupted ones do not")
    func inclusion() throws {
        let vectors = try Vectors.load("merkle/inclusion", as: Inclusion.self)
        for (path, vector) in vectors {
            let isAccepted = try isAccepted {
                let proof = InclusionProof(
                    leafIndex: vector.leafIdx,
                    treeSize: vector.treeSize,
                    hashes: try (vector.proof ?? []).map { try hash($0) }
                )
                let leaf = LeafHash(computed: try hash(vector.leafHash))
                try proof.verify(leaf, in: try hash(vector.root))
            }
            #expect(isAccepted == !vector.wantErr, "\(path)")
        }
        #expect(vectors.count == 98)
        print("inclusion: \(vectors.count), valid \(vectors.count { !$0.1.wantErr })")
    }

    @Test("Consistency proofs: valid ones verify and corrupted ones do not")
    func consistency() throws {
        let vectors = try Vectors.load("merkle/consistency", as: Consistency.self)
        var padded: [String] = []
        for (path, vector) in vectors {
            var roots = [vector.root1 ?? Data(), vector.root2 ?? Data()]
            // One valid vector has roots of 12 bytes, to say that their content does not matter.
            // They are no hashes here; the case is run with zeros added.
            if !vector.wantErr, roots.contains(where: { $0.count != MerkleHash.byteCount }) {
                padded.append(URL(fileURLWithPath: path).lastPathComponent)
                roots = roots.map { $0 + Data(count: MerkleHash.byteCount - $0.count) }
            }
            let isAccepted = try isAccepted {
                let proof = ConsistencyProof(
                    fromSize: vector.size1,
                    toSize: vector.size2,
                    hashes: try (vector.proof ?? []).map { try hash($0) }
                )
                try proof.verify(from: try hash(roots[0]), to: try hash(roots[1]))
            }
            #expect(isAccepted == !vector.wantErr, "\(path)")
        }
        #expect(padded == ["sizes-are-equal-one-and-proof-is-empty.json"])
        #expect(vectors.count == 98)
        print("consistency: \(vectors.count), valid \(vectors.count { !$0.1.wantErr })")
    }
}
