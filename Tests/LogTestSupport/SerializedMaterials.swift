internal import CabinetAPI
internal import CabinetMapping
internal import CabinetModel
public import ModelTestSupport

extension Materials {
    /// Motions, rolls and statements as they are in a log. The signatures are none: who reads a log
    /// does not verify them unless asked to.
    public static let serialized = Materials(
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
