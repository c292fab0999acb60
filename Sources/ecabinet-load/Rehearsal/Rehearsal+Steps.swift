import CabinetAPI
import CabinetLoad
import CabinetModel
import CabinetRPC

/// Everything on a timeline but polls.
extension Rehearsal {
    /// Members look at the meeting, whatever the server does.
    func play(_ reads: Scenario.Reads, at begin: Duration, _ step: Int) async {
        var generator = generator(of: step)
        let count = max(1, Int((reads.perSecond * (reads.duration / .seconds(1))).rounded()))
        let arrival: Arrival = reads.isPoisson ? .poisson(reads.duration) : .spread(reads.duration)
        let voters = scene.devices.voters
        let plan = arrival.times(count, using: &generator).map { time in
            (begin + time, voters[Int.random(in: voters.indices, using: &generator)])
        }
        recorder.plan(.reads, plan.count)
        let meeting = scene.assembly.meeting.text
        await each(plan) { planned, voter in
            do throws(RPCError) {
                _ = try await MeetingService.Client(voter.client)
                    .getMeeting(GetMeetingRequest(meetingID: meeting))
                self.recorder.succeeded(.reads, planned: planned, end: self.time.now)
            } catch {
                self.recorder.failed(.reads, planned: planned, error)
            }
        }
    }

    /// Members come and go.
    func play(_ presence: Scenario.Presence, at begin: Duration) async {
        let count = max(1, Int((presence.perSecond * (presence.duration / .seconds(1))).rounded()))
        let interval = presence.duration / Double(count)
        let plan = (0..<count).map { (begin + interval * $0, ()) }
        recorder.plan(.commands, count)
        await each(plan) { planned, _ in
            do throws(RPCError) {
                self.answered(try await self.scene.publishSmall())
                self.recorder.succeeded(.commands, planned: planned, end: self.time.now)
            } catch {
                self.recorder.failed(.commands, planned: planned, error)
            }
        }
    }

    /// Does something at each of some times, and does not wait for one before the next.
    private func each<Element: Sendable>(
        _ plan: [(Duration, Element)],
        _ body: @escaping @Sendable (Duration, Element) async -> Void
    ) async {
        let executor = scene.devices.executor
        await withDiscardingTaskGroup { group in
            for (planned, element) in plan {
                await time.sleep(until: planned)
                group.addTask(executorPreference: executor) {
                    self.recorder.sent(late: self.time.now - planned)
                    await body(planned, element)
                }
            }
        }
    }

    // MARK: - Connections

    /// Connections end without a word, and are made again.
    func play(_ drop: Scenario.Drop, at planned: Duration, _ step: Int) async {
        var generator = generator(of: step)
        func chosen(_ count: Int) -> [Int] {
            Array(
                (0..<count).shuffled(using: &generator)
                    .prefix(Int((Double(count) * drop.share).rounded(.up)))
            )
        }
        let voters = drop.who == .followers ? [] : chosen(scene.devices.voters.count)
        let followers = drop.who == .members ? [] : chosen(scenario.followers)
        recorder.mark("\(voters.count + followers.count) connections are lost", at: time.now)
        for voter in voters { scene.devices.voters[voter].client.loseConnection() }
        guard !followers.isEmpty else { return }
        do {
            try await scene.group.drop(
                followers,
                andReturn: drop.away == .zero,
                hasForgotten: drop.forget
            )
            guard drop.away > .zero else { return }
            await time.sleep(until: planned + drop.away)
            recorder.mark("\(followers.count) connect again", at: time.now)
            try await scene.group.comeBack(followers)
        } catch {
            recorder.failed(.commands, planned: planned, error)
        }
    }

    /// Boards stop reading, and go on.
    func play(_ stall: Scenario.Stall) async {
        // Those that may are the last.
        let boards = scenario.followers - stall.displays..<scenario.followers
        do {
            recorder.mark("\(stall.displays) boards stop reading", at: time.now)
            let begin = time.now
            try await scene.group.setReading(boards, false)
            await time.sleep(until: begin + stall.duration)
            try await scene.group.setReading(boards, true)
            recorder.mark("they read again", at: time.now)
        } catch {
            recorder.failed(.commands, planned: time.now, error)
        }
    }

    /// The server ends and starts again.
    func play(_ restart: Scenario.Restart) async {
        let begin = time.now
        recorder.plan(.commands, 1)
        recorder.mark(restart.way == .kill ? "server killed" : "server stopped", at: begin)
        do {
            try await server.restart(restart.way)
            recorder.mark("server started", at: time.now)
            recorder.succeeded(.commands, planned: begin, end: time.now)
        } catch {
            recorder.mark("the server did not start: \(error)", at: time.now)
            recorder.update {
                $0.broken = $0.broken ?? "the server could not be started again: \(error)"
            }
        }
    }
}
