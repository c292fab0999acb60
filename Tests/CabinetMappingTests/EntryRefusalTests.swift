import CabinetAPI
import CabinetCodec
import CabinetMapping
import CabinetModel
import ModelTestSupport
import Testing

/// An entry with one thing wrong, and the field that is named.
struct RefusedEntry: Sendable {
    let field: String
    let body: EntryBody
    let change: @Sendable (inout LedgerEntry) -> Void

    init(
        _ field: String,
        _ body: EntryBody = .fact(.recessStarted),
        _ change: @escaping @Sendable (inout LedgerEntry) -> Void
    ) {
        self.field = field
        self.body = body
        self.change = change
    }

    /// One whose body is changed.
    init(
        _ field: String,
        _ body: EntryBody,
        body change: @escaping @Sendable (LedgerEntry.Body) -> LedgerEntry.Body
    ) {
        self.init(field, body) { entry in
            if let body = entry.body { entry.body = change(body) }
        }
    }
}

@Suite struct EntryRefusalTests {
    @Test func theFieldThatIsWrongIsNamed() throws {
        var coding = EntryCoding()
        for line in refusedEntries + refusedFacts + refusedVerdicts {
            var message = LedgerEntry(sampleEntry(line.body))
            line.change(&message)
            do throws(EntryError) {
                _ = try coding.parse(message.serialized(), at: 5)
                Issue.record("\(line.field): accepted")
            } catch {
                guard case .field(let field) = error.problem else {
                    Issue.record("\(line.field): \(error)")
                    continue
                }
                #expect(field.path == line.field)
                #expect(error.index == 5)
            }
        }
    }
}

private let ballotCast = EntryBody.ballotCast(sampleBallot(.vote(.yes, 1)), from: .room)
private let tieDecided = EntryBody.tieDecided(sampleBallot(.tie(.yes)))

private func changing(
    _ body: LedgerEntry.Body,
    _ change: (inout SignedBallot) -> Void
) -> LedgerEntry.Body {
    switch body {
    case .ballotCast(var cast):
        if var ballot = cast.ballot {
            change(&ballot)
            cast.ballot = ballot
        }
        return .ballotCast(cast)
    case .tieDecided(var decided):
        if var ballot = decided.ballot {
            change(&ballot)
            decided.ballot = ballot
        }
        return .tieDecided(decided)
    default:
        return body
    }
}

private let refusedEntries: [RefusedEntry] = [
    RefusedEntry("time_unix_ms") { $0.timeUnixMs = 0 },
    RefusedEntry("time_unix_ms") { $0.timeUnixMs = -1 },
    RefusedEntry("actor") { $0.actor = nil },
    RefusedEntry("actor.principal_id") { $0.actor?.principalID = "" },
    RefusedEntry("actor.principal_id") { $0.actor?.principalID = "A" },
    RefusedEntry("actor.transport_key_fingerprint") {
        $0.actor?.transportKeyFingerprint = []
    },
    RefusedEntry("actor.role") { $0.actor?.role = .unrecognized(8) },
    RefusedEntry("command_key") { $0.commandKey = [] },
    RefusedEntry("command_key") { $0.commandKey = [1] },
    RefusedEntry("command_key") { $0.actor = CabinetAPI.Actor() },
    RefusedEntry("command_key", ballotCast) { $0.commandKey[0] ^= 1 },
    RefusedEntry("ballot_cast.ballot", ballotCast, body: { _ in .ballotCast(BallotCast()) }),
    RefusedEntry(
        "ballot_cast.place",
        ballotCast,
        body: { body in
            guard case .ballotCast(var cast) = body else { return body }
            cast.place = .unspecified
            return .ballotCast(cast)
        }
    ),
    RefusedEntry(
        "ballot_cast.ballot.statement.choice",
        ballotCast,
        body: {
            changing($0) { ballot in
                var statement = try! CabinetAPI.BallotStatement(serialized: ballot.statement)
                statement.choice = .unspecified
                ballot.statement = statement.serialized()
            }
        }
    ),
    RefusedEntry(
        "ballot_cast.ballot.signature",
        ballotCast,
        body: { changing($0) { $0.signature = [] } }
    ),
    RefusedEntry(
        "ballot_cast.ballot.certificate",
        ballotCast,
        body: { changing($0) { $0.certificate = [] } }
    ),
    RefusedEntry(
        "ballot_cast.ballot.statement.purpose",
        ballotCast,
        body: {
            changing($0) { $0.statement = sampleBallot(.tie(.yes)).statementBytes }
        }
    ),
    RefusedEntry(
        "tie_decided.ballot.statement.purpose",
        tieDecided,
        body: {
            changing($0) { $0.statement = sampleBallot(.vote(.yes, 1)).statementBytes }
        }
    ),
]

private func fact(_ name: String) -> EntryBody {
    sampleBodies.first {
        let label = Mirror(reflecting: LedgerEntry(sampleEntry($0)).body!).children.first?.label
        return label == name
    }!
}

private let refusedFacts: [RefusedEntry] = [
    RefusedEntry("log_opened.format_version", fact("logOpened")) {
        guard case .logOpened(var log) = $0.body else { return }
        log.formatVersion = 2
        $0.body = .logOpened(log)
    },
    RefusedEntry("log_opened.origin", fact("logOpened")) {
        guard case .logOpened(var log) = $0.body else { return }
        log.origin = "with space"
        $0.body = .logOpened(log)
    },
    RefusedEntry("log_opened.log_public_key", fact("logOpened")) {
        guard case .logOpened(var log) = $0.body else { return }
        log.logPublicKey = []
        $0.body = .logOpened(log)
    },
    RefusedEntry("log_opened.epoch", fact("logOpened")) {
        guard case .logOpened(var log) = $0.body else { return }
        log.epoch = 0
        $0.body = .logOpened(log)
    },
    RefusedEntry("log_restored.reason", fact("logRestored")) {
        $0.body = .logRestored(LogRestored(epoch: 1))
    },
    RefusedEntry("meeting_scheduled.default_rule", fact("meetingScheduled")) {
        $0.body = .meetingScheduled(MeetingScheduled(title: "x", scheduledUnixMs: 1))
    },
    RefusedEntry("meeting_scheduled.scheduled_unix_ms", fact("meetingScheduled")) {
        guard case .meetingScheduled(var meeting) = $0.body else { return }
        meeting.scheduledUnixMs = 0
        $0.body = .meetingScheduled(meeting)
    },
    RefusedEntry("meeting_opened.quorum.margin_members", fact("meetingOpened")) {
        guard case .meetingOpened(var opened) = $0.body else { return }
        opened.quorum?.marginMembers = 1
        $0.body = .meetingOpened(opened)
    },
    RefusedEntry("participants_admitted.participants", fact("participantsAdmitted")) {
        $0.body = .participantsAdmitted(ParticipantsAdmitted())
    },
    RefusedEntry("participants_admitted.participants", fact("participantsAdmitted")) {
        guard case .participantsAdmitted(var admitted) = $0.body else { return }
        admitted.participants = Array(repeating: admitted.participants[0], count: 17)
        $0.body = .participantsAdmitted(admitted)
    },
    participant("display_name") { $0.displayName = "" },
    participant("office") { $0.office = text(257) },
    participant("roles") { $0.roles = [] },
    participant("roles") { $0.roles = [.member, .member] },
    participant("roles") { $0.roles = [.auditor] },
    participant("roles") { $0.roles = [.member, .guest] },
    participant("roles[1]") { $0.roles = [.member, .unspecified] },
    participant("weight") { $0.weight = 0 },
    participant("weight") { $0.weight = 1_001 },
    participant("key_fingerprints[0]") { $0.keyFingerprints[0].removeLast() },
    participant("key_fingerprints") {
        $0.keyFingerprints = [[UInt8](repeating: 2, count: 32), [UInt8](repeating: 1, count: 32)]
    },
    participant("key_fingerprints") {
        $0.keyFingerprints = (0..<5).map { [UInt8](repeating: $0, count: 32) }
    },
    RefusedEntry("signing_key_revoked.reason", fact("signingKeyRevoked")) {
        guard case .signingKeyRevoked(var revoked) = $0.body else { return }
        revoked.reason = ""
        $0.body = .signingKeyRevoked(revoked)
    },
    item("agenda_item_id") { $0.agendaItemID = "" },
    item("title") { $0.title = text(513) },
    item("title") { $0.title = "tab\t" },
    item("reporting_office") { $0.reportingOffice = text(257) },
    item("state") { $0.state = .unspecified },
    item("documents") { $0.documents = Array(repeating: $0.documents[0], count: 17) },
    item("documents[0].title") { $0.documents[0].title = "" },
    item("documents[0].digest") { $0.documents[0].digest = [] },
    item("documents[0].media_type") { $0.documents[0].mediaType = "ab" },
    item("documents[0].size_bytes") { $0.documents[0].sizeBytes = 0 },
    RefusedEntry("agenda_item_set.item", fact("agendaItemSet")) {
        $0.body = .agendaItemSet(AgendaItemSet())
    },
    RefusedEntry("current_item_changed.previous_item_state", fact("currentItemChanged")) {
        $0.body = .currentItemChanged(CurrentItemChanged(previousItemState: .discussing))
    },
    RefusedEntry("checked_in.place", fact("checkedIn")) {
        $0.body = .checkedIn(CheckedIn(principalID: "m1"))
    },
    RefusedEntry("checked_out.principal_id", fact("checkedOut")) {
        $0.body = .checkedOut(CheckedOut())
    },
    created("motion") { $0.motion = [] },
    created("motion") { $0.motion = [UInt8](repeating: 0, count: 8_193) },
    created("rule") { $0.rule = nil },
    created("rule.quorum") { $0.rule?.quorum = nil },
    created("rule.quorum.denominator") { $0.rule?.quorum?.denominator = 1_001 },
    created("rule.quorum.numerator") { $0.rule?.quorum = .init(numerator: 3, denominator: 2) },
    created("rule.threshold") { $0.rule?.threshold = nil },
    created("rule") { $0.rule?.threshold?.numerator = 0 },
    created("rule.threshold_base") { $0.rule?.thresholdBase = .unspecified },
    created("rule.comparison") { $0.rule?.comparison = .unrecognized(3) },
    created("rule.tie") { $0.rule?.tie = .unspecified },
    created("rule.visibility") { $0.rule?.visibility = .unspecified },
    frozen("part_count") { $0.partCount = 0 },
    frozen("part_count") { $0.partCount = 17 },
    frozen("part") { $0.part = 1 },
    frozen("roll") { $0.roll = [] },
    frozen("roll") { $0.roll = [UInt8](repeating: 0, count: 10_241) },
    frozen("roll.voters[0].weight") {
        $0.roll = Roll(voters: [CabinetAPI.RollVoter(memberID: "a")]).serialized()
    },
    frozen("roll.voters[0].member_id") {
        $0.roll = Roll(voters: [CabinetAPI.RollVoter(weight: 1)]).serialized()
    },
    opened("motion_digest") { $0.motionDigest[0] ^= 1 },
    opened("motion_digest") { $0.motionDigest = [] },
    opened("roll_digest") { $0.rollDigest = [] },
    opened("voter_count") { $0.voterCount = 0 },
    opened("voter_count") { $0.voterCount = 601 },
    opened("chair_id") { $0.chairID = "" },
    opened("closes_unix_ms") { $0.closesUnixMs = -1 },
    RefusedEntry("poll_closed.cause", fact("pollClosed")) {
        $0.body = .pollClosed(PollClosed(pollID: "poll"))
    },
    RefusedEntry("poll_voided.reason", fact("pollVoided")) {
        $0.body = .pollVoided(PollVoided(pollID: "poll", reason: text(513)))
    },
]

private func participant(
    _ field: String,
    _ change: @escaping @Sendable (inout CabinetAPI.Participant) -> Void
) -> RefusedEntry {
    RefusedEntry("participants_admitted.participants[0].\(field)", fact("participantsAdmitted")) {
        guard case .participantsAdmitted(var admitted) = $0.body else { return }
        change(&admitted.participants[0])
        $0.body = .participantsAdmitted(admitted)
    }
}

private func item(
    _ field: String,
    _ change: @escaping @Sendable (inout CabinetAPI.AgendaItem) -> Void
) -> RefusedEntry {
    RefusedEntry("agenda_item_set.item.\(field)", fact("agendaItemSet")) {
        guard case .agendaItemSet(var set) = $0.body, var item = set.item else { return }
        change(&item)
        set.item = item
        $0.body = .agendaItemSet(set)
    }
}

private func created(
    _ field: String,
    _ change: @escaping @Sendable (inout PollCreated) -> Void
) -> RefusedEntry {
    RefusedEntry("poll_created.\(field)", fact("pollCreated")) {
        guard case .pollCreated(var created) = $0.body else { return }
        change(&created)
        $0.body = .pollCreated(created)
    }
}

private func frozen(
    _ field: String,
    _ change: @escaping @Sendable (inout RollFrozen) -> Void
) -> RefusedEntry {
    RefusedEntry("roll_frozen.\(field)", fact("rollFrozen")) {
        guard case .rollFrozen(var frozen) = $0.body else { return }
        change(&frozen)
        $0.body = .rollFrozen(frozen)
    }
}

private func opened(
    _ field: String,
    _ change: @escaping @Sendable (inout CabinetAPI.PollOpened) -> Void
) -> RefusedEntry {
    RefusedEntry("poll_opened.\(field)", fact("pollOpened")) {
        guard case .pollOpened(var opened) = $0.body else { return }
        change(&opened)
        $0.body = .pollOpened(opened)
    }
}

private let refusedVerdicts: [RefusedEntry] = [
    verdict("outcome") { $0.outcome = .carried },
    verdict("outcome") { $0.outcome = .pending },
    verdict("ground") { $0.ground = .unspecified },
    verdict("tie_choice") { $0.tieChoice = .yes },
    verdict("tie_choice") { $0.ground = .tieChairBallot },
    verdict("tie_choice") { $0.tieChoice = .abstain },
    verdict("tally") { $0.tally = nil },
    verdict("tally.yes") { $0.tally?.yes = nil },
    verdict("tally.no") { $0.tally?.no = nil },
    verdict("tally.abstain") { $0.tally?.abstain = nil },
    verdict("quorum") { $0.quorum = nil },
    verdict("threshold") { $0.threshold = nil },
    verdict("rule") { $0.rule = nil },
]

private func verdict(
    _ field: String,
    _ change: @escaping @Sendable (inout CabinetAPI.Verdict) -> Void
) -> RefusedEntry {
    RefusedEntry("verdict_reached.verdict.\(field)", fact("verdictReached")) {
        guard case .verdictReached(var reached) = $0.body, var verdict = reached.verdict else {
            return
        }
        change(&verdict)
        reached.verdict = verdict
        $0.body = .verdictReached(reached)
    }
}
