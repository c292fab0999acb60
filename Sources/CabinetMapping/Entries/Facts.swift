internal import CabinetAPI
internal import CabinetModel

/// What a fact is read from. The schema gives the two the same messages and leaves a little more out
/// of an event.
enum FactSource {
    case entry
    case event
}

extension Fact {
    /// What a message says happened; `nil` for a body that is not the same in entries and events.
    init?(_ message: EntryMessage, in source: FactSource) throws(InvalidField) {
        switch message {
        case .ballotCast, .verdictReached, .tieDecided: return nil
        case .logOpened(let message):
            self = try nested("log_opened", .logOpened(try LogOpened(message)))
        case .logRestored(let message): self = try nested("log_restored", try Fact(message))
        case .meetingScheduled(let message):
            self = try nested("meeting_scheduled", try Fact(message))
        case .meetingOpened(let message): self = try nested("meeting_opened", try Fact(message))
        case .recessStarted: self = .recessStarted
        case .meetingResumed: self = .meetingResumed
        case .meetingAdjourned: self = .meetingAdjourned
        case .participantsAdmitted(let message):
            self = try nested("participants_admitted", try Fact(message))
        case .participantRemoved(let message):
            self = try nested("participant_removed", try Fact(message))
        case .signingKeyRevoked(let message):
            self = try nested("signing_key_revoked", try Fact(message, in: source))
        case .agendaItemSet(let message): self = try nested("agenda_item_set", try Fact(message))
        case .agendaItemRemoved(let message):
            self = try nested("agenda_item_removed", try Fact(message))
        case .currentItemChanged(let message):
            self = try nested("current_item_changed", try Fact(message))
        case .checkedIn(let message): self = try nested("checked_in", try Fact(message))
        case .checkedOut(let message): self = try nested("checked_out", try Fact(message))
        case .leaveRecorded(let message): self = try nested("leave_recorded", try Fact(message))
        case .absenceRecorded(let message):
            self = try nested("absence_recorded", try Fact(message))
        case .pollCreated(let message): self = try nested("poll_created", try Fact(message))
        case .rollFrozen(let message): self = try nested("roll_frozen", try Fact(message))
        case .pollOpened(let message):
            self = try nested("poll_opened", .pollOpened(try PollOpened(message)))
        case .pollHeld(let message): self = try nested("poll_held", try Fact(message))
        case .pollResumed(let message): self = try nested("poll_resumed", try Fact(message))
        case .pollClosed(let message): self = try nested("poll_closed", try Fact(message))
        case .pollVoided(let message): self = try nested("poll_voided", try Fact(message))
        }
    }
}

// MARK: - The log and the meeting

extension CabinetModel.LogOpened {
    init(_ message: CabinetAPI.LogOpened) throws(InvalidField) {
        guard let version = FormatVersion(rawValue: message.formatVersion) else {
            throw InvalidField("format_version", "the version is one that this reader knows: 1")
        }
        self.init(
            formatVersion: version,
            meeting: try field("meeting_id", try MeetingID(message.meetingID)),
            origin: try field("origin", try LogOrigin(message.origin)),
            publicKey: try field("log_public_key", try LogPublicKey(message.logPublicKey)),
            epoch: try field("epoch", try Epoch(message.epoch))
        )
    }
}

extension Fact {
    fileprivate init(_ message: LogRestored) throws(InvalidField) {
        self = .logRestored(
            try field("epoch", try Epoch(message.epoch)),
            reason: try field("reason", try Explanation(message.reason))
        )
    }

    fileprivate init(_ message: MeetingScheduled) throws(InvalidField) {
        self = .meetingScheduled(
            title: try field("title", try Title(message.title)),
            scheduled: try field(
                "scheduled_unix_ms",
                try Moment(unixMilliseconds: message.scheduledUnixMs)
            ),
            defaultRule: try nested(
                "default_rule",
                try PollRule(required("", message.defaultRule))
            )
        )
    }

    fileprivate init(_ message: MeetingOpened) throws(InvalidField) {
        self = .meetingOpened(
            quorum: try nested("quorum", try QuorumCount(required("", message.quorum)))
        )
    }
}

// MARK: - Participants and attendance

extension Fact {
    fileprivate init(_ message: ParticipantsAdmitted) throws(InvalidField) {
        let participants = try repeated("participants", message.participants) {
            participant throws(InvalidField) in
            try Participant(participant)
        }
        guard (1...Limits.participantsPerEntry).contains(participants.count) else {
            throw InvalidField("participants", "there are 1 to 16")
        }
        self = .participantsAdmitted(participants)
    }

    fileprivate init(_ message: ParticipantRemoved) throws(InvalidField) {
        self = .participantRemoved(try principal(message.principalID))
    }

    /// The reason is left out of the events of members.
    fileprivate init(
        _ message: SigningKeyRevoked,
        in source: FactSource
    ) throws(InvalidField) {
        let isAbsent = source == .event && message.reason.isEmpty
        self = .signingKeyRevoked(
            try principal(message.principalID),
            try field("key_fingerprint", try KeyFingerprint(message.keyFingerprint)),
            reason: isAbsent ? nil : try field("reason", try RevocationReason(message.reason))
        )
    }

    fileprivate init(_ message: CheckedIn) throws(InvalidField) {
        self = .checkedIn(
            try principal(message.principalID),
            from: try field("place", try known(message.place))
        )
    }

    fileprivate init(_ message: CheckedOut) throws(InvalidField) {
        self = .checkedOut(try principal(message.principalID))
    }

    fileprivate init(_ message: LeaveRecorded) throws(InvalidField) {
        self = .leaveRecorded(try principal(message.principalID))
    }

    fileprivate init(_ message: AbsenceRecorded) throws(InvalidField) {
        self = .absenceRecorded(try principal(message.principalID))
    }
}

private func principal(_ text: String) throws(InvalidField) -> PrincipalID {
    try field("principal_id", try PrincipalID(text))
}

// MARK: - The agenda

extension Fact {
    fileprivate init(_ message: AgendaItemSet) throws(InvalidField) {
        self = .agendaItemSet(
            try nested("item", try AgendaItem(required("", message.item))),
            position: message.position
        )
    }

    fileprivate init(_ message: AgendaItemRemoved) throws(InvalidField) {
        self = .agendaItemRemoved(
            try field("agenda_item_id", try AgendaItemID(message.agendaItemID))
        )
    }

    fileprivate init(_ message: CurrentItemChanged) throws(InvalidField) {
        self = .currentItemChanged(
            try field("agenda_item_id", try AgendaItemID.optional(message.agendaItemID)),
            leaving: try field(
                "previous_item_state",
                try knownOrUnspecified(message.previousItemState)
            )
        )
    }
}

// MARK: - Polls

extension Fact {
    fileprivate init(_ message: PollCreated) throws(InvalidField) {
        self = .pollCreated(
            try poll(message.pollID),
            agendaItem: try field("agenda_item_id", try AgendaItemID(message.agendaItemID)),
            motion: try field("motion", try Motion(serialized: message.motion)),
            rule: try nested("rule", try PollRule(required("", message.rule)))
        )
    }

    fileprivate init(_ message: RollFrozen) throws(InvalidField) {
        let count = Int(clamping: message.partCount)
        guard Limits.rollParts.contains(count) else {
            throw InvalidField("part_count", "a roll has 1 to 16 parts")
        }
        guard message.part < message.partCount else {
            throw InvalidField("part", "it is less than the number of parts")
        }
        self = .rollFrozen(
            try poll(message.pollID),
            part: message.part,
            partCount: message.partCount,
            try nested("roll", try RollPart(serialized: message.roll))
        )
    }

    fileprivate init(_ message: PollHeld) throws(InvalidField) {
        self = .pollHeld(
            try poll(message.pollID),
            remainingMilliseconds: message.remainingMs == 0 ? nil : message.remainingMs
        )
    }

    fileprivate init(_ message: PollResumed) throws(InvalidField) {
        self = .pollResumed(
            try poll(message.pollID),
            closesAt: try field("closes_unix_ms", try Moment.optional(message.closesUnixMs))
        )
    }

    fileprivate init(_ message: PollClosed) throws(InvalidField) {
        self = .pollClosed(
            try poll(message.pollID),
            try field("cause", try known(message.cause))
        )
    }

    fileprivate init(_ message: PollVoided) throws(InvalidField) {
        self = .pollVoided(
            try poll(message.pollID),
            reason: try field("reason", try Explanation(message.reason))
        )
    }
}

private func poll(_ text: String) throws(InvalidField) -> PollID {
    try field("poll_id", try PollID(text))
}

extension CabinetModel.PollOpened {
    fileprivate init(_ message: CabinetAPI.PollOpened) throws(InvalidField) {
        guard (1...Limits.members).contains(Int(clamping: message.voterCount)) else {
            throw InvalidField("voter_count", "there are 1 to 600")
        }
        self.init(
            poll: try CabinetMapping.poll(message.pollID),
            agendaItem: try field("agenda_item_id", try AgendaItemID(message.agendaItemID)),
            motion: try Motion(message.motion, digest: message.motionDigest),
            rule: try nested("rule", try PollRule(required("", message.rule))),
            rollDigest: try field("roll_digest", try Digest(message.rollDigest)),
            roll: HeadCount(members: message.voterCount, weight: message.totalWeight),
            chair: try field("chair_id", try PrincipalID(message.chairID)),
            closesAt: try field("closes_unix_ms", try Moment.optional(message.closesUnixMs))
        )
    }
}
