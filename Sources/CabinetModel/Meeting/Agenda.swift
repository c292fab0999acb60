/// Names a document by its content (common.proto, `DocumentReference`).
public struct DocumentReference: Hashable, Sendable {
    public let title: DocumentTitle
    /// SHA-256 of the document's bytes, computed by whoever keeps it.
    public let digest: Digest
    public let mediaType: MediaType
    /// Length in bytes. At least 1.
    public let sizeBytes: UInt64

    /// - Throws: ``InvalidValue`` for an empty document.
    public init(
        title: DocumentTitle,
        digest: Digest,
        mediaType: MediaType,
        sizeBytes: UInt64
    ) throws(InvalidValue) {
        guard sizeBytes > 0 else { throw InvalidValue("a document has at least 1 byte") }
        self.title = title
        self.digest = digest
        self.mediaType = mediaType
        self.sizeBytes = sizeBytes
    }
}

/// What has become of an agenda item. Raw values are those of `cabinet.v1.AgendaItemState`.
public enum AgendaItemState: Int32, Hashable, Sendable, CaseIterable {
    /// Not taken up yet.
    case pending = 1
    /// The current item.
    case discussing = 2
    /// Dealt with.
    case decided = 3
    /// Put off.
    case deferred = 4
}

/// What becomes of the item that the chair leaves: any state but that of the current item.
public enum LeftItemState: Int32, Hashable, Sendable, CaseIterable {
    case pending = 1
    case decided = 3
    case deferred = 4

    /// The state that the item has from then on.
    public var state: AgendaItemState {
        switch self {
        case .pending: .pending
        case .decided: .decided
        case .deferred: .deferred
        }
    }
}

/// An item of the agenda.
public struct AgendaItem: Hashable, Sendable {
    public let id: AgendaItemID
    public let title: Title
    /// The office that reports on it; `nil` where there is none.
    public let reportingOffice: Office?
    /// At most 16.
    public let documents: [DocumentReference]
    /// ``AgendaItemState/discussing`` exactly where it is the current item.
    public internal(set) var state: AgendaItemState

    /// - Throws: ``InvalidValue`` where there are more than 16 documents.
    public init(
        _ id: AgendaItemID,
        title: Title,
        reportingOffice: Office? = nil,
        documents: [DocumentReference] = [],
        state: AgendaItemState = .pending
    ) throws(InvalidValue) {
        guard documents.count <= Limits.documentsPerItem else {
            throw InvalidValue("an agenda item has at most 16 documents")
        }
        self.id = id
        self.title = title
        self.reportingOffice = reportingOffice
        self.documents = documents
        self.state = state
    }

    func inState(_ state: AgendaItemState) -> AgendaItem {
        var copy = self
        copy.state = state
        return copy
    }
}

/// The items in their order, and which of them is the current one.
public struct Agenda: Hashable, Sendable {
    public private(set) var items: [AgendaItem] = []
    /// `nil` where there is none.
    public private(set) var currentID: AgendaItemID?

    public init() {}

    /// An agenda as a snapshot brings it.
    ///
    /// - Throws: ``InvalidValue`` where there are more than 100 items or one of them twice, or where
    ///   the current one is not the only one in discussion.
    public init(items: [AgendaItem], currentID: AgendaItemID?) throws(InvalidValue) {
        guard items.count <= Limits.agendaItems, Set(items.map(\.id)).count == items.count else {
            throw InvalidValue("an agenda has at most 100 items, each once")
        }
        let discussed = items.filter { $0.state == .discussing }.map(\.id)
        guard discussed == [currentID].compactMap({ $0 }) else {
            throw InvalidValue("the current item, and no other, is in discussion")
        }
        self.items = items
        self.currentID = currentID
    }

    /// - Returns: `nil` where there is no such item.
    public func item(_ id: AgendaItemID) -> AgendaItem? {
        items.first { $0.id == id }
    }

    /// Where the item would stand: the position asked for, or the end.
    func position(for id: AgendaItemID, wanted: UInt32) -> UInt32 {
        let others = items.count { $0.id != id }
        return min(wanted, UInt32(clamping: others))
    }

    mutating func set(_ item: AgendaItem, at position: UInt32) {
        items.removeAll { $0.id == item.id }
        items.insert(item, at: min(Int(position), items.count))
    }

    mutating func remove(_ id: AgendaItemID) {
        items.removeAll { $0.id == id }
        if currentID == id { currentID = nil }
    }

    /// Leaves the current item and takes up another, or none.
    mutating func move(to id: AgendaItemID?, leaving: LeftItemState?) {
        if let currentID, let leaving { setState(leaving.state, of: currentID) }
        if let id { setState(.discussing, of: id) }
        currentID = id
    }

    private mutating func setState(_ state: AgendaItemState, of id: AgendaItemID) {
        guard let index = items.firstIndex(where: { $0.id == id }) else { return }
        items[index].state = state
    }
}
