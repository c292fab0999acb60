// The agenda.

extension MeetingState {
    func setItem(
        _ request: SetAgendaItem,
        of meeting: MeetingRecord
    ) throws(Rejection) -> [EntryBody] {
        try meeting.requireNotAdjourned()
        let item: AgendaItem
        do {
            item = try AgendaItem(
                request.id,
                title: request.title,
                reportingOffice: request.reportingOffice,
                documents: request.documents,
                state: state(of: request)
            )
        } catch {
            throw .fieldInvalid(field: "item.documents", rule: error.rule)
        }
        let others = proceedings.agenda.items.filter { $0.id != item.id }
        guard others.count < Limits.agendaItems else {
            throw .limitReached(.agendaItems, maximum: Limits.agendaItems)
        }
        try SnapshotBudget(proceedings, agenda: others + [item]).check()
        let position = proceedings.agenda.position(for: item.id, wanted: request.position)
        return [.fact(.agendaItemSet(item, position: position))]
    }

    private func state(of request: SetAgendaItem) -> AgendaItemState {
        if proceedings.agenda.currentID == request.id { return .discussing }
        switch request.state {
        case .keep: return proceedings.agenda.item(request.id)?.state ?? .pending
        case .pending: return .pending
        case .deferred: return .deferred
        }
    }

    func removeItem(
        _ id: AgendaItemID,
        of meeting: MeetingRecord
    ) throws(Rejection) -> [EntryBody] {
        try meeting.requireNotAdjourned()
        guard proceedings.agenda.item(id) != nil else { throw .agendaItemNotFound }
        let hasPoll = proceedings.polls.contains { $0.agendaItem == id }
        guard proceedings.agenda.currentID != id, !hasPoll else { throw .agendaItemInUse }
        return [.fact(.agendaItemRemoved(id))]
    }

    /// Taking up the item that is the current one leaves it the current one.
    func move(
        to id: AgendaItemID?,
        leaving state: LeftItemState?,
        in meeting: MeetingRecord
    ) throws(Rejection) -> [EntryBody] {
        if let id, proceedings.agenda.item(id) == nil { throw .agendaItemNotFound }
        try meeting.requireOpen()
        try requireNoPollInProgress()
        guard proceedings.agenda.currentID != nil else {
            return [.fact(.currentItemChanged(id, leaving: nil))]
        }
        guard let state else {
            throw .fieldInvalid(
                field: "previous_item_state",
                rule: "it is given where there is a current item"
            )
        }
        return [.fact(.currentItemChanged(id, leaving: state))]
    }
}
