import CabinetModel
import CabinetTLS
import CabinetTexts
import CommandSupport

/// What the demo has left, and what can be done with it.
struct NextSteps: Sendable {
    let show: Show
    let workspace: Workspace
    let tools: Tools
    let business: Business

    /// Keeps a profile of the client for some who were there, and says what to try.
    ///
    /// - Parameter minutes: Where the minutes are.
    func tell(
        _ record: Record,
        _ minutes: String,
        _ company: Company,
        _ pki: TrialPKI
    ) async throws {
        try await Profiles(workspace: workspace, client: tools.client).keep(company, pki, record)
        show.begin(Phrase(vi: "Xong", en: "Done"))
        show.say(
            Phrase(
                vi: "Mọi thứ đều đã được xác minh. Biên bản: \(minutes) và \(minutes).tar",
                en: "Everything has verified. The minutes are \(minutes) and \(minutes).tar"
            )
        )
        show.say(Phrase(vi: "Có thể thử tiếp:", en: "What to try next:"))
        for (what, command) in steps(record, minutes) {
            show.say(Phrase(vi: "  # " + what.vietnamese, en: "  # " + what.english))
            show.say(Phrase(vi: "  " + command, en: "  " + command))
        }
        show.say(
            Phrase(
                vi:
                    "Thư mục \(workspace.folder) có khóa dùng thử và cho biết ai bỏ phiếu thế nào; xóa đi "
                    + "khi không cần nữa.",
                en:
                    "\(workspace.folder) has the keys of the trial and says how everybody voted; remove it "
                    + "when you need it no more."
            )
        )
    }

    private func steps(_ record: Record, _ minutes: String) -> [(Phrase, String)] {
        let client = tools.client.shellWord
        let meeting = record.meeting.text
        return [
            (
                Phrase(vi: "đọc biên bản", en: "read the minutes"),
                "xdg-open \("\(minutes)/minutes.html".shellWord)"
            ),
            (
                Phrase(
                    vi: "xác minh lại, rồi thử sửa một tệp bất kỳ và xác minh lần nữa",
                    en: "verify them again; change any file, and once more"
                ),
                Proof.command(minutes, tools, workspace, language: show.language).text
            ),
            (
                Phrase(
                    vi: "cũng vậy, không dùng mã của máy chủ và máy khách",
                    en: "the same, with no code of the server or its clients"
                ),
                Program(tools.minutesVerifier, [minutes, "--key", record.verifierKey]).text
            ),
            (
                Phrase(
                    vi: "chạy lại máy chủ với dữ liệu này (Ctrl-C để dừng)",
                    en: "start the server on this data again (Ctrl-C stops it)"
                ),
                Program(
                    tools.server,
                    ["--config", workspace.path(ServerConfiguration.file)]
                ).text
            ),
            (
                Phrase(
                    vi: "trong cửa sổ khác: dùng các hồ sơ của bản trình diễn",
                    en: "in another terminal: use the profiles of the demo"
                ),
                "export ECABINET_CONFIG_HOME=\(workspace.path(Profiles.folder).shellWord)"
            ),
            (
                Phrase(vi: "xem bảng của phiên họp", en: "see the board of the meeting"),
                "\(client) watch \(meeting) --profile secretary"
            ),
            (
                Phrase(vi: "xem kết quả biểu quyết", en: "see the result of the vote"),
                "\(client) poll show \(record.poll) --meeting \(meeting) --roll-call --profile secretary"
            ),
            (
                Phrase(
                    vi: "xem biên nhận của một thành viên, không cần máy chủ",
                    en: "see the receipt of a member, for which no server is needed"
                ),
                "\(client) receipt list --profile \(Seats.unluckyID)"
            ),
        ]
    }
}
