import CabinetAPI
import CabinetCodec
import CabinetMapping
import CabinetModel
import CabinetRPC
import Foundation
import LogTestSupport
import ModelTestSupport
import Testing

@Suite struct FailureTests {
    /// The reasons in the schema, with the code that the comment of each begins with.
    private func reasonsOfTheSchema() throws -> [String: String] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../proto/cabinet/v1/common.proto")
        let text = try String(contentsOf: file, encoding: .utf8)
        let lines = try #require(text.components(separatedBy: "enum Reason {").last)
            .components(separatedBy: "\n")
            .map { $0.trimmingCharacters(in: .whitespaces) }
        var reasons: [String: String] = [:]
        var code: String?
        for line in lines {
            if line.hasPrefix("// "), code == nil {
                code = line.dropFirst(3).split(separator: ".").first.map(String.init)
            } else if line.hasPrefix("REASON_"), let name = line.split(separator: " ").first {
                reasons[String(name.dropFirst("REASON_".count))] = code
                code = nil
            }
        }
        reasons["UNSPECIFIED"] = nil
        return reasons
    }

    @Test func everyReasonHasTheCodeThatTheSchemaGivesIt() throws {
        let schema = try reasonsOfTheSchema()
        #expect(schema.count == CabinetAPI.Reason.allCases.count - 1)
        #expect(Set(schema.keys) == Set(FailureReason.allCases.map(\.name)))
        for reason in FailureReason.allCases {
            let code = try #require(schema[reason.name]).replacing("_", with: "").lowercased()
            #expect("\(reason.code)".lowercased() == code, "\(reason.name)")
        }
    }

    @Test func everyReasonOfTheModelIsOneOfTheSchemaWithTheSameCode() {
        for reason in CabinetModel.Reason.allCases {
            let failure = FailureReason(reason)
            #expect(failure.name == reason.name)
            #expect(failure.code.rawValue == reason.code.rawValue)
        }
    }

    @Test func everyFailureSaysWhatHappenedInOneSentence() {
        for reason in FailureReason.allCases {
            let message = RPCError(reason).message
            #expect(message.count > 20 && message.count < 160 && !message.contains("\n"))
        }
        #expect(
            Set(FailureReason.allCases.map { RPCError($0).message }).count
                == FailureReason.allCases.count
        )
    }

    @Test func aRejectionIsAStatusWithItsAttributes() throws {
        let error = RPCError(Rejection.quorumNotMet(counted: 17, needed: 18))
        #expect(error.code == .failedPrecondition)
        #expect(!error.isNotProcessed)
        let detail = try #require(error.details.first)
        #expect(error.details.count == 1)
        #expect(detail.reason == "QUORUM_NOT_MET")
        #expect(detail.domain == "cabinet.v1")
        #expect(
            detail.attributes == [
                StatusAttribute(name: "counted", value: "17"),
                StatusAttribute(name: "needed", value: "18"),
            ]
        )
        #expect(detail.payloadType.isEmpty && detail.payload.isEmpty)
    }

    @Test func aLogThatCannotBeReadNamesTheEntryAtFault() {
        let error = RPCError(EntryError(at: 12, .unknownBody))
        #expect(error.code == .dataLoss)
        #expect(error.details.first?.reason == "LOG_DAMAGED")
        #expect(
            error.details.first?.attributes == [StatusAttribute(name: "index", value: "12")]
        )
    }

    // MARK: - The poll in the payload

    private func poll(in error: RPCError) throws -> CabinetAPI.Poll {
        let detail = try #require(error.details.first)
        #expect(detail.payloadType == "cabinet.v1.Poll")
        return try CabinetAPI.Poll(serialized: detail.payload)
    }

    @Test func whoIsTooLateLearnsHowThePollStands() throws {
        var session = try Session.voting(materials: .serialized)
        try session.cast("m1", .yes)
        try session.run(.holdPoll("poll"), by: "m1")
        let ballot = Command.castBallot(session.ballot("m2", .vote(.yes, 1)))
        let rejection = try #require(session.rejection(of: ballot, by: "m2"))
        let held = session.state.failure(rejection, of: ballot, by: "m2")
        #expect(held.details.first?.reason == "BALLOT_ID_MISMATCH")
        #expect(held.details.first?.payload.isEmpty == true)

        let late = session.state.failure(.pollNotOpen(state: .held), of: ballot, by: "m2")
        #expect(late.details.first?.reason == "POLL_NOT_OPEN")
        let poll = try poll(in: late)
        #expect(poll.state == .held)
        #expect(poll.verdict?.outcome == .pending)
        #expect(poll.verdict?.threshold?.yesWeight == 1)

        try session.run(.closePoll("poll"), by: "m1")
        let decided = session.state.failure(.pollNotOpen(state: .decided), of: ballot, by: "m2")
        #expect(try self.poll(in: decided).verdict?.outcome == .notCarried)
    }

    @Test func aPollInProgressIsTheOneInThePayload() throws {
        var session = try Session.voting(materials: .serialized)
        try session.draft("next")
        let command = session.openPollCommand("next")
        let rejection = try #require(session.rejection(of: command, by: "m1"))
        #expect(
            try poll(in: session.state.failure(rejection, of: command, by: "m1")).pollID == "poll"
        )
    }

    @Test func aDraftIsNotShownToWhoMayNotSeeIt() throws {
        var session = try Session.open(materials: .serialized)
        try session.draft("draft")
        let hold = Command.holdPoll("draft")
        let rejection = Rejection.pollNotOpen(state: .draft)
        let toMember = session.state.failure(rejection, of: hold, by: "m2")
        #expect(toMember.details.first?.payload.isEmpty == true)
        let toStranger = session.state.failure(rejection, of: hold, by: "stranger")
        #expect(toStranger.details.first?.payload.isEmpty == true)
        let toChair = session.state.failure(rejection, of: hold, by: "m1")
        #expect(try poll(in: toChair).state == .draft)
    }
}
