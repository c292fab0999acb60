public import CabinetAPI
public import CabinetModel

extension CabinetModel.DocumentReference {
    init(
        _ message: CabinetAPI.DocumentReference,
        from provenance: Provenance
    ) throws(InvalidField) {
        let title = try field("title", try DocumentTitle(message.title, from: provenance))
        let digest = try field("digest", try Digest(message.digest))
        let mediaType = try field(
            "media_type",
            try MediaType(message.mediaType, from: provenance)
        )
        do {
            try self.init(
                title: title,
                digest: digest,
                mediaType: mediaType,
                sizeBytes: message.sizeBytes
            )
        } catch {
            throw InvalidField("size_bytes", error.rule)
        }
    }
}

extension CabinetAPI.DocumentReference {
    init(_ document: CabinetModel.DocumentReference) {
        self.init(
            title: document.title.value,
            digest: document.digest.bytes,
            mediaType: document.mediaType.value,
            sizeBytes: document.sizeBytes
        )
    }
}

extension CabinetModel.AgendaItem {
    /// An item of a log, an event or a response, with its state.
    ///
    /// - Throws: ``InvalidField``.
    public init(_ message: CabinetAPI.AgendaItem) throws(InvalidField) {
        let documents = try repeated("documents", message.documents) {
            document throws(InvalidField) in
            try DocumentReference(document, from: .record)
        }
        let id = try field("agenda_item_id", try AgendaItemID(message.agendaItemID))
        let title = try field("title", try Title(message.title))
        let office = try field(
            "reporting_office",
            try Office.optional(message.reportingOffice, from: .record)
        )
        let state: CabinetModel.AgendaItemState = try field("state", try known(message.state))
        do {
            try self.init(
                id,
                title: title,
                reportingOffice: office,
                documents: documents,
                state: state
            )
        } catch {
            throw InvalidField("documents", error.rule)
        }
    }
}

extension CabinetAPI.AgendaItem {
    /// An item with its state.
    public init(_ item: CabinetModel.AgendaItem) {
        self.init(
            agendaItemID: item.id.text,
            title: item.title.value,
            reportingOffice: item.reportingOffice?.value ?? "",
            documents: item.documents.map(CabinetAPI.DocumentReference.init),
            state: AgendaItemState(item.state)
        )
    }
}
