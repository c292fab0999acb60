// Who takes part, and who attends.

extension MeetingState {
    /// Admits all of them or none. A key that this meeting knows to be revoked is left out: the
    /// directory may have been read just before.
    func admit(
        _ admitted: [Participant],
        to meeting: MeetingRecord
    ) throws(Rejection) -> [EntryBody] {
        try meeting.requireNotAdjourned()
        guard Limits.admissions.contains(admitted.count) else {
            throw .fieldInvalid(field: "admissions", rule: "there are 1 to 600")
        }
        guard Set(admitted.map(\.id)).count == admitted.count else {
            throw .fieldInvalid(field: "admissions", rule: "each principal is named once")
        }
        let newcomers = admitted.map { $0.removingKeys(revokedKeys.contains) }
        var after = proceedings.attendees.mapValues(\.participant)
        for participant in newcomers { after[participant.id] = participant }
        try checkParticipants(Array(after.values), hasOpened: meeting.phase.opened != nil)
        return stride(from: 0, to: newcomers.count, by: Limits.participantsPerEntry).map { first in
            let last = min(first + Limits.participantsPerEntry, newcomers.count)
            return .fact(.participantsAdmitted(Array(newcomers[first..<last])))
        }
    }

    private func checkParticipants(
        _ participants: [Participant],
        hasOpened: Bool
    ) throws(Rejection) {
        let chairs = participants.count { $0.roles.contains(.chair) }
        guard chairs == 1 || (chairs == 0 && !hasOpened) else { throw .chairRequired }
        guard participants.count <= Limits.participants else {
            throw .limitReached(.participants, maximum: Limits.participants)
        }
        guard participants.count(where: { $0.membership != nil }) <= Limits.members else {
            throw .limitReached(.members, maximum: Limits.members)
        }
        try SnapshotBudget(proceedings, participants: participants).check()
    }

    func remove(
        _ id: PrincipalID,
        from meeting: MeetingRecord
    ) throws(Rejection) -> [EntryBody] {
        try meeting.requireNotAdjourned()
        guard let attendee = proceedings.attendees[id] else { throw .participantNotFound }
        guard proceedings.pollInProgress?.roll.roll.position(of: id) == nil else {
            throw .participantInUse
        }
        let isChair = attendee.participant.roles.contains(.chair)
        guard !isChair || meeting.phase.opened == nil else { throw .chairRequired }
        return [.fact(.participantRemoved(id))]
    }

    /// Revoking is not refused: there is nothing to do in a meeting that is over, or that has not
    /// frozen the key.
    func revoke(
        _ key: KeyFingerprint,
        of id: PrincipalID,
        reason: RevocationReason
    ) throws(Rejection) -> [EntryBody] {
        guard let meeting = proceedings.meeting else { throw .meetingNotFound }
        if case .adjourned = meeting.phase { return [] }
        guard !revokedKeys.contains(key), hasFrozen(key, of: id) else { return [] }
        return [.fact(.signingKeyRevoked(id, key, reason: reason))]
    }

    /// The keys that the meeting would take ballots of: those of its members, and those on the roll of the
    /// poll in progress. None where it is over.
    public var frozenKeys: [PrincipalID: Set<KeyFingerprint>] {
        if case .adjourned? = proceedings.meeting?.phase { return [:] }
        var keys: [PrincipalID: Set<KeyFingerprint>] = [:]
        for (id, attendee) in proceedings.attendees {
            guard let membership = attendee.participant.membership else { continue }
            keys[id] = Set(membership.keys.fingerprints)
        }
        for voter in proceedings.pollInProgress?.roll.roll.voters ?? [] {
            keys[voter.member, default: []].formUnion(voter.keys.fingerprints)
        }
        return keys.mapValues { $0.subtracting(revokedKeys) }
    }

    private func hasFrozen(_ key: KeyFingerprint, of id: PrincipalID) -> Bool {
        if proceedings.attendees[id]?.participant.membership?.keys.contains(key) == true {
            return true
        }
        guard let roll = proceedings.pollInProgress?.roll.roll,
            let position = roll.position(of: id)
        else { return false }
        return roll.voters[position].keys.contains(key)
    }

    // MARK: - Attendance

    /// Records something of a participant's attendance.
    func record(
        _ id: PrincipalID?,
        in meeting: MeetingRecord,
        _ fact: (PrincipalID, Attendance) throws(Rejection) -> Fact
    ) throws(Rejection) -> [EntryBody] {
        try meeting.requireNotAdjourned()
        guard let id, let attendee = proceedings.attendees[id] else { throw .participantNotFound }
        return [.fact(try fact(id, attendee.attendance))]
    }

    /// - Throws: ``Rejection/limitReached(_:maximum:)`` where somebody has checked itself in and out as
    ///   often as it may. A secretary may still do it for it.
    func checkAttendanceChanges(of id: PrincipalID, by actor: Actor) throws(Rejection) {
        guard actor.id == id, let count = attendanceChanges[id] else { return }
        guard count < Limits.attendanceChanges else {
            throw .limitReached(.attendanceChanges, maximum: Limits.attendanceChanges)
        }
    }

    func checkOut(
        _ id: PrincipalID?,
        of meeting: MeetingRecord,
        by actor: Actor
    ) throws(Rejection) -> [EntryBody] {
        try record(id, in: meeting) { id, attendance throws(Rejection) in
            guard attendance.place != nil else { throw .notCheckedIn }
            try checkAttendanceChanges(of: id, by: actor)
            return .checkedOut(id)
        }
    }

    /// Records leave or absence of who is not checked in.
    func recordMissing(
        _ id: PrincipalID,
        in meeting: MeetingRecord,
        as fact: (PrincipalID) -> Fact
    ) throws(Rejection) -> [EntryBody] {
        try record(id, in: meeting) { id, attendance throws(Rejection) in
            guard attendance.place == nil else { throw .checkedIn }
            return fact(id)
        }
    }
}
