import CabinetAPI
import CabinetClient
import CabinetLedger
import CabinetMapping
import CabinetModel
import CabinetRPC
import CabinetTexts
import CommandSupport

/// The session, act by act.
struct Session: Sendable {
    let show: Show
    let pace: Pace
    let workspace: Workspace
    let company: Company
    let business: Business
    let venue: Venue
    /// The connection of the secretary's device.
    let secretary: RPCClient

    var meetings: MeetingService.Client { MeetingService.Client(secretary) }
    var meetingID: String { business.meeting.text }

    /// Plays it.
    ///
    /// - Parameter board: The connection of the wall board.
    func run(board: RPCClient) async throws -> Record {
        try await schedule()
        let wall = try WallBoard(
            of: business.meeting,
            over: board,
            in: venue.installation,
            secretary: secretary
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await wall.run(on: show) }
            let record = try await act(wall)
            wall.stop()
            try await group.waitForAll()
            return record
        }
    }

    private func act(_ wall: WallBoard) async throws -> Record {
        try await wall.wait(for: Phrase(vi: "phiên họp", en: "the meeting")) {
            $0.proceedings.meeting != nil
        }
        show.raiseCurtain()
        let devices = Devices()
        let outcome: Result<Record, any Error>
        do {
            try await checkIn(devices)
            try await open()
            let chair = try chairDevice(devices)
            try await takeUp(chair)
            let ballots = try await vote(devices, chair, wall)
            let verdict = try await close(chair, wall)
            try await adjourn(devices, ballots)
            outcome = .success(
                Record(
                    address: venue.server.address,
                    verifierKey: venue.verifierKey,
                    installation: venue.installation,
                    meeting: business.meeting,
                    poll: business.poll,
                    verdict: verdict,
                    ballots: ballots,
                    log: try await export()
                )
            )
        } catch {
            outcome = .failure(error)
        }
        await devices.close()
        return try outcome.get()
    }

    private func chairDevice(_ devices: Devices) throws -> RPCClient {
        guard let chair = devices.all.first(where: { $0.member.seat.isChair }) else {
            throw DemoFailure(vi: "không có chủ tọa", en: "there is no chair")
        }
        return chair.rpc
    }

    // MARK: - Before the meeting

    private func schedule() async throws {
        show.begin(Phrase(vi: "Trước phiên họp", en: "Before the meeting"))
        _ = try await meetings.scheduleMeeting(
            ScheduleMeetingRequest(
                meetingID: meetingID,
                title: business.title,
                scheduledUnixMs: WallClock.milliseconds(),
                defaultRule: business.message
            )
        )
        _ = try await meetings.admitParticipants(
            AdmitParticipantsRequest(
                meetingID: meetingID,
                admissions: (company.members.map(\.person) + [company.wallBoard]).map {
                    Admission(principalID: $0.id.text, roles: $0.roles)
                }
            )
        )
        _ = try await meetings.setAgendaItem(
            SetAgendaItemRequest(
                meetingID: meetingID,
                item: AgendaItem(
                    agendaItemID: business.item.text,
                    title: business.itemTitle,
                    documents: [business.document]
                )
            )
        )
        show.say(
            Phrase(
                vi:
                    "Thư ký lên lịch phiên họp, mời \(company.members.count) thành viên và màn hình, "
                    + "ghi dự thảo nghị quyết vào chương trình.",
                en:
                    "The secretary schedules the meeting, admits \(company.members.count) members and "
                    + "the wall board, and puts the draft resolution on the agenda."
            )
        )
    }

    // MARK: - The end of it

    /// The chair closes the poll.
    ///
    /// - Returns: The verdict.
    private func close(_ chair: RPCClient, _ wall: WallBoard) async throws -> CabinetModel.Verdict {
        show.begin(Phrase(vi: "Kết quả", en: "The result"))
        let response = try await VotingService.Client(chair).closePoll(
            ClosePollRequest(meetingID: meetingID, pollID: business.poll.text)
        )
        guard let message = response.verdict else {
            throw DemoFailure(vi: "không có kết quả", en: "there is no verdict")
        }
        let verdict = try CabinetModel.Verdict(message)
        try check(verdict)
        let poll = business.poll
        try await wall.wait(for: Phrase(vi: "kết quả", en: "the verdict")) {
            $0.proceedings.poll(poll)?.verdict == verdict
        }
        let (vietnamese, english) = (
            verdict.summary(in: .vietnamese), verdict.summary(in: .english)
        )
        show.say(
            Phrase(
                vi: "Chủ tọa kết thúc biểu quyết. \(vietnamese)",
                en: "The chair closes the poll. \(english)"
            )
        )
        for (vi, en) in zip(
            verdict.explanation(in: .vietnamese),
            verdict.explanation(in: .english)
        ) {
            show.say(Phrase(vi: "  " + vi, en: "  " + en))
        }
        try await pace.pause(4)
        return verdict
    }

    /// Whether it is the result of who was there.
    private func check(_ verdict: CabinetModel.Verdict) throws {
        let yes = verdict.tally.yes
        guard verdict.outcome == .carried,
            Int(yes.room.members) == company.count(.room),
            Int(yes.remote.members) == company.count(.remote),
            Int(verdict.tally.notVoted.members) == company.absent.count
        else {
            throw DemoFailure(
                vi: "kết quả không phải của những người đã bỏ phiếu: "
                    + verdict.summary(in: .vietnamese),
                en: "the verdict is not that of those who voted: "
                    + verdict.summary(in: .english)
            )
        }
    }

    /// The meeting ends; then each member's device compares the log with everything that it saw of it, and
    /// verifies once more what its journal has.
    private func adjourn(_ devices: Devices, _ ballots: [ProvenBallot]) async throws {
        show.begin(Phrase(vi: "Bế mạc", en: "The end"))
        _ = try await meetings.moveToAgendaItem(
            MoveToAgendaItemRequest(meetingID: meetingID, previousItemState: .decided)
        )
        _ = try await meetings.adjournMeeting(AdjournMeetingRequest(meetingID: meetingID))
        show.say(Phrase(vi: "Phiên họp bế mạc.", en: "The meeting is adjourned."))
        for device in devices.all {
            try await device.voting.verifyHistory(of: business.meeting)
            let kept = try await device.voting.provenBallots(in: business.meeting)
            guard kept.count == 1, let ballot = kept.first, ballots.contains(ballot) else {
                throw DemoFailure(
                    vi: "biên nhận của \(device.member.person.name) không khớp",
                    en: "the receipt of \(device.member.person.name) is not the one that it had"
                )
            }
        }
        show.say(
            Phrase(
                vi:
                    "\(devices.all.count) thiết bị đã xác minh lại biên nhận của mình, và nhật ký vẫn nối "
                    + "tiếp những gì từng thấy.",
                en:
                    "\(devices.all.count) devices have verified their receipts once more, and that the "
                    + "log goes on from everything that they saw of it."
            )
        )
        try await pace.pause(2)
    }

    /// An auditor, who takes no part in the meeting, writes its log into a file.
    private func export() async throws -> [UInt8] {
        show.begin(Phrase(vi: "Biên bản", en: "The minutes"))
        let auditor = venue.connection(of: company.auditor)
        let outcome: Result<[UInt8], any Error>
        do {
            var log: [UInt8] = []
            let export = LogExport(of: business.meeting, in: venue.installation, over: auditor)
            _ = try await export.read { log += $0 }
            outcome = .success(log)
        } catch {
            outcome = .failure(error)
        }
        await auditor.close()
        let log = try outcome.get()
        show.say(
            Phrase(
                vi:
                    "Kiểm toán viên, không dự họp, đã xuất nhật ký của phiên họp: \(log.count) byte.",
                en:
                    "An auditor, who takes no part, has exported the meeting's log: \(log.count) bytes."
            )
        )
        try await pace.pause()
        return log
    }
}
