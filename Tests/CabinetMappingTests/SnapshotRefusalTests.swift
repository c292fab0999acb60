import CabinetAPI
import CabinetCodec
import CabinetMapping
import CabinetModel
import LogTestSupport
import ModelTestSupport
import Testing

@Suite struct SnapshotRefusalTests {
    private typealias Change = @Sendable (inout MeetingSnapshot) -> Void

    /// A change to the snapshot of an open poll whose ballots are named, and the field that is named.
    private static let refused: [(field: String, change: Change)] = [
        ("log", { $0.log = nil }),
        ("meeting", { $0.meeting = nil }),
        ("meeting", { $0.meeting?.meetingID = "another" }),
        ("meeting.title", { $0.meeting?.title = "" }),
        ("meeting.state", { $0.meeting?.state = .unspecified }),
        ("meeting.state", { $0.meeting?.openedUnixMs = 0 }),
        ("meeting.state", { $0.meeting?.adjournedUnixMs = 1 }),
        ("meeting.opened_unix_ms", { $0.meeting?.openedUnixMs = -1 }),
        ("meeting.scheduled_unix_ms", { $0.meeting?.scheduledUnixMs = 0 }),
        ("meeting.default_rule", { $0.meeting?.defaultRule = nil }),
        ("agenda", { $0.meeting?.currentAgendaItemID = "item" }),
        ("agenda", { $0.agenda += $0.agenda }),
        ("agenda[0].title", { $0.agenda[0].title = "" }),
        ("participants", { $0.participants += $0.participants }),
        ("participants[0].participant", { $0.participants[0].participant = nil }),
        ("participants[0].state", { $0.participants[0].state = .unspecified }),
        ("participants[0].state", { $0.participants[0].changedUnixMs = 5 }),
        ("polls", { $0.polls += $0.polls }),
        ("polls[0].motion_digest", { $0.polls[0].motionDigest[0] ^= 1 }),
        ("polls[0].state", { $0.polls[0].state = .unspecified }),
        ("polls[0].roll_digest", { $0.polls[0].rollDigest = [] }),
        ("polls[0].roll_part_count", { $0.polls[0].rollPartCount = 0 }),
        ("polls[0].opened_unix_ms", { $0.polls[0].openedUnixMs = 0 }),
        ("polls[0].chair_id", { $0.polls[0].chairID = "" }),
        ("polls", { $0.polls[0].verdict = nil }),
        ("polls.outcome", { $0.polls[0].verdict?.outcome = .carried }),
        ("polls.threshold", { $0.polls[0].verdict?.tally = nil }),
        ("poll_in_progress", { $0.pollInProgress?.pollID = "another" }),
        ("poll_in_progress.roll", { $0.pollInProgress?.roll = [] }),
        ("poll_in_progress.roll", { $0.pollInProgress?.roll.removeLast() }),
        (
            "poll_in_progress.roll",
            { $0.pollInProgress?.roll = Array(repeating: 0, count: 131_073) }
        ),
        ("poll_in_progress.roll", { $0.pollInProgress?.roll += [0xa0, 0x06, 0x01] }),
        ("poll_in_progress.roll_call", { $0.pollInProgress?.rollCall = nil }),
        (
            "poll_in_progress.roll_call",
            { snapshot in
                snapshot.pollInProgress?.rollCall?.marks.removeLast()
                snapshot.pollInProgress?.rollCall?.places.removeLast()
            }
        ),
        (
            "poll_in_progress.roll_call.places",
            { $0.pollInProgress?.rollCall?.places.removeLast() }
        ),
        (
            "poll_in_progress.roll_call.marks[0]",
            { $0.pollInProgress?.rollCall?.marks[0] = .yes }
        ),
    ]

    @Test func theFieldThatIsWrongIsNamed() throws {
        let session = try Session.voting(
            rule: try PollRule(visibility: .named),
            materials: .serialized
        )
        let snapshot = try #require(MeetingSnapshot(session.state.snapshot(for: .secretariat)))
        for (field, change) in Self.refused {
            var changed = snapshot
            change(&changed)
            do throws(InvalidField) {
                _ = try ReplicaState(changed, audience: .secretariat, sequenceNumber: 1)
                Issue.record("\(field): accepted")
            } catch {
                #expect(error.path == field)
            }
        }
    }

    @Test func thereIsNoSnapshotBeforeTheMeeting() {
        for audience in CabinetModel.Audience.allCases {
            #expect(FollowMeetingResponse(MeetingState().snapshot(for: audience)) == nil)
        }
    }
}
