internal import CabinetAPI
internal import CabinetLedger
internal import CabinetMapping
internal import CabinetModel

/// One entry of the log, and its exact bytes.
struct RecordedEntry: Sendable {
    let bytes: [UInt8]
    let entry: Entry
}

/// What minutes say, gathered from a log that was verified.
///
/// Whoever has the log can read everything in it. The record keeps what the log and its proofs need, and
/// shows of the meeting what its members were shown: no draft that never opened, no reason of a
/// revocation, and of ballots what the roll call says (``PollRecord/shownBallots``).
struct MinutesRecord: Sendable {
    let report: AuditReport
    let checkpoint: SignedCheckpoint
    /// The key that the log is signed with, under the log's name.
    let logKey: NoteVerifierKey
    let log: CabinetModel.LogOpened
    let meeting: CabinetModel.MeetingRecord
    let entries: [RecordedEntry]
    private(set) var quorumAtOpening: CabinetModel.QuorumCount?
    /// In the order in which they are listed for people.
    private(set) var participants: [ParticipantRecord] = []
    /// Polls that opened, in the order of the opening.
    private(set) var polls: [PollRecord] = []
    /// What happened, as members were shown it; ballots are left out.
    private(set) var course: [Entry] = []

    private var people: [PrincipalID: ParticipantRecord] = [:]
    private var rollParts: [RollPart] = []

    /// - Parameters:
    ///   - report: Of the same log.
    ///   - entries: All of them.
    /// - Throws: ``MinutesError/pollInProgress(_:)``.
    init(
        _ report: AuditReport,
        checkpoint: SignedCheckpoint,
        logKey: NoteVerifierKey,
        entries: [RecordedEntry]
    ) throws(MinutesError) {
        let proceedings = report.state.proceedings
        if let progress = proceedings.pollInProgress { throw .pollInProgress(progress.id) }
        guard let meeting = proceedings.meeting else {
            // No log of a meeting begins otherwise, and this one was verified.
            throw .log(AuditError(at: 0, .noCommand))
        }
        self.report = report
        self.checkpoint = checkpoint
        self.logKey = logKey
        self.meeting = meeting
        log = report.log
        self.entries = entries
        for recorded in entries { take(recorded.entry) }
        finish()
    }

    /// The agenda as the meeting leaves it.
    var agenda: Agenda { report.state.proceedings.agenda }

    /// A participant as the log knew it last; `nil` for who never was one.
    func participant(_ id: PrincipalID) -> CabinetModel.Participant? { people[id]?.participant }

    // MARK: - Gathering

    private mutating func take(_ entry: Entry) {
        switch entry.body {
        case .fact(let fact):
            take(fact, of: entry)
        case .ballotCast(let ballot, let place):
            change(ballot.statement.poll) {
                $0.ballots.append(
                    BallotRecord(index: entry.index, time: entry.time, ballot: ballot, place: place)
                )
            }
        case .tieDecided(let ballot):
            change(ballot.statement.poll) {
                $0.tie = BallotRecord(
                    index: entry.index,
                    time: entry.time,
                    ballot: ballot,
                    place: nil
                )
            }
            course.append(entry)
        case .verdictReached:
            course.append(entry)
        }
    }

    private mutating func take(_ fact: Fact, of entry: Entry) {
        switch fact {
        case .logOpened, .agendaItemSet, .agendaItemRemoved, .pollCreated:
            return
        case .rollFrozen(_, let part, _, let content):
            if part == 0 { rollParts = [] }
            rollParts.append(content)
            return
        case .participantsAdmitted(let admitted):
            for participant in admitted { admit(participant) }
            return
        case .pollOpened(let opened):
            open(opened, at: entry)
        case .pollVoided(let id, _):
            guard polls.contains(where: { $0.id == id }) else { return }
        case .meetingOpened(let quorum):
            quorumAtOpening = quorum
        case .participantRemoved(let id):
            people[id]?.isRemoved = true
        case .checkedIn(let id, let place):
            attend(id, .present(place, since: entry.time))
        case .checkedOut(let id):
            attend(id, .left(entry.time))
        case .leaveRecorded(let id):
            attend(id, .onLeave(entry.time))
        case .absenceRecorded(let id):
            attend(id, .absent(entry.time))
        case .meetingScheduled, .logRestored, .recessStarted, .meetingResumed, .meetingAdjourned,
            .signingKeyRevoked, .currentItemChanged, .pollHeld, .pollResumed, .pollClosed:
            break
        }
        course.append(entry)
    }

    private mutating func admit(_ participant: CabinetModel.Participant) {
        if people[participant.id]?.isRemoved == false {
            people[participant.id]?.participant = participant
        } else {
            people[participant.id] = ParticipantRecord(participant: participant)
        }
    }

    private mutating func attend(_ id: PrincipalID, _ attendance: CabinetModel.Attendance) {
        people[id]?.attendance.append(attendance)
    }

    private mutating func open(_ opened: CabinetModel.PollOpened, at entry: Entry) {
        let voters = rollParts.flatMap(\.voters).map { voter in
            VoterRecord(voter: voter, participant: people[voter.member]?.participant)
        }
        polls.append(
            PollRecord(
                opened: opened,
                entry: entry,
                voters: voters,
                roll: rollParts.flatMap(\.bytes),
                text: try? opened.motion.message()
            )
        )
        rollParts = []
    }

    private mutating func change(_ id: PollID, _ body: (inout PollRecord) -> Void) {
        guard let index = polls.firstIndex(where: { $0.id == id }) else { return }
        body(&polls[index])
    }

    /// Adds what only the end of the log says.
    private mutating func finish() {
        for index in polls.indices {
            let id = polls[index].id
            guard let poll = report.state.proceedings.poll(id) else { continue }
            polls[index].finish(poll, report.state.ballotBoxes[id])
        }
        participants = people.values
            .map { (CollationKey($0.participant.displayName.value), $0) }
            .sorted {
                ($0.1.rank, $0.0, $0.1.participant.id) < ($1.1.rank, $1.0, $1.1.participant.id)
            }
            .map(\.1)
    }
}
