internal import CabinetCrypto
internal import CabinetDocuments
internal import CabinetLedger
internal import CabinetMapping
internal import CabinetModel

/// The meeting as JSON: `meeting.json`.
struct MeetingDocument {
    let record: MinutesRecord

    var json: JSON {
        let meeting = record.meeting
        let adjourned: Moment? =
            if case .adjourned(_, let moment) = meeting.phase { moment } else { nil }
        let quorum: JSON? = record.quorumAtOpening.map { JSON.of($0) }
        let people: [JSON] = record.participants.map { participant($0) }
        let items: [JSON] = record.agenda.items.map { item($0) }
        let polls: [JSON] = record.polls.map { PollDocument(poll: $0).json }
        let course: [JSON] = record.course.map { CourseDocument.json($0) }
        return .object([
            ("format", .string(MinutesOptions.format)),
            ("meeting", .string(record.log.meeting.text)),
            ("title", .string(meeting.title.value)),
            ("state", .string(meeting.phase.name.rawValue)),
            ("scheduled", .time(meeting.scheduled)),
            ("opened", .optional(meeting.phase.opened)),
            ("adjourned", .optional(adjourned)),
            ("log", log),
            ("quorum_at_opening", quorum),
            ("default_rule", .of(meeting.defaultRule)),
            ("participants", .array(people)),
            ("agenda", .array(items)),
            ("polls", .array(polls)),
            ("course", .array(course)),
        ])
    }

    private var log: JSON {
        let checkpoint = record.checkpoint.unverified
        return .object([
            ("origin", .string(record.log.origin.text)),
            ("public_key", .string(base64(record.log.publicKey.bytes))),
            ("entries", .count(checkpoint.treeSize)),
            ("root_hash", .string(base64(checkpoint.rootHash.bytes))),
            ("restorations", .count(record.report.restorations)),
        ])
    }

    private func participant(_ record: ParticipantRecord) -> JSON {
        let participant = record.participant
        let weight: JSON? = participant.membership.map { .count($0.weight.value) }
        let changes: [JSON] = record.attendance.map { change in
            .object([
                ("attendance", .string(change.name)), ("time", .optional(change.changed)),
            ])
        }
        return .object([
            ("participant", .string(participant.id.text)),
            ("name", .string(participant.displayName.value)),
            ("office", .optional(participant.office?.value)),
            ("roles", .strings(participant.roles.roles.map(\.name))),
            ("weight", weight),
            ("removed", record.isRemoved ? .bool(true) : nil),
            ("attendance", .string(record.finalAttendance.name)),
            ("changes", .array(changes)),
        ])
    }

    private func item(_ item: AgendaItem) -> JSON {
        let documents: [JSON] = item.documents.map { document in
            .object([
                ("title", .string(document.title.value)),
                ("sha256", .string("\(document.digest)")),
                ("media_type", .string(document.mediaType.value)),
                ("size_bytes", .count(document.sizeBytes)),
            ])
        }
        return .object([
            ("agenda_item", .string(item.id.text)),
            ("title", .string(item.title.value)),
            ("reporting_office", .optional(item.reportingOffice?.value)),
            ("state", .string(item.state.name)),
            ("documents", .array(documents)),
        ])
    }
}

/// What happened, one event after the other, as JSON.
enum CourseDocument {
    static func json(_ entry: Entry) -> JSON {
        let details = details(entry.body)
        return .object(
            [
                ("entry", .count(entry.index)), ("time", .time(entry.time)),
                ("event", .string(entry.bodyName)),
            ] + details
        )
    }

    private static func details(_ body: EntryBody) -> [(String, JSON?)] {
        switch body {
        case .verdictReached(let poll, let verdict):
            [("poll", .string(poll.text)), ("outcome", .string(verdict.outcome.name))]
        case .tieDecided(let ballot), .ballotCast(let ballot, _):
            [("poll", .string(ballot.statement.poll.text))]
        case .fact(let fact):
            details(fact)
        }
    }

    private static func details(_ fact: Fact) -> [(String, JSON?)] {
        switch fact {
        case .checkedIn(let id, let place):
            [("participant", .string(id.text)), ("place", .string(place.name))]
        case .checkedOut(let id), .leaveRecorded(let id), .absenceRecorded(let id),
            .participantRemoved(let id):
            [("participant", .string(id.text))]
        case .signingKeyRevoked(let id, let key, _):
            [("participant", .string(id.text)), ("key", .string("\(key)"))]
        case .currentItemChanged(let id, _):
            [("agenda_item", .optional(id?.text))]
        case .pollOpened(let opened):
            [("poll", .string(opened.poll.text))]
        case .pollHeld(let id, _), .pollResumed(let id, _):
            [("poll", .string(id.text))]
        case .pollClosed(let id, let cause):
            [("poll", .string(id.text)), ("cause", .string(cause.name))]
        case .pollVoided(let id, let reason):
            [("poll", .string(id.text)), ("reason", .string(reason.value))]
        case .logRestored(_, let reason):
            [("reason", .string(reason.value))]
        case .logOpened, .meetingScheduled, .meetingOpened, .recessStarted, .meetingResumed,
            .meetingAdjourned, .participantsAdmitted, .agendaItemSet, .agendaItemRemoved,
            .pollCreated, .rollFrozen:
            []
        }
    }
}

/// The entries as lines of JSON: `ledger/entries.jsonl`. Beside the exact bytes it says what they hash
/// to and, for those who look for something, when and what.
enum EntriesDocument {
    static func line(_ recorded: RecordedEntry) -> [UInt8] {
        let entry = recorded.entry
        let author: JSON =
            switch entry.author {
            case .server: .null
            case .principal(let id, _, _): .string(id.text)
            }
        return JSON.object([
            ("index", .count(entry.index)),
            ("time", .time(entry.time)),
            ("by", author),
            ("body", .string(entry.bodyName)),
            ("leaf_hash", .string("\(SHA256.digest(of: [0x00], recorded.bytes))")),
            ("bytes", .string(base64(recorded.bytes))),
        ]).line
    }
}
