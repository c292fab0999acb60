import CabinetAPI
import CabinetCrypto
import CabinetMapping
import CabinetModel
import CabinetTexts

/// What the meeting is about.
struct Business: Sendable {
    let meeting: MeetingID
    let item: AgendaItemID
    let poll: PollID
    let title: String
    let itemTitle: String
    let motion: String
    /// The draft, which members had been sent before. Its words are made up; the log has its digest.
    let draft: [UInt8]
    /// The rule of the Law on Organization of the Government. Votes are by roll call: the board shows them by
    /// name as they come.
    let rule: CabinetModel.PollRule

    init(_ language: Language) throws {
        meeting = try MeetingID("2019-06-24")
        item = try AgendaItemID("identification")
        poll = try PollID("resolution")
        title = language.text(
            vi: "Phiên họp e-Cabinet đầu tiên, 24/6/2019 (diễn lại)",
            en: "First session of the e-Cabinet, 24 June 2019 (played again)"
        )
        itemTitle = language.text(
            vi: "Dự thảo Nghị quyết về định danh và xác thực điện tử",
            en: "Draft resolution on electronic identification and authentication"
        )
        motion = language.text(
            vi: "Thông qua dự thảo Nghị quyết về định danh và xác thực điện tử.",
            en:
                "That the draft resolution on electronic identification and authentication be adopted."
        )
        draft = Array(
            (language.text(
                vi: "\(itemTitle)\n\nVăn bản minh họa của bản trình diễn.",
                en: "\(itemTitle)\n\nA text made up for the demo."
            ) + "\n").utf8
        )
        rule = try CabinetModel.PollRule(visibility: .named)
    }

    static let draftFile = "draft-resolution.txt"

    var document: CabinetAPI.DocumentReference {
        CabinetAPI.DocumentReference(
            title: itemTitle,
            digest: SHA256.digest(of: draft).bytes,
            mediaType: "text/plain",
            sizeBytes: UInt64(draft.count)
        )
    }

    var message: CabinetAPI.PollRule { CabinetAPI.PollRule(rule) }
}
