import CabinetClient
import CabinetClientTexts
import CabinetMapping
import CabinetModel
import CabinetRPC
import CabinetTexts
import ModelTestSupport
import Testing

@Suite struct AdviceTests {
    @Test(arguments: Language.allCases)
    func everyReasonHasASentenceOfItsOwnAndAnother(language: Language) {
        var happened: Set<String> = []
        for reason in FailureReason.allCases {
            let advice = reason.advice(in: language)
            #expect(advice.happened.hasSuffix("."), "\(reason)")
            #expect(advice.next.hasSuffix("."), "\(reason)")
            #expect(
                happened.insert(advice.happened).inserted,
                "\(reason) reads as another one does"
            )
        }
    }

    @Test func theValuesOfARejectionAreInItsSentence() {
        let advice = RPCError(Rejection.quorumNotMet(counted: 17, needed: 18)).advice(in: .english)
        #expect(advice.happened == "The quorum is not met: 17 are present, 18 are needed.")
        #expect(advice.next == "Wait until more members check in.")
        #expect(
            RPCError(Rejection.pollNotOpen(state: .decided)).advice(in: .vietnamese).happened
                == "Cuộc biểu quyết hiện không nhận phiếu: đã có kết quả."
        )
        #expect(
            RPCError(Rejection.meetingNotOpen(state: .recess)).advice(in: .english).happened
                == "The meeting is not in session: it is in recess."
        )
        #expect(
            RPCError(Rejection.roleRequired(roles: [.chair, .secretary])).advice(in: .vietnamese)
                .happened == "Việc này cần vai trò: chủ tọa hoặc thư ký phiên họp."
        )
        #expect(
            RPCError(Rejection.fieldInvalid(field: "title", rule: "it has 1 to 512 bytes"))
                .advice(in: .english).happened
                == "A value of the request is missing or not allowed (title: it has 1 to 512 bytes)."
        )
        #expect(
            RPCError(DirectoryRejection.limitReached(.principals, maximum: 10_000))
                .advice(in: .english).happened == "A limit is reached (principals: 10000)."
        )
    }

    @Test func ofAMeetingThatIsOverNobodyIsToldToWait() {
        let over = RPCError(Rejection.meetingNotOpen(state: .adjourned)).advice(in: .english)
        #expect(over.next.hasPrefix("It does not open again: make its minutes or export its log"))
        let recess = RPCError(Rejection.meetingNotOpen(state: .recess)).advice(in: .english)
        #expect(recess.next == "Wait until the chair opens or resumes the meeting.")
    }

    @Test(arguments: [
        (PollState.decided, "A ballot that comes now does not count; those that were"),
        (.closed, "A ballot that comes now does not count; those that were"),
        (.voided, "No ballot of it counts"),
        (.held, "A ballot that comes now does not count; wait for the chair's word."),
    ])
    func whatBecomesOfALateBallotDependsOnThePoll(state: PollState, beginning: String) {
        let advice = RPCError(Rejection.pollNotOpen(state: state)).advice(in: .english)
        #expect(advice.next.hasPrefix(beginning))
    }

    @Test func aServersTextReachesNoTerminalAsACommand() {
        let error = RPCError(
            .failedPrecondition,
            "\u{1b}[2J",
            details: [
                StatusDetail(
                    reason: "POLL_NOT_OPEN",
                    domain: "cabinet.v1",
                    attributes: [StatusAttribute(name: "state", value: "\u{1b}[31mOPEN")]
                )
            ]
        )
        for line in error.advice(in: .english).lines(in: .english) {
            #expect(!line.unicodeScalars.contains("\u{1b}"))
        }
        let other = RPCError(.internal, "\u{1b}]0;owned\u{7}").advice(in: .vietnamese)
        #expect(other.detail == "\u{fffd}]0;owned\u{fffd}")
        #expect(other.lines(in: .vietnamese).last == "Chi tiết: \u{fffd}]0;owned\u{fffd}")
    }

    @Test(arguments: [
        ("NO_CONNECTION", "There is no connection to the server."),
        ("CONNECTION_LOST", "The connection to the server was lost."),
        ("TLS_UNTRUSTED", "The server's certificate is not accepted."),
        ("TLS_PEER_ALERT", "The server does not accept this device's certificate."),
        ("TLS_NOT_TLS", "What answers at that address does not speak e-Cabinet's protocol."),
        ("TOO_MANY_CALLS", "The server cannot answer now."),
    ])
    func whatIsWrongWithTheLinkIsToldApart(reason: String, happened: String) {
        let error = RPCError(
            .unavailable,
            "no connection to 127.0.0.1:1",
            details: [StatusDetail(reason: reason, domain: "cabinet.rpc")]
        )
        #expect(error.advice(in: .english).happened == happened)
        #expect(error.advice(in: .english).detail == "no connection to 127.0.0.1:1")
        #expect(error.advice(in: .vietnamese).happened != happened)
    }

    @Test func aReasonOfADomainThatIsNotOursIsNotTakenForOurs() {
        let error = RPCError(
            .internal,
            "",
            details: [StatusDetail(reason: "POLL_NOT_OPEN", domain: "example")]
        )
        #expect(error.advice(in: .english).happened == "The server failed.")
    }

    @Test func aBallotWithoutAnAnswerMayCount() throws {
        let lost = RPCError(
            .unavailable,
            "the connection to the server was lost",
            details: [StatusDetail(reason: "CONNECTION_LOST", domain: "cabinet.rpc")]
        )
        let advice = CastError.undelivered(.numbered(1), lost).advice(in: .english)
        #expect(
            advice.happened
                == "It is not known whether the ballot counts. The connection to the server was lost."
        )
        #expect(
            advice.next == "It is kept on this device, will be sent again, and counts once."
        )
        let refused = CastError.refused(
            .ballotNotRevocable,
            RPCError(Rejection.ballotNotRevocable)
        ).advice(in: .vietnamese)
        #expect(
            refused.happened
                == "Phiếu không được nhận. Thành viên đã biểu quyết, và theo quy tắc phiếu đã gửi không "
                + "thay đổi được."
        )
        #expect(refused.next == "Phiếu trước vẫn được tính.")
    }

    @Test func aConditionSaysSinceWhenThereIsNoLink() {
        let start = ContinuousClock().now
        let offline = ReplicaCondition.offline(
            since: start,
            reason: RPCError(.unavailable, "")
        )
        let now = start.advanced(by: .seconds(102))
        #expect(offline.text(in: .english, now: now) == "offline for 1:42")
        #expect(offline.text(in: .vietnamese, now: now) == "mất kết nối 1:42")
        #expect(ReplicaCondition.live.text(in: .vietnamese, now: now) == "trực tuyến")
    }

    @Test func aHistoryThatWasRewrittenIsNotGoneOnWith() {
        let advice = ReplicaError.history(.logNameTooLong).advice(in: .english)
        #expect(advice.next == "Use a shorter identifier for the meeting.")
        let journal = BallotPaperError.journal(JournalError(.locked, "x")).advice(in: .english)
        #expect(journal.happened == "Another program has the journal of ballots open.")
        #expect(journal.detail == "x")
    }
}
