import CabinetAPI
import CabinetLoad
import CabinetModel
import CabinetRPC

/// What members and followers do on a timeline, but for polls.
extension RehearsalShare {
    /// Members look at the meeting, whatever the server does.
    func play(_ reads: Scenario.Reads, at begin: Duration, _ step: Int) async {
        var generator = generator(of: step)
        let count = max(1, Int((reads.perSecond * (reads.duration / .seconds(1))).rounded()))
        let arrival: Arrival = reads.isPoisson ? .poisson(reads.duration) : .spread(reads.duration)
        let plan = arrival.times(count, using: &generator).compactMap { time in
            crowd.voter(Int.random(in: 0..<scenario.present, using: &generator))
                .map { (begin + time, $0) }
        }
        recorder.plan(.reads, plan.count)
        let meeting = meeting.text
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

    /// Does something at each of some times, and does not wait for one before the next.
    func each<Element: Sendable>(
        _ plan: [(Duration, Element)],
        _ body: @escaping @Sendable (Duration, Element) async -> Void
    ) async {
        await withDiscardingTaskGroup { group in
            for (planned, element) in plan {
                guard await time.sleep(until: planned) else { return }
                group.addTask(executorPreference: crowd.executor) {
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
        let voters = drop.who == .followers ? [] : chosen(scenario.present)
        let followers = drop.who == .members ? [] : chosen(scenario.followers)
        recorder.mark(
            "\(voters.count + followers.count) connections are lost",
            at: time.now,
            in: crowd.share
        )
        for voter in voters { crowd.voter(voter)?.client.loseConnection() }
        let places = crowd.places(of: followers)
        do {
            try await crowd.group.drop(
                places,
                andReturn: drop.away == .zero,
                hasForgotten: drop.forget
            )
            guard drop.away > .zero, !followers.isEmpty,
                await time.sleep(until: planned + drop.away)
            else { return }
            recorder.mark("\(followers.count) connect again", at: time.now, in: crowd.share)
            try await crowd.group.comeBack(places)
        } catch {
            recorder.failed(.commands, planned: planned, error)
        }
    }

    /// Boards stop reading, and go on.
    func play(_ stall: Scenario.Stall) async {
        // Those that may are the last.
        let boards = crowd.places(
            of: scenario.followers - stall.displays..<scenario.followers
        )
        do {
            recorder.mark("\(stall.displays) boards stop reading", at: time.now, in: crowd.share)
            let begin = time.now
            try await crowd.group.setReading(boards, false)
            guard await time.sleep(until: begin + stall.duration) else { return }
            try await crowd.group.setReading(boards, true)
            recorder.mark("they read again", at: time.now, in: crowd.share)
        } catch {
            recorder.failed(.commands, planned: time.now, error)
        }
    }
}

extension RunRecorder {
    /// Notes what happens in all processes at once: once.
    fileprivate func mark(_ text: String, at time: Duration, in share: Share) {
        if share.number == 0 { mark(text, at: time) }
    }
}
