import CabinetClientTexts
import CabinetMapping
import CabinetModel
import CabinetTexts

extension FailureReason {
    /// What happened and what to do next, with the commands of this program that do it.
    func advice(_ facts: [String: String], namingCommandsIn language: Language) -> Advice {
        let advice = advice(facts, in: language)
        let commands = commands(facts).map { "«ecabinet \($0)»" }
        guard !commands.isEmpty else { return advice }
        let title = language.text(vi: "Lệnh", en: commands.count == 1 ? "Command" : "Commands")
        return Advice(
            happened: advice.happened,
            next: "\(advice.next)\n\(title): \(commands.joined(separator: ", "))",
            detail: advice.detail
        )
    }

    /// The commands that say more, or do what is to be done next.
    private func commands(_ facts: [String: String]) -> [String] {
        switch self {
        case .principalUnknown, .administratorRequired:
            ["directory put", "directory certificate add"]
        case .principalNotFound: ["directory list", "directory put"]
        case .principalChanged, .certificateNotFound: ["directory show"]
        case .participantNotFound: ["attend list", "meeting admit"]
        case .meetingNotFound, .meetingExists: ["meeting list"]
        case .meetingNotScheduled, .meetingNotInRecess, .meetingNotOpen, .meetingAdjourned:
            meetingCommands(facts["state"])
        case .chairRequired: ["meeting admit"]
        case .quorumNotMet: ["attend list", "attend check-in"]
        case .notCheckedIn: ["attend check-in"]
        case .checkedIn: ["attend check-out"]
        case .agendaItemNotFound: ["agenda list"]
        case .agendaItemInUse: ["agenda list", "agenda move"]
        case .pollNotFound, .pollExists: ["poll list"]
        case .pollInProgress, .participantInUse: ["poll list", "poll close"]
        case .pollNotDecided, .pollNotDraft, .pollNotHeld, .pollFinished, .tieNotPending:
            ["poll show"]
        case .pollNotOpen: ["poll show", "receipt show"]
        case .ballotNotRevocable: ["receipt show"]
        case .chairSignatureRequired: ["vote --tie"]
        default: []
        }
    }

    /// - Parameter state: Of the meeting, where it came with the reason.
    private func meetingCommands(_ state: String?) -> [String] {
        if self == .meetingAdjourned { return ["ledger minutes", "ledger export"] }
        switch state.flatMap(MeetingPhase.Name.init(rawValue:)) {
        case .scheduled: return ["meeting open"]
        case .recess: return ["meeting resume"]
        case .adjourned: return ["ledger minutes", "ledger export"]
        default: return ["meeting show"]
        }
    }
}

extension Failure {
    /// A reason of `cabinet.v1`, in the words for people.
    ///
    /// - Parameter facts: The attributes that came with it.
    init(
        _ status: ExitStatus,
        _ reason: FailureReason,
        _ facts: [String: String],
        attributes: [JSONValue.Member]
    ) {
        self.init(status, reason.name, attributes: attributes) {
            reason.advice(facts, namingCommandsIn: $0)
        }
    }
}
