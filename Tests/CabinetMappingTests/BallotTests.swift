import BallotTestSupport
import CabinetAPI
import CabinetCodec
import CabinetCrypto
import CabinetMapping
import CabinetModel
import LogTestSupport
import ModelTestSupport
import Testing

@Suite struct BallotTests {
    private static let statement = CabinetModel.BallotStatement(
        ballot: .numbered(1),
        meeting: "meeting",
        poll: "poll",
        member: "m1",
        purpose: .vote(.yes, 1),
        motionDigest: .standIn("motion"),
        rollDigest: .standIn("roll")
    )

    private static func signed(
        _ statement: CabinetModel.BallotStatement = statement,
        by key: PrivateKey = TestKeys.p256
    ) throws -> SignedBallot {
        let ballot = UnsignedBallot(statement)
        return ballot.signed(
            with: try key.sign(ballot.messageToSign),
            by: key.publicKey,
            certificate: try certificate(of: key)
        )
    }

    /// A statement that is signed as it is, whatever is wrong with it.
    private static func signed(
        _ change: (inout CabinetAPI.BallotStatement) -> Void,
        appending suffix: [UInt8] = []
    ) throws -> SignedBallot {
        var message = try CabinetAPI.BallotStatement(
            serialized: UnsignedBallot(statement).statementBytes
        )
        change(&message)
        let bytes = message.serialized() + suffix
        var ballot = try signed()
        ballot.statement = bytes
        ballot.signature = try TestKeys.p256.sign(Array("e-cabinet/ballot/v1\n".utf8) + bytes)
        return ballot
    }

    private func rejection(
        of ballot: SignedBallot?,
        as purpose: BallotPurpose = .vote,
        key: CommandKey = CommandKey(.numbered(1))
    ) -> Rejection? {
        do throws(Rejection) {
            _ = try VerifiedBallot(verifying: ballot, as: purpose, commandKey: key)
            return nil
        } catch {
            return error
        }
    }

    // MARK: - What is accepted

    @Test func aBallotSignedWithEachAlgorithmIsVerified() async throws {
        for key in [TestKeys.p256, TestKeys.ed25519, TestKeys.rsa] {
            let unsigned = UnsignedBallot(Self.statement)
            let certificate = try certificate(of: key)
            let ballot = try await unsigned.signed(by: key, certificate: certificate)
            let verified = try VerifiedBallot(
                verifying: ballot,
                as: .vote,
                commandKey: CommandKey(Self.statement.ballot)
            )
            #expect(verified.statement == Self.statement)
            #expect(verified.statementBytes == unsigned.statementBytes)
            #expect(verified.keyFingerprint.bytes == key.publicKey.fingerprint.bytes)
            #expect(verified.message == ballot)
            try verified.verifySignature()
        }
    }

    @Test func whatIsSignedIsTheDomainAndTheStatement() throws {
        let ballot = UnsignedBallot(Self.statement)
        #expect(
            ballot.messageToSign == Array("e-cabinet/ballot/v1\n".utf8) + ballot.statementBytes
        )
        // Without the domain it is not a ballot.
        var signed = try Self.signed()
        signed.signature = try TestKeys.p256.sign(ballot.statementBytes)
        #expect(rejection(of: signed) == .signatureInvalid)
    }

    @Test func aStatementIsSerializedInTheOrderOfItsFields() {
        // By hand: tags, lengths and values of voting.proto, BallotStatement.
        let expected: [UInt8] =
            [0x0a, 16] + BallotID.numbered(1).bytes
            + [0x12, 7] + Array("meeting".utf8)
            + [0x1a, 4] + Array("poll".utf8)
            + [0x22, 2] + Array("m1".utf8)
            + [0x28, 1, 0x30, 1]
            + [0x3a, 32] + Digest.standIn("motion").bytes
            + [0x42, 32] + Digest.standIn("roll").bytes
            + [0x48, 1]
        #expect(UnsignedBallot(Self.statement).statementBytes == expected)
    }

    @Test func aBallotIsMadeForAPollThatHasOpened() throws {
        var session = try Session.voting(materials: .serialized)
        let poll = try #require(session.state.proceedings.poll("poll"))
        let ballot = try #require(
            UnsignedBallot(.numbered(3), of: "m2", .vote(.no, 1), in: poll, of: Session.id)
        )
        #expect(ballot.statement.motionDigest == poll.motion.digest)
        #expect(ballot.statement.rollDigest == poll.opening?.rollDigest)
        try session.draft("draft")
        let draft = try #require(session.state.proceedings.poll("draft"))
        #expect(
            UnsignedBallot(.numbered(3), of: "m2", .vote(.no, 1), in: draft, of: Session.id)
                == nil
        )
    }

    // MARK: - What is refused

    private typealias Change = @Sendable (inout SignedBallot) -> Void

    private static let fields: [(field: String, change: Change)] = [
        ("ballot.statement", { $0.statement = [] }),
        ("ballot.statement", { $0.statement = [UInt8](repeating: 0, count: 513) }),
        ("ballot.signature", { $0.signature = [] }),
        ("ballot.signature", { $0.signature = [UInt8](repeating: 0, count: 513) }),
        ("ballot.algorithm", { $0.algorithm = .unspecified }),
        ("ballot.algorithm", { $0.algorithm = .unrecognized(9) }),
        ("ballot.key_fingerprint", { $0.keyFingerprint = [] }),
        ("ballot.key_fingerprint", { $0.keyFingerprint.append(0) }),
        ("ballot.key_fingerprint", { $0.keyFingerprint[0] ^= 1 }),
        ("ballot.certificate", { $0.certificate = [] }),
        ("ballot.certificate", { $0.certificate = [UInt8](repeating: 0, count: 4_097) }),
    ]

    @Test func aFieldOutOfItsBoundsIsNamed() throws {
        for (name, change) in Self.fields {
            var ballot = try Self.signed()
            change(&ballot)
            guard case .fieldInvalid(name, _) = rejection(of: ballot) else {
                Issue.record("\(name): \(rejection(of: ballot)?.description ?? "accepted")")
                continue
            }
        }
        guard case .fieldInvalid("ballot", _) = rejection(of: nil) else {
            Issue.record("a request without a ballot is accepted")
            return
        }
    }

    private typealias StatementChange =
        @Sendable (inout CabinetAPI.BallotStatement) -> Void

    private static let statements: [(rule: String, change: StatementChange)] = [
        ("ballot_id", { $0.ballotID = [] }),
        ("ballot_id", { $0.ballotID.append(0) }),
        ("meeting_id", { $0.meetingID = "" }),
        ("meeting_id", { $0.meetingID = "UPPER" }),
        ("poll_id", { $0.pollID = text(65) }),
        ("member_id", { $0.memberID = "-x" }),
        ("purpose", { $0.purpose = .unspecified }),
        ("purpose", { $0.purpose = .unrecognized(3) }),
        ("choice", { $0.choice = .unspecified }),
        ("choice", { $0.choice = .unrecognized(4) }),
        ("motion_digest", { $0.motionDigest.removeLast() }),
        ("roll_digest", { $0.rollDigest = [] }),
        ("revision", { $0.revision = 0 }),
    ]

    @Test func aStatementThatBreaksTheSchemaIsRefused() throws {
        for (rule, change) in Self.statements {
            let rejection = rejection(of: try Self.signed(change))
            guard case .statementInvalid(let text) = rejection, text.hasPrefix(rule) else {
                Issue.record("\(rule): \(rejection?.description ?? "accepted")")
                continue
            }
        }
    }

    @Test func aTieIsDecidedByYesOrNoAndWithTheFirstRevision() throws {
        let changes: [StatementChange] = [
            { $0.choice = .abstain }, { $0.revision = 2 },
        ]
        for change in changes {
            let ballot = try Self.signed {
                $0.purpose = .tie
                change(&$0)
            }
            guard case .statementInvalid = rejection(of: ballot, as: .tie) else {
                Issue.record("accepted")
                continue
            }
        }
        #expect(rejection(of: try Self.signed { $0.purpose = .tie }, as: .tie) == nil)
    }

    @Test func aStatementWithAFieldThatIsNotKnownIsRefused() throws {
        // Field 100, a varint.
        let ballot = try Self.signed({ _ in }, appending: [0xa0, 0x06, 0x01])
        guard case .statementInvalid = rejection(of: ballot) else {
            Issue.record("accepted")
            return
        }
        let garbage = try Self.signed({ _ in }, appending: [0x0f])
        guard case .statementInvalid = rejection(of: garbage) else {
            Issue.record("accepted")
            return
        }
    }

    @Test func aBallotOfAnotherPurposeIsRefused() throws {
        guard case .statementInvalid = rejection(of: try Self.signed(), as: .tie),
            case .statementInvalid = rejection(of: try Self.signed { $0.purpose = .tie })
        else {
            Issue.record("accepted")
            return
        }
    }

    @Test func theIdempotencyKeyIsTheBallotsID() throws {
        #expect(rejection(of: try Self.signed(), key: .numbered(1)) == .ballotIDMismatch)
    }

    @Test func aCertificateThatCannotBeParsedIsRefused() throws {
        var ballot = try Self.signed()
        ballot.certificate.removeLast()
        guard case .certificateInvalid = rejection(of: ballot) else {
            Issue.record("accepted")
            return
        }
    }

    @Test func aSignatureOfAnotherKeyOrOfOtherBytesIsRefused() throws {
        var changed = try Self.signed()
        changed.statement = try Self.signed { $0.choice = .no }.statement
        #expect(rejection(of: changed) == .signatureInvalid)

        var stolen = try Self.signed(by: TestKeys.otherP256)
        let own = try Self.signed()
        stolen.certificate = own.certificate
        stolen.keyFingerprint = own.keyFingerprint
        #expect(rejection(of: stolen) == .signatureInvalid)

        var otherAlgorithm = try Self.signed()
        otherAlgorithm.algorithm = .ed25519
        #expect(rejection(of: otherAlgorithm) == .signatureInvalid)
    }

    @Test func everyBitOfASignedStatementCounts() throws {
        let ballot = try Self.signed()
        for index in ballot.statement.indices {
            var flipped = ballot
            flipped.statement[index] ^= 1
            #expect(rejection(of: flipped) != nil)
        }
    }
}
