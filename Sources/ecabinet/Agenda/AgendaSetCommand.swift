import ArgumentParser
import CabinetAPI
import CabinetMapping
import CabinetModel

/// `ecabinet agenda set`.
struct AgendaSetCommand: DeskCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Adds an item, or changes the given parts of one that there is.",
        discussion: """
            A new one needs --title, and goes to the end. Documents are all that the item has from now on; \
            what is kept of them is name, length and SHA-256.
            """
    )

    @Argument(help: "The item's identifier.")
    var item: String

    @Option(help: ArgumentHelp("The title for people.", valueName: "text"))
    var title: String?

    @Option(
        help: ArgumentHelp("The office that reports on it; \"\" for none.", valueName: "office")
    )
    var office: String?

    @Option(help: ArgumentHelp("Its place, from 1.", valueName: "number"))
    var position: UInt32?

    @Option(
        name: .customLong("document"),
        help: ArgumentHelp("A document for it. May be given more than once.", valueName: "file"),
        completion: .file()
    )
    var documents: [String] = []

    @Flag(help: "Put it off.")
    var deferred = false

    @Flag(help: "Take it for not taken up yet.")
    var pending = false

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        guard !(deferred && pending) else {
            throw ValidationError("An item is either --deferred or --pending.")
        }
        guard position != 0 else { throw ValidationError("--position is a number from 1.") }
    }

    func input() throws -> (id: AgendaItemID, documents: [CabinetAPI.DocumentReference]) {
        // One that the agenda has not is made.
        (
            try AgendaItemID(typed: item, .agendaItem, isNew: true),
            try DocumentFile.references(documents)
        )
    }

    func run(
        at desk: MeetingDesk,
        _ input: (id: AgendaItemID, documents: [CabinetAPI.DocumentReference]),
        in session: Session
    ) async throws {
        let items = try await desk.agendaMessages()
        let place = items.firstIndex { $0.agendaItemID == input.id.text }
        let item = try place.map { items[$0] } ?? newItem(input.id)
        _ = try await desk.meetings.setAgendaItem(
            SetAgendaItemRequest(
                meetingID: desk.id.text,
                item: changed(item, input.documents),
                position: position.map { $0 - 1 } ?? UInt32(clamping: place ?? items.count)
            )
        )
        try await session.console.show(AgendaReport(items: desk.agenda()))
    }

    private func newItem(_ id: AgendaItemID) throws(Failure) -> CabinetAPI.AgendaItem {
        guard title != nil else {
            throw Failure(
                .usage,
                "AGENDA_ITEM_INCOMPLETE",
                Phrase(
                    "the agenda has no «\(id)», and a new item needs --title",
                    vi: "chương trình họp không có «\(id)», và nội dung mới cần --title"
                ),
                advice: Phrase(
                    "«ecabinet agenda list» says what it has",
                    vi: "«ecabinet agenda list» cho biết các nội dung hiện có"
                )
            )
        }
        return CabinetAPI.AgendaItem(agendaItemID: id.text)
    }

    /// The item with the parts that were given.
    private func changed(
        _ item: CabinetAPI.AgendaItem,
        _ references: [CabinetAPI.DocumentReference]
    ) -> CabinetAPI.AgendaItem {
        var item = item
        if let title { item.title = TextArgument.normalized(title) }
        if let office { item.reportingOffice = TextArgument.normalized(office) }
        if !references.isEmpty { item.documents = references }
        // What is not said keeps its state.
        item.state = deferred ? .deferred : pending ? .pending : .unspecified
        return item
    }
}
