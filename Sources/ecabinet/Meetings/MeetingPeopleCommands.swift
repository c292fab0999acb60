import ArgumentParser
import CabinetAPI
import CabinetModel

/// `ecabinet meeting admit`.
struct MeetingAdmitCommand: DeskCommand {
    static let configuration = CommandConfiguration(
        commandName: "admit",
        abstract:
            "Admits people and devices of the directory to a meeting, with their roles in it.",
        discussion: """
            What the directory says of them now, names and signing keys, is frozen in the meeting; admitting \
            again renews it. The chair is also a member: --role member --role chair. All are admitted, or \
            none.
            """
    )

    @Argument(help: "Whom to admit, by the identifiers of the directory.")
    var principals: [String]

    @Option(
        name: .customLong("role"),
        help: ArgumentHelp(
            "A role in the meeting: member, chair, secretary, guest or display. May be given more than once.",
            valueName: "role"
        )
    )
    var roles: [RoleArgument]

    @Option(help: ArgumentHelp("What a member's vote weighs, 1 to 1000.", valueName: "number"))
    var weight: UInt32 = 1

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        guard Limits.weight.contains(weight) else {
            throw ValidationError("--weight is a number from 1 to 1000.")
        }
    }

    func input() throws -> [PrincipalID] {
        try principals.map { try PrincipalID(typed: $0, .principal) }
    }

    func run(at desk: MeetingDesk, _ ids: [PrincipalID], in session: Session) async throws {
        let isMember = roles.contains { $0.role == .member }
        let admissions = ids.map { id in
            Admission(
                principalID: id.text,
                roles: roles.map(\.role),
                weight: isMember ? weight : 0
            )
        }
        let response = try await desk.meetings.admitParticipants(
            AdmitParticipantsRequest(meetingID: desk.id.text, admissions: admissions)
        )
        let names = ids.map(\.text).joined(separator: ", ")
        try session.console.show(
            desk.done(
                "admit",
                names,
                response.commit,
                Phrase(
                    "admitted to \(desk.id): \(names)",
                    vi: "đã đưa vào thành phần tham dự \(desk.id): \(names)"
                ),
                facts: [.init("principals", .array(ids.map { .string($0.text) }))]
            )
        )
    }
}

/// `ecabinet meeting remove`.
struct MeetingRemoveCommand: DeskCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Removes a participant from a meeting. What it did in it stays in the log."
    )

    @Argument(help: "Whom to remove.")
    var principal: String

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func input() throws -> PrincipalID { try PrincipalID(typed: principal, .principal) }

    func run(at desk: MeetingDesk, _ id: PrincipalID, in session: Session) async throws {
        let response = try await desk.meetings.removeParticipant(
            RemoveParticipantRequest(meetingID: desk.id.text, principalID: id.text)
        )
        let phrase = Phrase(
            "\(id) takes no more part in \(desk.id)",
            vi: "\(id) không còn tham dự \(desk.id)"
        )
        try session.console.show(desk.done("remove", id.text, response.commit, phrase))
    }
}
