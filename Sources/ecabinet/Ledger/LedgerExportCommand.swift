import ArgumentParser
import CabinetAPI
import CabinetClient
import CabinetLedger
import CabinetMapping
import CabinetModel
import CabinetRPC

/// `ecabinet ledger export`.
struct LedgerExportCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract:
            "Writes the whole log into a file, and verifies it. For auditors of the directory.",
        discussion: """
            The file has all entries under one signed checkpoint (proto/log-file.md), and needs no server any \
            more: «ecabinet verify» and scripts/verify-log read it. It is there under its name when all of it \
            is on the disk and verifies, and goes on from all that this profile saw of it. It says how \
            everybody voted: keep it as you keep the minutes.

            A log that does not is evidence: it is written beside it, under the name with .unverified behind \
            it, and replaces nothing.
            """
    )

    @Argument(help: "The file to write, as 2019-06-24.cabinet-log.", completion: .file())
    var file: String

    @Flag(help: "Replace a file that is there.")
    var force = false

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            let installation = try session.installation()
            let newFile = try NewFile(file, replaces: force)
            let export = LogExport(of: desk.id, in: installation, over: session.rpc)
            let checkpoint = try await export.read {
                try newFile.write($0)
            }
            try newFile.synchronize()
            let report: AuditReport
            do {
                report = try LogVerification(of: newFile.unfinished, named: file, in: installation)
                    .report()
                try await session.compare(checkpoint, of: desk.id, in: installation)
            } catch {
                try keepAside(newFile, console)
                throw error
            }
            try newFile.finish()
            try console.show(LogReport(path: file, report: report))
        }
    }

    private func keepAside(_ newFile: NewFile, _ console: Console) throws(Failure) {
        // Whoever stops the program wants nothing of it.
        guard !Task.isCancelled else { return }
        let path = try newFile.finishAside(ending: "unverified")
        console.note(Phrase("what has come is in \(path)", vi: "dữ liệu đã nhận ở trong \(path)"))
    }
}
