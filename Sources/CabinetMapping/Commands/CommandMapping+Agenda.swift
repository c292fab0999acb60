public import CabinetAPI
public import CabinetModel

// The agenda.

extension MeetingCommand {
    /// MeetingService.SetAgendaItem.
    public init(_ request: SetAgendaItemRequest) throws(Rejection) {
        try self.init(
            request.meetingID,
            .setAgendaItem(
                try nested(
                    "item",
                    try SetAgendaItem(required("", request.item), position: request.position)
                )
            )
        )
    }

    /// MeetingService.RemoveAgendaItem.
    public init(_ request: RemoveAgendaItemRequest) throws(Rejection) {
        try self.init(
            request.meetingID,
            .removeAgendaItem(
                try field("agenda_item_id", try AgendaItemID(request.agendaItemID))
            )
        )
    }

    /// MeetingService.MoveToAgendaItem. A state that cannot be given is none: it is refused where
    /// there is an item to leave, and ignored where there is none.
    public init(_ request: MoveToAgendaItemRequest) throws(Rejection) {
        try self.init(
            request.meetingID,
            .moveToAgendaItem(
                try field("agenda_item_id", try AgendaItemID.optional(request.agendaItemID)),
                leaving: LeftItemState(rawValue: request.previousItemState.rawValue)
            )
        )
    }
}

extension SetAgendaItem {
    fileprivate init(
        _ message: CabinetAPI.AgendaItem,
        position: UInt32
    ) throws(InvalidField) {
        guard message.documents.count <= Limits.documentsPerItem else {
            throw InvalidField("documents", "an agenda item has at most 16 documents")
        }
        self.init(
            try field("agenda_item_id", try AgendaItemID(message.agendaItemID)),
            title: try field("title", try Title(message.title, from: .request)),
            reportingOffice: try field(
                "reporting_office",
                try Office.optional(message.reportingOffice, from: .request)
            ),
            documents: try repeated("documents", message.documents) {
                document throws(InvalidField) in
                try DocumentReference(document, from: .request)
            },
            state: try State(message.state),
            position: position
        )
    }
}

extension SetAgendaItem.State {
    fileprivate init(_ state: CabinetAPI.AgendaItemState) throws(InvalidField) {
        switch state {
        case .unspecified: self = .keep
        case .pending: self = .pending
        case .deferred: self = .deferred
        case .discussing, .decided, .unrecognized:
            throw InvalidField("state", "it is PENDING, DEFERRED or left out")
        }
    }
}
