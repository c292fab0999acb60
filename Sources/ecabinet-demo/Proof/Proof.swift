import CabinetClient
import CabinetLedger
import CabinetMapping
import CabinetModel
import CabinetTexts

/// The minutes are made of the log, and everything is verified from files alone: by this project's programs,
/// and by others that have none of their code.
struct Proof: Sendable {
    let show: Show
    let workspace: Workspace
    let tools: Tools
    /// The file with the authority that issued the members' certificates.
    let authorities: String

    /// - Returns: Where the minutes are.
    /// - Throws: ``DemoFailure`` for whatever does not verify.
    func verify(_ record: Record) async throws -> String {
        let key = try NoteVerifierKey(parsing: record.verifierKey)
        let minutes = try Minutes(of: record, key, in: show.language, workspace)
        show.say(
            Phrase(
                vi: "Biên bản đã được lập từ nhật ký: \(minutes.fileCount) tệp.",
                en: "The minutes are made of the log: \(minutes.fileCount) files."
            )
        )
        try compare(record, minutes.report)
        try await verifyByOurs(minutes.folder)
        try await verifyByOthers(minutes.folder, record)
        try await verifyByReadme(minutes.folder, record)
        try await verifyByOpenSSL(record)
        return minutes.folder
    }

    /// What everybody was told during the meeting is what the log says.
    private func compare(_ record: Record, _ report: AuditReport) throws {
        guard let poll = report.polls.first, report.polls.count == 1,
            poll.verdict == record.verdict, poll.castBallots == record.ballots.count,
            poll.countedBallots == record.ballots.count
        else {
            throw DemoFailure(
                vi: "nhật ký cho kết quả khác:\n\(report)",
                en: "the log has another result:\n\(report)"
            )
        }
        let entries = try Self.entries(of: record.log)
        for ballot in record.ballots {
            let index = ballot.receipt.index
            guard index < UInt64(entries.count), entries[Int(index)] == ballot.receipt.entry else {
                throw DemoFailure(
                    vi: "biên nhận của \(ballot.statement.member) không có trong nhật ký",
                    en: "the receipt of \(ballot.statement.member) is not of an entry of the log"
                )
            }
        }
        show.say(
            Phrase(
                vi:
                    "\(record.ballots.count) phiếu mà các thành viên có biên nhận đều có trong nhật ký, mỗi "
                    + "phiếu một lần; kết quả tính lại vẫn là: "
                    + record.verdict.figures(in: .vietnamese) + ".",
                en:
                    "The \(record.ballots.count) ballots that members have receipts of are in the log, each "
                    + "once. Computed again, the result is: "
                    + record.verdict.figures(in: .english) + "."
            )
        )
    }

    private static func entries(of log: [UInt8]) throws -> [[UInt8]] {
        var reader = LogFileReader()
        reader.append(log)
        var entries: [[UInt8]] = []
        while let entry = try reader.next() { entries.append(entry) }
        try reader.finish()
        return entries
    }

    private func verifyByOurs(_ folder: String) async throws {
        let outcome = try await Self.command(
            folder,
            tools,
            workspace,
            language: show.language
        ).run(in: workspace, outputAs: "ecabinet-verify")
        show.say(
            Phrase(vi: "Xác minh bằng ecabinet verify:", en: "Verified by ecabinet verify:")
        )
        show.quote(outcome.lines)
    }

    /// `ecabinet verify`, with the key that the operator has handed out.
    static func command(
        _ folder: String,
        _ tools: Tools,
        _ workspace: Workspace,
        language: Language
    ) -> Program {
        Program(
            tools.client,
            [
                "verify", folder, "--log-key", workspace.path("data/log-key.vkey"),
                "--language", language.rawValue,
            ],
            // No profile of who runs the demo has to do with it.
            environment: ["ECABINET_CONFIG_HOME": workspace.path(Profiles.folder)]
        )
    }

    private func verifyByOthers(_ folder: String, _ record: Record) async throws {
        let program = Program(tools.minutesVerifier, [folder, "--key", record.verifierKey])
        let outcome = try await program.run(in: workspace, outputAs: "verify-minutes")
        show.say(
            Phrase(
                vi: "Xác minh bằng chương trình Python, không dùng mã của máy chủ và máy khách:",
                en: "Verified by a program in Python, with no code of the server or its clients:"
            )
        )
        show.quote(outcome.lines)
    }

    /// What the minutes' own README tells an outsider to do, who has the operator's key and common tools.
    private func verifyByReadme(_ folder: String, _ record: Record) async throws {
        let readme = try ReadmeSteps(of: "\(folder)/README.md")
        try workspace.write(
            readme.script(in: folder, key: record.verifierKey).utf8,
            as: "readme.sh"
        )
        let outcome = try await Program(tools.bash, [workspace.path("readme.sh")])
            .run(in: workspace, outputAs: "readme")
        show.say(
            Phrase(
                vi:
                    "Kiểm tra bằng các lệnh ghi trong README.md của biên bản (openssl, sha256sum, python3):",
                en:
                    "Verified by the commands in the minutes' README.md (openssl, sha256sum, python3):"
            )
        )
        show.quote(try readme.passed(outcome.lines))
    }

    /// The chair's ballot, as a detached CMS file.
    private func verifyByOpenSSL(_ record: Record) async throws {
        guard let ballot = record.ballots.first else { return }
        let name = "ballots/\(ballot.statement.member)"
        _ = try workspace.makeFolder("ballots")
        let (signature, content) = try ballot.detachedSignature()
        try workspace.write(signature, as: "\(name).p7s")
        try workspace.write(content, as: "\(name).signed")
        let program = Program(
            tools.openssl,
            [
                "cms", "-verify", "-binary", "-inform", "DER",
                "-in", workspace.path("\(name).p7s"), "-content", workspace.path("\(name).signed"),
                "-CAfile", authorities, "-out", "/dev/null",
            ]
        )
        let outcome = try await program.run(in: workspace, outputAs: "openssl")
        show.say(
            Phrase(
                vi: "Chữ ký trên phiếu của \(ballot.statement.member), xác minh bằng OpenSSL:",
                en: "The signature of \(ballot.statement.member)'s ballot, verified by OpenSSL:"
            )
        )
        show.quote(["$ \(program.text)"] + outcome.lines)
    }
}
