import CabinetAPI
import CabinetClient
import CabinetLedger
import CabinetMapping
import CabinetModel
import CabinetRPC
import Foundation
import ModelTestSupport
import Testing

/// A real server whose database was put back to an older state, and replicas that have seen more.
@Suite(.timeLimit(.minutes(5))) struct RestoredServerTests {
    private func replica(
        _ room: Room,
        _ journal: any CheckpointJournal,
        comparing interval: Duration? = nil
    ) throws -> MeetingReplica {
        try MeetingReplica(
            of: Room.meeting,
            for: .members,
            over: room.tablet,
            in: room.installation,
            journal: journal,
            policy: ReplicaPolicy(
                backoff: Backoff(first: .milliseconds(10), most: .milliseconds(50)),
                comparisonInterval: interval
            )
        )
    }

    /// Puts the database back to a copy, and lets a member vote.
    private func putBack(_ copy: Data, _ room: Room, voteOf member: String?) async throws {
        try await room.stop()
        try room.putBack(copy)
        try await room.start()
        guard let member else { return }
        try await vote(member, room)
    }

    private func vote(_ member: String, _ room: Room) async throws {
        let voting = try room.voting(member, over: room.tablet)
        _ = try await voting.cast(
            .no,
            on: voting.ballotPaper(of: Room.poll, in: Room.meeting)
        )
    }

    private func copy(_ room: Room) async throws -> Data {
        try await room.stop()
        let copy = try room.copyDatabase()
        try await room.start()
        return copy
    }

    @Test("A server whose votes are others now is reported, and not followed")
    func otherVotes() async throws {
        try await Room.run { room in
            let copy = try await copy(room)
            let journal = MemoryBallotJournal()
            let replica = try replica(room, journal, comparing: .milliseconds(20))
            let before = try await replica.becomes { $0.condition == .live }
            try await vote("m2", room)
            let number = try #require(before.state).sequenceNumber + 1
            let shown = try await replica.becomes { $0.state?.sequenceNumber == number }
            // What is shown is in the journal soon.
            let log = try #require(room.installation.log(of: Room.meeting))
            while journal.checkpoints(of: log.origin).map(\.unverified.treeSize) != [number] {
                try await Task.sleep(for: .milliseconds(5))
            }
            try await putBack(copy, room, voteOf: "m3")
            guard case .history(let error)? = await replica.end() else {
                Issue.record("it was followed")
                return
            }
            #expect(error.isContradiction)
            #expect(replica.picture.state == shown.state)
            #expect(journal.evidence().map(\.kind) == [.contradiction])
            // Nor by another replica of the device, until its member accepts what happened.
            let second = try self.replica(room, journal)
            guard case .history? = await second.end() else {
                Issue.record("it was followed")
                return
            }
            #expect(second.picture.state == nil)
            try await room.voting("m1", journal).acceptRestoration(of: Room.meeting)
            try await self.replica(room, journal).becomes {
                $0.condition == .live && $0.state?.sequenceNumber == number
            }
        }
    }

    @Test(
        "A server with less than was shown is reported, though its log goes on from what was proven"
    )
    func lessThanShown() async throws {
        try await Room.run { room in
            let copy = try await copy(room)
            let journal = MemoryBallotJournal()
            let replica = try replica(room, journal)
            let before = try await replica.becomes { $0.condition == .live }
            try await vote("m2", room)
            let number = try #require(before.state).sequenceNumber + 1
            try await replica.becomes { $0.state?.sequenceNumber == number }
            try await putBack(copy, room, voteOf: nil)
            guard case .history(.shorter(seen: number, shown: _))? = await replica.end() else {
                Issue.record("it was \(String(describing: replica.error))")
                return
            }
        }
    }

    @Test("A log that was restored without a loss is followed, from a snapshot")
    func restored() async throws {
        try await Room.run { room in
            let journal = MemoryBallotJournal()
            let replica = try replica(room, journal)
            let before = try await replica.becomes { $0.condition == .live }
            try await room.stop()
            try room.putBack(room.copyDatabase())
            try room.markRestored()
            try await room.start()
            let number = try #require(before.state).sequenceNumber + 1
            try await replica.becomes {
                $0.condition == .live && $0.state?.sequenceNumber == number
            }
            // The meeting goes on in the new epoch.
            try await vote("m2", room)
            try await replica.becomes { $0.state?.sequenceNumber == number + 1 }
            #expect(replica.error == nil)
            #expect(journal.evidence().isEmpty)
        }
    }

    @Test("A log that was restored with a loss that was seen is reported, also where it says so")
    func restoredWithLoss() async throws {
        try await Room.run { room in
            let copy = try await copy(room)
            let journal = MemoryBallotJournal()
            try await vote("m2", room)
            let replica = try replica(room, journal)
            try await replica.becomes { $0.condition == .live }
            try await room.stop()
            try room.putBack(copy)
            try room.markRestored()
            try await room.start()
            guard case .history(let error)? = await replica.end() else {
                Issue.record("it was followed")
                return
            }
            #expect(error.isContradiction)
        }
    }

    @Test("Somebody who takes no part, or may not be of an audience, is refused")
    func refused() async throws {
        try await Room.run { room in
            for (device, audience, code) in [
                ("client2", .secretariat, nil), ("client", .members, .permissionDenied),
                ("client3", .display, .permissionDenied),
            ] as [(String, CabinetModel.Audience, Code?)] {
                let replica = try MeetingReplica(
                    of: Room.meeting,
                    for: audience,
                    over: room.device(device),
                    in: room.installation,
                    journal: MemoryBallotJournal()
                )
                guard let code else {
                    try await replica.becomes { $0.condition == .live }
                    continue
                }
                guard case .refused(let error)? = await replica.end() else {
                    Issue.record("\(device) follows as \(audience)")
                    continue
                }
                #expect(error.code == code)
            }
            let unknown = try MeetingReplica(
                of: "another",
                for: .members,
                over: room.tablet,
                in: room.installation,
                journal: MemoryBallotJournal()
            )
            guard case .refused(let error)? = await unknown.end() else {
                Issue.record("a meeting that there is not is followed")
                return
            }
            #expect(error.failureReason == .meetingNotFound)
        }
    }
}
