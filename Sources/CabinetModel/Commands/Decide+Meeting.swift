// The life of a meeting and of its log.

extension MeetingState {
    func schedule(_ request: ScheduleMeeting, by actor: Actor) throws(Rejection) -> [EntryBody] {
        guard proceedings.log == nil, let secretary = actor.id else { throw .meetingExists }
        return [
            .fact(.logOpened(request.log)),
            .fact(
                .meetingScheduled(
                    title: request.title,
                    scheduled: request.scheduled,
                    defaultRule: request.defaultRule ?? .governmentDefault
                )
            ),
            .fact(
                .participantsAdmitted([
                    Participant(
                        secretary: secretary,
                        displayName: request.secretaryName,
                        office: request.secretaryOffice
                    )
                ])
            ),
        ]
    }

    func open(_ meeting: MeetingRecord) throws(Rejection) -> [EntryBody] {
        guard case .scheduled = meeting.phase else {
            throw .meetingNotScheduled(state: meeting.phase.name)
        }
        guard proceedings.chair != nil else { throw .chairRequired }
        let quorum = proceedings.quorum(by: meeting.defaultRule)
        guard quorum.isMet else {
            throw .quorumNotMet(counted: quorum.countedMembers, needed: quorum.neededMembers)
        }
        return [.fact(.meetingOpened(quorum: quorum))]
    }

    func startRecess(of meeting: MeetingRecord) throws(Rejection) -> [EntryBody] {
        try meeting.requireOpen()
        if let progress = proceedings.pollInProgress,
            proceedings.poll(progress.id)?.state == .open
        {
            throw .pollInProgress(progress.id)
        }
        return [.fact(.recessStarted)]
    }

    func resume(_ meeting: MeetingRecord) throws(Rejection) -> [EntryBody] {
        guard case .recess = meeting.phase else {
            throw .meetingNotInRecess(state: meeting.phase.name)
        }
        return [.fact(.meetingResumed)]
    }

    func adjourn(_ meeting: MeetingRecord) throws(Rejection) -> [EntryBody] {
        try meeting.requireOpen()
        try requireNoPollInProgress()
        return [.fact(.meetingAdjourned)]
    }

    /// The log can be restored whatever has become of the meeting.
    func restore(_ epoch: Epoch, reason: Explanation) throws(Rejection) -> [EntryBody] {
        guard proceedings.log != nil else { throw .meetingNotFound }
        guard !epochs.contains(epoch) else {
            throw .fieldInvalid(field: "epoch", rule: "an epoch is not used twice")
        }
        return [.fact(.logRestored(epoch, reason: reason))]
    }

    func requireNoPollInProgress() throws(Rejection) {
        if let progress = proceedings.pollInProgress { throw .pollInProgress(progress.id) }
    }
}
