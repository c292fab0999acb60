import CabinetAPI
import CabinetLoad
import CabinetLocks
import CabinetModel
import CabinetRPC

/// A poll of a rehearsal: it is opened, members vote at the times that were planned, and it is closed.
struct PollRun: Sendable {
    /// A ballot that is signed and waits for its time.
    private struct Planned: Sendable {
        let time: Duration
        let id: BallotID
        let ballot: SignedBallot
    }

    private let rehearsal: Rehearsal
    private let poll: Scenario.Poll
    private let name: String
    private let step: Int
    private let at: Duration

    /// - Parameters:
    ///   - name: The identifier of the poll.
    ///   - step: The number of the step, from which its choices are drawn.
    ///   - at: When it is to be opened.
    init(
        _ rehearsal: Rehearsal,
        _ poll: Scenario.Poll,
        called name: String,
        step: Int,
        at: Duration
    ) {
        self.rehearsal = rehearsal
        self.poll = poll
        self.name = name
        self.step = step
        self.at = at
    }

    private var recorder: RunRecorder { rehearsal.recorder }
    private var time: LoopTime { rehearsal.time }
    private var assembly: Assembly { rehearsal.scene.assembly }

    func play() async {
        guard let open = await command("\(name) opens", { try await assembly.openPoll($0) }) else {
            return
        }
        recorder.mark("\(name) opens", at: time.now)
        let plan: [(Voter, [Planned])]
        do {
            plan = try await self.plan(open)
        } catch {
            return recorder.failed(.commands, planned: at, error)
        }
        recorder.plan(.ballots, plan.reduce(0) { $0 + $1.1.count })
        let acknowledged = await vote(plan, open)
        let closed = await command("\(name) closes") { try await assembly.closePoll($0) }
        guard let tally = closed?.verdict?.tally else { return }
        recorder.mark("\(name) closes", at: time.now)
        recorder.update {
            $0.polls.append(
                RunRecord.PollOutcome(
                    poll: name,
                    counted: tally.countedMembers,
                    acknowledged: acknowledged
                )
            )
        }
    }

    /// Makes a call of the secretary, and measures it.
    private func command<Result>(
        _ what: String,
        _ body: (PollID) async throws -> Result
    ) async -> Result? {
        let begin = time.now
        recorder.plan(.commands, 1)
        do {
            let result = try await body(try PollID(name))
            recorder.succeeded(.commands, planned: begin, end: time.now)
            return result
        } catch {
            recorder.mark("\(what): \(error)", at: time.now)
            recorder.failed(.commands, planned: begin, error)
            return nil
        }
    }

    // MARK: - The plan

    /// Signs the ballots, each of which has its time.
    private func plan(_ open: OpenPoll) async throws -> [(Voter, [Planned])] {
        var generator = rehearsal.generator(of: step)
        let voters = rehearsal.scene.devices.voters.shuffled(using: &generator)
            .prefix(poll.voters ?? .max)
        let times = poll.arrival.times(voters.count * poll.ballots, using: &generator)
        var unsigned: [[(Duration, PlannedBallot)]] = []
        for number in voters.indices {
            // Everybody's first ballots, then everybody's second ones.
            unsigned.append(
                try (0..<poll.ballots).map { round in
                    let time = times[round * voters.count + number - voters.startIndex]
                    return (time, try PlannedBallot(revision: round + 1, &generator))
                }
            )
        }
        var signed: [(Voter, [(Duration, BallotID, SignedBallot)])] = []
        for (voter, plan) in zip(voters, unsigned) {
            var ballots: [(Duration, BallotID, SignedBallot)] = []
            for (time, ballot) in plan {
                let signed = try await voter.person.sign(
                    ballot.choice,
                    ballot.revision,
                    ballot.id,
                    in: open
                )
                ballots.append((time, ballot.id, signed))
            }
            signed.append((voter, ballots))
        }
        // Nobody can vote in a poll before it is open.
        let begin = max(at + Scenario.Poll.lead, time.now)
        return signed.map { voter, ballots in
            (voter, ballots.map { Planned(time: begin + $0.0, id: $0.1, ballot: $0.2) })
        }
    }

    // MARK: - Voting

    /// - Returns: How many members have a receipt.
    private func vote(_ plan: [(Voter, [Planned])], _ open: OpenPoll) async -> Int {
        await withTaskGroup(of: Bool.self, returning: Int.self) { group in
            for (voter, ballots) in plan {
                group.addTask(executorPreference: rehearsal.scene.devices.executor) {
                    var hasReceipt = false
                    for ballot in ballots where await cast(ballot, voter, open) {
                        hasReceipt = true
                    }
                    return hasReceipt
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
    }

    /// - Returns: Whether there is a receipt for it.
    private func cast(_ planned: Planned, _ voter: Voter, _ open: OpenPoll) async -> Bool {
        // A device that still waits for an earlier receipt is late because of the server.
        let isIdle = time.now < planned.time
        await time.sleep(until: planned.time)
        recorder.sent(late: isIdle ? time.now - planned.time : .zero)
        do {
            _ = try await voter.send(planned.ballot, planned.id, in: open) { index in
                rehearsal.answered(index)
            }
            recorder.succeeded(.ballots, planned: planned.time, end: time.now)
            return true
        } catch {
            recorder.failed(.ballots, planned: planned.time, error)
            return false
        }
    }
}

extension CabinetAPI.Tally {
    /// Members whose ballots count.
    fileprivate var countedMembers: Int {
        [yes, no, abstain].compactMap(\.self).reduce(0) {
            $0 + Int($1.roomMembers) + Int($1.remoteMembers)
        }
    }
}
