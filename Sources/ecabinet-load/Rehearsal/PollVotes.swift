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
        let choice: CabinetModel.Choice
        let id: BallotID
        let ballot: SignedBallot
    }

    /// What came of a ballot.
    private enum Outcome {
        case acknowledged
        /// The server says that it does not count, or it was not sent at all.
        case refused
        case unanswered
    }

    /// What a member knows of its ballots.
    fileprivate struct Knowledge: Sendable {
        /// Of the last that has a receipt.
        var choice: CabinetModel.Choice?
        /// Whether each has an answer.
        var isComplete = true
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
    /// - Returns: What the members know of it by then.
    func cast(in open: OpenPoll) async throws -> RunRecord.Acknowledged {
        // Nobody can vote in a poll before it is open; whoever opens it is late, then, and not the voters.
        let opened = max(at, time.now)
        let signed = try await sign(try ownPlan(), from: opened + Scenario.Poll.lead, in: open)
        recorder.plan(.ballots, signed.reduce(0) { $0 + $1.1.count })
        return await withTaskGroup(of: Knowledge.self) { group in
            for (voter, ballots) in signed {
                group.addTask(executorPreference: share.crowd.executor) {
                    var knowledge = Knowledge()
                    // When the device could send the next.
                    var ready = Duration.zero
                    for ballot in ballots {
                        switch await cast(ballot, voter, open, ready: ready) {
                        case .acknowledged: knowledge.choice = ballot.choice
                        case .refused: break
                        case .unanswered: knowledge.isComplete = false
                        }
                        ready = time.now
                    }
                    return knowledge
                }
            }
            return await group.reduce(into: RunRecord.Acknowledged()) { $0.add($1) }
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
    ///
    /// - Parameter begin: From which their times count. Where signing takes longer, they are sent late.
    private func sign(
        _ plans: [Plan],
        from begin: Duration,
        in open: OpenPoll
    ) async throws -> [(Voter, [Planned])] {
        var signed: [(Voter, [Planned])] = []
        for plan in plans {
            var ballots: [Planned] = []
            for (time, ballot) in plan.ballots {
                let signed = try await plan.voter.person.sign(
                    ballot.choice,
                    ballot.revision,
                    ballot.id,
                    in: open
                )
                ballots.append(
                    Planned(
                        time: begin + time,
                        choice: ballot.choice,
                        id: ballot.id,
                        ballot: signed
                    )
                )
            }
            signed.append((plan.voter, ballots))
        }
        return signed
    }

    // MARK: - Voting

    /// - Parameter ready: When the device had its earlier receipt: until then it was the server that it
    ///   waited for, and not this machine.
    private func cast(
        _ planned: Planned,
        _ voter: Voter,
        _ open: OpenPoll,
        ready: Duration
    ) async -> Outcome {
        guard await time.sleep(until: planned.time) else { return .refused }
        recorder.sent(late: time.now - max(planned.time, ready))
        do {
            _ = try await voter.send(planned.ballot, planned.id, in: open) { index in
                share.answered(index)
            }
            recorder.succeeded(.ballots, planned: planned.time, end: time.now)
            return .acknowledged
        } catch {
            recorder.failed(.ballots, planned: planned.time, error)
            return (error as? RPCError)?.isRefusal ?? false ? .refused : .unanswered
        }
    }
}

extension RunRecord.Acknowledged {
    fileprivate mutating func add(_ knowledge: PollVotes.Knowledge) {
        guard knowledge.isComplete else {
            unsettled += 1
            if knowledge.choice != nil { unsettledWithReceipt += 1 }
            return
        }
        switch knowledge.choice {
        case .yes: choices.yes += 1
        case .no: choices.no += 1
        case .abstain: choices.abstain += 1
        case nil: break
        }
    }
}

extension RPCError {
    /// Whether the server has looked at the request and says no, so that it has had no effect.
    fileprivate var isRefusal: Bool {
        switch code {
        case .invalidArgument, .notFound, .alreadyExists, .permissionDenied, .failedPrecondition,
            .outOfRange, .unimplemented, .unauthenticated, .resourceExhausted:
            true
        default: false
        }
    }
}
