import CabinetAPI
import CabinetLedger
import CabinetLoad
import CabinetMapping
import CabinetModel
import CabinetRPC

/// The ballots that the members of one process cast in a poll, at the times that were planned.
struct PollVotes: Sendable {
    /// A ballot that is signed and waits for its time.
    private struct Planned: Sendable {
        let time: Duration
        let id: BallotID
        let ballot: SignedBallot
    }

    /// All ballots of a member.
    private struct Plan: Sendable {
        let voter: Voter
        let ballots: [(time: Duration, ballot: PlannedBallot)]
    }

    private let share: RehearsalShare
    private let poll: Scenario.Poll
    let step: Int
    let at: Duration

    /// - Parameters:
    ///   - step: The number of the step, from which its choices are drawn.
    ///   - at: When the poll is to be opened.
    init(_ share: RehearsalShare, _ poll: Scenario.Poll, step: Int, at: Duration) {
        self.share = share
        self.poll = poll
        self.step = step
        self.at = at
    }

    var scenario: Scenario { share.scenario }
    private var recorder: RunRecorder { share.recorder }
    private var time: LoopTime { share.time }

    /// How long it takes until all are settled, at most, from the opening: the server may be away for a
    /// while at each ballot of a member, one after the other.
    func limit() throws -> Duration {
        let last = try wholePlan().times.max() ?? .zero
        let waiting = PersistentCalls.patience * 2 * poll.ballots
        return Scenario.Poll.lead + last + waiting + .seconds(60)
    }

    /// Has everybody vote.
    ///
    /// - Returns: How many members have a receipt.
    func cast(in open: OpenPoll) async throws -> Int {
        let signed = try await sign(try ownPlan(), in: open)
        recorder.plan(.ballots, signed.reduce(0) { $0 + $1.1.count })
        return await withTaskGroup(of: Bool.self, returning: Int.self) { group in
            for (voter, ballots) in signed {
                group.addTask(executorPreference: share.crowd.executor) {
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

    // MARK: - The plan

    /// Who votes, by number, and the times of all ballots: everybody's first ballots, then everybody's second
    /// ones. Whatever the share, the same seed has the same plan.
    private func wholePlan() throws -> (voters: [Int], times: [Duration], SeededGenerator) {
        var generator = share.generator(of: step)
        let voters = Array(
            (0..<scenario.present).shuffled(using: &generator).prefix(poll.voters ?? .max)
        )
        let times = poll.arrival.times(voters.count * poll.ballots, using: &generator)
        return (voters, times, generator)
    }

    private func ownPlan() throws -> [Plan] {
        var (voters, times, generator) = try wholePlan()
        var plans: [Plan] = []
        for (place, number) in voters.enumerated() {
            // Those of others are drawn as well, and left to them.
            let ballots = try (0..<poll.ballots).map { round in
                (
                    time: times[round * voters.count + place],
                    ballot: try PlannedBallot(revision: round + 1, &generator)
                )
            }
            guard let voter = share.crowd.voter(number) else { continue }
            plans.append(Plan(voter: voter, ballots: ballots))
        }
        return plans
    }

    /// Signs the ballots, each of which has its time.
    private func sign(_ plans: [Plan], in open: OpenPoll) async throws -> [(Voter, [Planned])] {
        var signed: [(Voter, [(Duration, BallotID, SignedBallot)])] = []
        for plan in plans {
            var ballots: [(Duration, BallotID, SignedBallot)] = []
            for (time, ballot) in plan.ballots {
                let signed = try await plan.voter.person.sign(
                    ballot.choice,
                    ballot.revision,
                    ballot.id,
                    in: open
                )
                ballots.append((time, ballot.id, signed))
            }
            signed.append((plan.voter, ballots))
        }
        // Nobody can vote in a poll before it is open.
        let begin = max(at + Scenario.Poll.lead, time.now)
        return signed.map { voter, ballots in
            (voter, ballots.map { Planned(time: begin + $0.0, id: $0.1, ballot: $0.2) })
        }
    }

    // MARK: - Voting

    /// - Returns: Whether there is a receipt for it.
    private func cast(_ planned: Planned, _ voter: Voter, _ open: OpenPoll) async -> Bool {
        // A device that still waits for an earlier receipt is late because of the server.
        let isIdle = time.now < planned.time
        guard await time.sleep(until: planned.time) else { return false }
        recorder.sent(late: isIdle ? time.now - planned.time : .zero)
        do {
            _ = try await voter.send(planned.ballot, planned.id, in: open) { index in
                share.answered(index)
            }
            recorder.succeeded(.ballots, planned: planned.time, end: time.now)
            return true
        } catch {
            recorder.failed(.ballots, planned: planned.time, error)
            return false
        }
    }
}
