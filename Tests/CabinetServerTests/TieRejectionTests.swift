import CabinetAPI
import CabinetMapping
import CabinetModel
import CabinetRPC
import ModelTestSupport
import Testing

@testable import CabinetServer

/// Who decides a tie and when, as clients of the whole server see it.
@Suite struct TieRejectionTests {
    /// The reason that a statement is refused for, as a tie choice; `nil` where it decides.
    private func decide(
        _ node: ServedNode,
        _ member: String,
        _ purpose: CabinetModel.BallotStatement.Purpose,
        id: Int,
        signedBy signer: String? = nil,
        motion: Digest? = nil,
        roll: Digest? = nil
    ) async throws -> String? {
        let (ballot, options) = try await node.ballot(
            member,
            purpose,
            id: id,
            signedBy: signer,
            motion: motion,
            roll: roll
        )
        return await reason {
            _ = try await node.voting(member)
                .decideTie(DecideTieRequest(ballot: ballot), options: options)
        }
    }

    private func cast(
        _ node: ServedNode,
        _ member: String,
        _ purpose: CabinetModel.BallotStatement.Purpose,
        id: Int
    ) async throws -> String? {
        let (ballot, options) = try await node.ballot(member, purpose, id: id)
        return await reason {
            _ = try await node.voting(member)
                .castBallot(CastBallotRequest(ballot: ballot), options: options)
        }
    }

    @Test("A tie is decided once, by the chair's own statement for it, and by nothing else")
    func ties() async throws {
        try await ServedNode.run { node in
            try await node.openPoll()
            #expect(try await cast(node, "m2", .vote(.yes, 1), id: 1) == nil)
            #expect(try await cast(node, "m3", .vote(.no, 1), id: 2) == nil)
            // Neither statement passes for the other.
            #expect(try await cast(node, "m1", .tie(.yes), id: 3) == "STATEMENT_INVALID")
            #expect(try await decide(node, "m1", .tie(.yes), id: 4) == "TIE_NOT_PENDING")
            let closed = try await node.voting("m1").closePoll(
                ClosePollRequest(meetingID: "meeting", pollID: "poll")
            )
            #expect(closed.verdict == nil)
            #expect(
                try await decide(node, "m1", .vote(.yes, 1), id: 5) == "STATEMENT_INVALID"
            )
            #expect(
                try await decide(node, "m2", .tie(.yes), id: 6) == "CHAIR_SIGNATURE_REQUIRED"
            )
            #expect(
                try await decide(node, "m1", .tie(.yes), id: 7, signedBy: "m2")
                    == "SIGNING_KEY_NOT_ON_ROLL"
            )
            #expect(
                try await decide(node, "m1", .tie(.yes), id: 8, motion: .standIn("another"))
                    == "MOTION_DIGEST_MISMATCH"
            )
            #expect(
                try await decide(node, "m1", .tie(.yes), id: 9, roll: .standIn("another"))
                    == "ROLL_DIGEST_MISMATCH"
            )
            #expect(try await decide(node, "m1", .tie(.no), id: 10) == nil)
            #expect(try await decide(node, "m1", .tie(.yes), id: 11) == "TIE_NOT_PENDING")
            let poll = try await node.voting("wall")
                .getPoll(GetPollRequest(meetingID: "meeting", pollID: "poll")).poll
            #expect(poll?.verdict?.ground == .tieChairChoice)
            #expect(poll?.verdict?.outcome == .notCarried)
        }
    }
}
