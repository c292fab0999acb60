import CabinetModel
import ModelTestSupport
import TestSupport
import Testing

/// What must hold after any commands whatever. The seed is printed; CABINET_TEST_SEED repeats a run.
@Suite struct PropertyTests {
    /// What is frozen of a poll when it opens.
    private struct Frozen: Equatable {
        var motion: Motion
        var rule: PollRule
        var opening: Poll.Opening?
        var roll: FrozenRoll?
    }

    @Test(arguments: 0..<32)
    func theInvariantsHoldAfterAnyCommands(_ run: Int) throws {
        var meeting = RandomMeeting(random: Seed.generator(300 + UInt64(run)))
        var frozen: [PollID: Frozen] = [:]
        for step in 0..<600 {
            let before = meeting.session.state
            let entries = meeting.step()
            let after = meeting.session.state
            if entries.isEmpty {
                #expect(after == before)
                continue
            }
            check(entries, before, after)
            checkFrozen(&frozen, after)
            checkReplicas(meeting.session)
            if step % 40 == 0 { meeting.addReplica() }
        }
        checkCounts(meeting.session)
        checkReplay(meeting.session)
        checkDisclosure(meeting.session)
        #expect(meeting.acceptedCount > 40)
    }

    /// Random commands are worth little if they never get anywhere.
    @Test func randomCommandsReachWhatIsToBeTested() {
        var reasons: Set<Reason> = []
        var grounds: Set<Int32> = []
        var phases: Set<MeetingPhase.Name> = []
        for run in 0..<40 {
            var meeting = RandomMeeting(random: SplitMix64(state: 24_062_019 + UInt64(run)))
            for _ in 0..<600 {
                _ = meeting.step()
                if let name = meeting.session.state.proceedings.meeting?.phase.name {
                    phases.insert(name)
                }
            }
            reasons.formUnion(meeting.rejections)
            grounds.formUnion(
                meeting.session.state.proceedings.polls.compactMap { $0.verdict?.ground.number }
            )
        }
        #expect(grounds == [1, 2, 3, 4, 5, 6])
        #expect(phases == Set(MeetingPhase.Name.allCases))
        #expect(reasons.count >= 25)
    }

    // MARK: - After each command

    private func check(_ entries: [Entry], _ before: MeetingState, _ after: MeetingState) {
        #expect(entries.map(\.index) == (before.entryCount..<after.entryCount).map { $0 })
        #expect(Set(entries.map(\.time)).count == 1)
        #expect(Set(entries.map(\.commandKey)).count == 1)
        #expect(entries[0].time >= before.lastTime ?? entries[0].time)
        if case .adjourned = before.proceedings.meeting?.phase {
            // What is over takes nothing but the restoration of its log.
            guard case .fact(.logRestored) = entries[0].body else {
                Issue.record("an entry after the end: \(entries[0])")
                return
            }
        }
        checkShape(after.proceedings)
    }

    private func checkShape(_ proceedings: Proceedings) {
        let inProgress = proceedings.polls.filter {
            [.open, .held, .closed].contains($0.state)
        }
        #expect(inProgress.map(\.id) == [proceedings.pollInProgress?.id].compactMap { $0 })
        let phase = proceedings.meeting?.phase.name
        if inProgress.contains(where: { $0.state == .open }) { #expect(phase == .open) }
        let chairs = proceedings.attendance.count { $0.participant.roles.contains(.chair) }
        #expect(chairs == 1 || (phase == .scheduled && chairs == 0))
        let current = proceedings.agenda.items.filter { $0.state == .discussing }
        #expect(current.map(\.id) == [proceedings.agenda.currentID].compactMap { $0 })
        #expect(Set(proceedings.polls.map(\.id)).count == proceedings.polls.count)
        for poll in proceedings.polls {
            #expect(proceedings.agenda.item(poll.agendaItem) != nil)
        }
        if let roll = proceedings.pollInProgress?.roll.roll {
            for voter in roll.voters { #expect(proceedings.attendees[voter.member] != nil) }
        }
    }

    /// The roll and rule of an open poll never change.
    private func checkFrozen(_ frozen: inout [PollID: Frozen], _ state: MeetingState) {
        for poll in state.proceedings.polls where poll.opening != nil {
            let now = Frozen(
                motion: poll.motion,
                rule: poll.rule,
                opening: poll.opening,
                roll: state.ballotBoxes[poll.id]?.roll
            )
            if let then = frozen[poll.id] { #expect(now == then) }
            frozen[poll.id] = now
        }
        if let progress = state.proceedings.pollInProgress {
            #expect(frozen[progress.id]?.roll == progress.roll)
        }
    }

    /// A replica that has seen only the events of its audience is the server's state, redacted.
    private func checkReplicas(_ session: Session) {
        for replica in session.replicas {
            #expect(replica == session.state.snapshot(for: replica.audience))
        }
        if let progress = session.state.proceedings.pollInProgress {
            let standings = session.replicas.map(\.standing)
            let standing = session.state.standing(of: progress.id)
            #expect(standing != nil && standings.allSatisfy { $0 == standing })
        }
    }

    // MARK: - At the end

    /// Counts equal an independent recount of the log, and a verdict is computed once.
    private func checkCounts(_ session: Session) {
        for (id, box) in session.state.ballotBoxes {
            let naive = NaiveCount(of: id, in: session.log)
            let tally = box.tally
            for (choice, count) in [
                (Choice.yes, tally.yes), (.no, tally.no), (.abstain, tally.abstain),
            ] {
                #expect(Int(count.room.weight) == naive.weight(choice, .room))
                #expect(Int(count.remote.weight) == naive.weight(choice, .remote))
                #expect(Int(count.room.members) == naive.heads(choice, .room))
                #expect(Int(count.remote.members) == naive.heads(choice, .remote))
            }
            #expect(Int(tally.notVoted.members) == naive.silentHeads)
            #expect(Int(tally.notVoted.weight) == naive.silentWeight)
            #expect(tally.cast + tally.notVoted == box.roll.roll.total)

            let poll = session.state.proceedings.poll(id)
            #expect(naive.closings <= 1)
            #expect(naive.verdicts == [poll?.verdict].compactMap { $0 })
            if let verdict = poll?.verdict {
                #expect(verdict.ground == naive.ground)
                #expect(verdict.tally == tally)
            } else if poll?.state == .closed {
                #expect(naive.ground == nil)
            }
        }
    }

    private func checkReplay(_ session: Session) {
        var replayed = MeetingState()
        for entry in session.log { replayed.evolve(entry) }
        #expect(replayed == session.state)
    }

    /// Nobody learns a choice before it may be known, or a draft that is not for it.
    private func checkDisclosure(_ session: Session) {
        var visibility: [PollID: Visibility] = [:]
        for entry in session.log {
            if case .fact(.pollOpened(let opened)) = entry.body {
                visibility[opened.poll] = opened.rule.visibility
            }
        }
        for audience in Audience.allCases {
            for (event, entry) in zip(session.events[audience] ?? [], session.log) {
                check(event.body, of: entry.body, for: audience, visibility)
            }
        }
    }

    private func check(
        _ event: MeetingEvent.Body,
        of entry: EntryBody,
        for audience: Audience,
        _ visibility: [PollID: Visibility]
    ) {
        switch (event, entry) {
        case (.ballotRecorded(let poll, .named), .ballotCast):
            #expect(visibility[poll] == .named)
        case (.ballotRecorded(let poll, .counts), .ballotCast):
            #expect(visibility[poll] == .counts)
        case (.ballotRecorded(let poll, .nothing), .ballotCast):
            #expect(visibility[poll] == .nothing)
        case (.tieAnnounced, .tieDecided), (.verdictAnnounced, .verdictReached):
            break
        case (.fact(.pollCreated), _):
            #expect(audience == .secretariat)
        case (.fact(.participantsAdmitted(let participants)), _) where audience == .display:
            #expect(participants.allSatisfy { $0.membership?.keys ?? .empty == .empty })
        case (.fact(.signingKeyRevoked(_, _, let reason)), _):
            #expect(audience != .display)
            #expect((reason != nil) == (audience == .secretariat))
        case (.fact(.pollVoided(let poll, _)), _):
            #expect(audience == .secretariat || visibility[poll] != nil)
        case (.fact(let fact), .fact(let original)):
            #expect(fact == original)
        case (.redacted, .fact(.pollCreated)), (.redacted, .fact(.pollVoided)):
            #expect(audience != .secretariat)
        case (.redacted, .fact(.signingKeyRevoked)):
            #expect(audience == .display)
        default:
            Issue.record("\(event) of \(entry)")
        }
    }

    // MARK: - Arithmetic

    @Test func thresholdsAreThoseOfRationalNumbers() {
        var random = Seed.generator(399)
        for _ in 0..<20_000 {
            let denominator = UInt32.random(in: 1...1_000, using: &random)
            let numerator = UInt32.random(in: 0...denominator, using: &random)
            let whole = UInt32.random(in: 0...600_000, using: &random)
            let fraction = Fraction(numerator, denominator)
            let floor = UInt64(fraction.floor(of: whole))
            let ceiling = UInt64(fraction.ceiling(of: whole))
            let product = UInt64(whole) * UInt64(numerator)
            #expect(floor * UInt64(denominator) <= product)
            #expect((floor + 1) * UInt64(denominator) > product)
            #expect(ceiling * UInt64(denominator) >= product)
            #expect(ceiling == 0 || (ceiling - 1) * UInt64(denominator) < product)
        }
    }
}
