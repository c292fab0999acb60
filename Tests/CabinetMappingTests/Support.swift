import CabinetAPI
import CabinetMapping
import CabinetModel
import ModelTestSupport

extension Materials {
    /// Motions, rolls and statements as they are in a log. The signatures are none: who reads a log
    /// does not verify them unless asked to.
    static let serialized = Materials(
        motion: { text in
            try! CabinetModel.Motion(serializing: CabinetAPI.Motion(text: text))
        },
        roll: { try! FrozenRoll(freezing: $0) },
        ballot: { statement, key in
            try! VerifiedBallot(
                statement: statement,
                statementBytes: UnsignedBallot(statement).statementBytes,
                signature: Array("signature".utf8),
                algorithm: .ecdsaP256SHA256,
                keyFingerprint: key,
                certificate: Array("certificate".utf8)
            )
        }
    )
}

func text(_ byteCount: Int) -> String { String(repeating: "x", count: byteCount) }

/// The entries, each from its bytes.
func reread(_ entries: [Entry]) throws -> [Entry] {
    var coding = EntryCoding()
    var read: [Entry] = []
    for entry in entries {
        read.append(try coding.parse(try coding.serialize(entry), at: entry.index))
    }
    return read
}

extension [UInt8] {
    /// Whether these bytes occur somewhere. Nothing occurs nowhere.
    func contains(_ needle: [UInt8]) -> Bool {
        guard let first = needle.first, needle.count <= count else { return false }
        return (0...(count - needle.count)).contains { start in
            self[start] == first && self[start..<start + needle.count].elementsEqual(needle)
        }
    }
}
