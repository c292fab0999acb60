import CabinetAPI
import CabinetCrypto
import CabinetMapping
import CabinetModel
import CabinetRPC
import ModelTestSupport
import Testing

@testable import CabinetServer

/// Each reason for which a ballot is refused, as a client of the whole server sees it: named, with what the
/// client needs to know, and nothing counted.
@Suite struct BallotRejectionTests {
    /// What a ballot is like, and in which poll.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// What happens after the poll has opened.
        var before: @Sendable (ServedNode) async throws -> Void = { _ in }
        var revocable = false
        /// Whose ballot it is, and who signs and carries it.
        var member = "m2"
        var signer = "m2"
        var carrier = "m2"
        var choice = CabinetModel.Choice.yes
        var revision: CabinetModel.Revision = 1
        var motion: Digest?
        var roll: Digest?
        var meeting: MeetingID = "meeting"
        var change: @Sendable (inout SignedBallot) -> Void = { _ in }
        /// The idempotency key; `nil` is the ballot's id.
        var key: IdempotencyKey?
        let reason: String
        var code = CabinetRPC.Code.failedPrecondition
        var attributes: [String: String] = [:]
    }

    @Test("A ballot is refused with the reason that it is refused for", arguments: cases)
    func refused(_ line: Case) async throws {
        try await ServedNode.run { node in
            try await node.openPoll(revocable: line.revocable)
            try await line.before(node)
            let counted = try await tally(node)
            var (ballot, options) = try await node.ballot(
                line.member,
                .vote(line.choice, line.revision),
                id: 77,
                signedBy: line.signer,
                motion: line.motion,
                roll: line.roll,
                meeting: line.meeting
            )
            line.change(&ballot)
            if let key = line.key { options.idempotencyKey = key }
            do {
                _ = try await node.voting(line.carrier)
                    .castBallot(CastBallotRequest(ballot: ballot), options: options)
                Issue.record("it is accepted")
            } catch let error as RPCError {
                #expect(error.details.first?.reason == line.reason)
                #expect(error.code == line.code)
                let attributes = error.details.first?.attributes ?? []
                for (name, value) in line.attributes {
                    #expect(attributes.first { $0.name == name }?.value == value)
                }
            }
            #expect(try await tally(node) == counted)
        }
    }

    /// What is counted, as the secretary sees it.
    private func tally(_ node: ServedNode) async throws -> CabinetAPI.Tally? {
        try await node.voting("secretary")
            .getPoll(GetPollRequest(meetingID: "meeting", pollID: "poll")).poll?.verdict?.tally
    }

    private static func cast(
        _ node: ServedNode,
        _ choice: CabinetModel.Choice,
        _ revision: CabinetModel.Revision,
        id: Int
    ) async throws {
        let (ballot, options) = try await node.ballot("m2", .vote(choice, revision), id: id)
        _ = try await node.voting("m2")
            .castBallot(CastBallotRequest(ballot: ballot), options: options)
    }

    private static let cases = signatureCases + rollCases + stateCases + statementCases

    // MARK: - Signature and key

    /// Field 6 of the statement, the choice: YES becomes NO.
    @Sendable private static func changeChoice(_ ballot: inout SignedBallot) {
        let field: [UInt8] = [0x30, 0x01, 0x3a]
        let start = ballot.statement.indices.first { ballot.statement[$0...].starts(with: field) }
        if let start { ballot.statement[start + 1] = 2 }
    }

    private static let signatureCases: [Case] = [
        Case(
            testDescription: "bad signature",
            change: { $0.signature[20] ^= 1 },
            reason: "SIGNATURE_INVALID",
            code: .invalidArgument
        ),
        Case(
            testDescription: "another choice than was signed",
            change: changeChoice,
            reason: "SIGNATURE_INVALID",
            code: .invalidArgument
        ),
        Case(
            testDescription: "another algorithm than the key's",
            change: { $0.algorithm = .ed25519 },
            reason: "SIGNATURE_INVALID",
            code: .invalidArgument
        ),
        Case(
            testDescription: "unknown key",
            signer: "m3",
            reason: "SIGNING_KEY_NOT_ON_ROLL",
            code: .permissionDenied
        ),
        Case(
            testDescription: "revoked key",
            before: { node in
                let key = try #require(ServedNode.signingKeys["m2"])
                _ = try await node.directory("admin").revokeCertificate(
                    RevokeCertificateRequest(
                        principalID: "m2",
                        fingerprint: key.publicKey.fingerprint.bytes,
                        reason: "mất thẻ"
                    )
                )
            },
            reason: "SIGNING_KEY_REVOKED",
            code: .permissionDenied
        ),
        Case(
            testDescription: "a certificate that is none",
            change: { $0.certificate = [0x30, 0] },
            reason: "CERTIFICATE_INVALID",
            code: .invalidArgument
        ),
        Case(
            testDescription: "another fingerprint than the certificate's",
            change: { $0.keyFingerprint[0] ^= 1 },
            reason: "FIELD_INVALID",
            code: .invalidArgument,
            attributes: ["field": "ballot.key_fingerprint"]
        ),
    ]

    // MARK: - The roll

    private static let rollCases: [Case] = [
        Case(
            testDescription: "a member who was admitted after the roll was frozen",
            before: { node in
                _ = try await node.meeting("secretary").admitParticipants(
                    AdmitParticipantsRequest(
                        meetingID: "meeting",
                        admissions: [Admission(principalID: "outsider", roles: [.member])]
                    )
                )
                _ = try await node.meeting("outsider").checkIn(
                    CheckInRequest(meetingID: "meeting", place: .room)
                )
            },
            member: "outsider",
            carrier: "outsider",
            reason: "NOT_ON_ROLL",
            code: .permissionDenied
        ),
        Case(
            testDescription: "somebody who is no member",
            member: "guest",
            carrier: "guest",
            reason: "NOT_ON_ROLL",
            code: .permissionDenied
        ),
        Case(
            testDescription: "another roll digest",
            roll: .standIn("another"),
            reason: "ROLL_DIGEST_MISMATCH"
        ),
        Case(
            testDescription: "another motion digest",
            motion: .standIn("another"),
            reason: "MOTION_DIGEST_MISMATCH"
        ),
        Case(
            testDescription: "who is not checked in",
            before: { node in
                _ = try await node.meeting("m2").checkOut(CheckOutRequest(meetingID: "meeting"))
            },
            reason: "NOT_CHECKED_IN"
        ),
        Case(
            testDescription: "whoever carries it takes no part",
            carrier: "outsider",
            reason: "MEETING_NOT_FOUND",
            code: .notFound
        ),
    ]

    // MARK: - The state of the poll, and the ballots before

    private static let stateCases: [Case] = [
        Case(
            testDescription: "a poll that is held",
            before: { node in
                _ = try await node.voting("m1").holdPoll(
                    HoldPollRequest(meetingID: "meeting", pollID: "poll")
                )
            },
            reason: "POLL_NOT_OPEN",
            attributes: ["state": "HELD"]
        ),
        Case(
            testDescription: "a poll that is decided",
            before: { node in
                _ = try await node.voting("m1").closePoll(
                    ClosePollRequest(meetingID: "meeting", pollID: "poll")
                )
            },
            reason: "POLL_NOT_OPEN",
            attributes: ["state": "DECIDED"]
        ),
        Case(
            testDescription: "a poll that was voided",
            before: { node in
                _ = try await node.voting("m1").voidPoll(
                    VoidPollRequest(meetingID: "meeting", pollID: "poll", reason: "nhầm")
                )
            },
            reason: "POLL_NOT_OPEN",
            attributes: ["state": "VOIDED"]
        ),
        Case(
            testDescription: "another ballot, where none is changed",
            before: { try await cast($0, .no, 1, id: 1) },
            revision: 2,
            reason: "BALLOT_NOT_REVOCABLE"
        ),
        Case(
            testDescription: "a lower revision",
            before: { node in
                try await cast(node, .no, 1, id: 1)
                try await cast(node, .abstain, 5, id: 2)
            },
            revocable: true,
            revision: 4,
            reason: "REVISION_STALE",
            attributes: ["revision": "5"]
        ),
        Case(
            testDescription: "the same revision",
            before: { try await cast($0, .no, 1, id: 1) },
            revocable: true,
            reason: "REVISION_STALE",
            attributes: ["revision": "1"]
        ),
        Case(
            testDescription: "more ballots than a member has in a poll",
            before: { node in
                for number in 1...20 as ClosedRange<UInt32> {
                    try await cast(
                        node,
                        .no,
                        CabinetModel.Revision(number),
                        id: Int(number)
                    )
                }
            },
            revocable: true,
            revision: 21,
            reason: "LIMIT_REACHED",
            code: .resourceExhausted,
            attributes: ["limit": "ballots_of_member", "maximum": "20"]
        ),
    ]

    // MARK: - The statement

    private static let statementCases: [Case] = [
        Case(
            testDescription: "an unknown field",
            change: { $0.statement += [0x98, 0x06, 0x01] },
            reason: "STATEMENT_INVALID",
            code: .invalidArgument
        ),
        Case(
            testDescription: "no statement",
            change: { $0.statement = [0xff] },
            reason: "STATEMENT_INVALID",
            code: .invalidArgument
        ),
        Case(
            testDescription: "a first ballot that says it is the second",
            revision: 2,
            reason: "STATEMENT_INVALID",
            code: .invalidArgument
        ),
        Case(
            testDescription: "a ballot of a meeting that there is not",
            meeting: "another",
            reason: "MEETING_NOT_FOUND",
            code: .notFound
        ),
        Case(
            testDescription: "another idempotency key than the ballot's id",
            key: IdempotencyKey(Array(repeating: 7, count: 16)),
            reason: "BALLOT_ID_MISMATCH",
            code: .invalidArgument
        ),
        Case(
            testDescription: "the id of a ballot that is there",
            before: { try await cast($0, .no, 1, id: 77) },
            reason: "IDEMPOTENCY_KEY_REUSED",
            code: .alreadyExists
        ),
    ]
}
