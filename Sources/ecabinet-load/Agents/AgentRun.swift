import CabinetCrypto
import CabinetLoad
import CabinetModel
import CabinetRPC
import CommandSupport
import LoadAPI
import NIOCore
import NIOPosix

/// A rehearsal as an agent plays its share of it: it does what it is told, and reports.
struct AgentRun: Sendable {
    private static let progressInterval = Duration.seconds(1)

    let pki: ThrowawayPKI
    /// For those who vote.
    let group: MultiThreadedEventLoopGroup
    let orders: MessageReader<Order>
    let reports: MessageWriter<Report>

    /// - Throws: ``AgentPlan/Invalid`` for an order that is not followed, `RPCError` where the coordinator
    ///   is gone, and otherwise whatever fails here.
    func run() async throws {
        try await report(.accepted(AcceptedReport(format: AgentLimits.format)))
        let plan = try await plan()
        try FileDescriptors.allow(connections: plan.connections + 2)
        let recorder = RunRecorder(for: plan.scenario.plannedDuration)
        let crowd = try Crowd(
            .rehearsed(at: plan.target, called: plan.serverName, group: group, recorder),
            pki,
            tag: plan.tag,
            plan.scenario,
            plan.share
        )
        let outcome = await Result.of { try await takePart(plan, crowd, recorder) }
        try await crowd.close()
        try outcome.get()
    }

    private func takePart(_ plan: AgentPlan, _ crowd: Crowd, _ recorder: RunRecorder) async throws {
        try await crowd.enter(pki)
        try await report(.prepared(PreparedReport(crowd.people)))
        let (meeting, log) = try await join()
        let pace = plan.isPaced ? ConnectionPace() : nil
        try await crowd.connect(pace)
        var generator = SeededGenerator(seed: plan.seed &+ UInt64(plan.share.number))
        try await crowd.addFollowers(to: meeting, generator: &generator)
        try await crowd.follow(pace)
        try await report(.joined(JoinedReport()))
        let time = LoopTime(eventLoop: group.next(), begin: .now() + (try await begin()))
        let share = RehearsalShare(
            of: crowd,
            in: meeting,
            recorder: recorder,
            time: time,
            seed: plan.seed
        )
        try await play(share, log)
    }

    private func play(_ share: RehearsalShare, _ log: LogTrust) async throws {
        try await share.begin()
        async let timeline: Void = share.play()
        // Cancelled where this ends.
        async let _ = tellProgress(share)
        let limit = share.scenario.plannedDuration + AgentLimits.idling
        var isSettled = false
        while true {
            switch try await next(within: limit) {
            case .vote(let order) where !isSettled:
                let (votes, open) = try share.poll(order, log)
                let acknowledged = try await votes.cast(in: open)
                try await report(
                    .voted(
                        VotedReport(
                            step: order.step,
                            yes: UInt32(clamping: acknowledged.choices.yes),
                            no: UInt32(clamping: acknowledged.choices.no),
                            abstain: UInt32(clamping: acknowledged.choices.abstain),
                            unsettled: UInt32(clamping: acknowledged.unsettled),
                            unsettledWithReceipt: UInt32(
                                clamping: acknowledged.unsettledWithReceipt
                            )
                        )
                    )
                )
            case .settle where !isSettled:
                await timeline
                _ = try await share.settle()
                isSettled = true
                try await report(.settled(SettledReport()))
            case .collect(let order) where isSettled:
                if let last = order.lastIndex { await share.waitForEvent(of: last) }
                try await share.finish()
                for piece in AgentLimits.pieces(of: share.recorder.record.json) {
                    try await report(.record(RecordReport(piece: piece)))
                }
                return
            default: throw AgentPlan.Invalid("the order is not the next one")
            }
        }
    }

    /// Says how far it is, until the task is cancelled or the coordinator is gone.
    private func tellProgress(_ share: RehearsalShare) async {
        do {
            while true {
                try await Task.sleep(for: Self.progressInterval)
                let record = share.recorder.record
                let live = try await share.crowd.group.liveCount()
                try await report(
                    .progress(
                        ProgressReport(
                            ballots: UInt64(clamping: record.ballots.succeeded),
                            errors: UInt64(clamping: record.errors),
                            liveFollowers: UInt32(clamping: live)
                        )
                    )
                )
            }
        } catch {
            return
        }
    }

    private func report(_ kind: Report.Kind) async throws(RPCError) {
        try await reports.write(Report(kind: kind))
    }

    // MARK: - Orders

    /// - Throws: ``Failure`` where none comes in time.
    private func next(within limit: Duration) async throws -> Order.Kind {
        let order = try await within(limit, otherwise: "the coordinator gives no orders") {
            [orders] in
            var orders = orders.makeAsyncIterator()
            return try await orders.next()
        }
        guard let order else { throw AgentPlan.Invalid("the orders end before «collect»") }
        guard let kind = order.kind else { throw AgentPlan.Invalid("the order is unknown") }
        return kind
    }

    private func plan() async throws -> AgentPlan {
        var scenario: [UInt8] = []
        while true {
            switch try await next(within: AgentLimits.idling) {
            case .scenario(let piece):
                scenario += piece
                guard scenario.count <= Scenario.maximumFileBytes else {
                    throw AgentPlan.Invalid("the scenario has too many bytes")
                }
            case .prepare(let order): return try AgentPlan(order, scenario: scenario)
            default: throw AgentPlan.Invalid("the order is not the next one")
            }
        }
    }

    private func join() async throws -> (MeetingID, LogTrust) {
        guard case .join(let order) = try await next(within: AgentLimits.idling) else {
            throw AgentPlan.Invalid("the order is not the next one")
        }
        do {
            guard
                let log = LogTrust(
                    origin: order.logOrigin,
                    publicKey: try Ed25519PublicKey(order.logPublicKey)
                )
            else { throw AgentPlan.Invalid("the origin of the log is none") }
            return (try MeetingID(order.meetingID), log)
        } catch {
            throw AgentPlan.Invalid("the meeting: \(error)")
        }
    }

    private func begin() async throws -> TimeAmount {
        guard case .begin(let order) = try await next(within: AgentLimits.idling),
            order.afterMs <= AgentLimits.beginMs
        else { throw AgentPlan.Invalid("the order is not the next one, or out of its bounds") }
        return .milliseconds(Int64(order.afterMs))
    }
}

extension RehearsalShare {
    /// The poll that an order is about.
    fileprivate func poll(
        _ order: VoteOrder,
        _ log: LogTrust
    ) throws(AgentPlan.Invalid) -> (PollVotes, OpenPoll) {
        guard let number = Int(exactly: order.step), scenario.timeline.indices.contains(number),
            case .poll(let poll) = scenario.timeline[number].action
        else { throw AgentPlan.Invalid("the step \(order.step) is no poll") }
        do {
            let open = OpenPoll(
                meeting: meeting,
                poll: try PollID(order.pollID),
                motionDigest: try Digest(order.motionDigest),
                rollDigest: try Digest(order.rollDigest),
                log: log
            )
            return (PollVotes(self, poll, step: number, at: scenario.timeline[number].at), open)
        } catch {
            throw AgentPlan.Invalid("the poll: \(error)")
        }
    }
}
