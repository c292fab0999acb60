import ArgumentParser
import CabinetLedger
import Foundation

/// `ecabinet verify`.
struct VerifyCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verifies minutes, a log or a receipt from files alone. No server is asked.",
        discussion: """
            What the file is, it sees by itself: minutes that «ecabinet ledger minutes» made (the folder or \
            its .tar), a log that «ecabinet ledger export» wrote (.cabinet-log), or a receipt that «ecabinet \
            receipt export» wrote (.tlog-proof, with the .entry beside it).

            Of a log every command is decided once more by the rules of the meeting, every ballot verified \
            and counted, and everything compared; of minutes every file is made anew as well. The log's key \
            has to come from elsewhere than the files.
            """
    )

    @Argument(help: "The file or the folder.", completion: .file())
    var file: String

    @Option(
        help: ArgumentHelp(
            "Of a receipt, the entry, where it is not beside it.",
            valueName: "file"
        ),
        completion: .file(extensions: ["entry"])
    )
    var entry: String?

    @OptionGroup(title: "Trust") var trust: TrustOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        // A file that is not there is complained of before a key that it would be verified with.
        let kind = try Self.kind(of: file)
        let installation = try trust.installation()
        switch kind {
        case .minutes: try console.show(MinutesFolder.verify(file, in: installation))
        case .log:
            let report = try LogVerification(of: file, in: installation).report()
            try console.show(LogReport(path: file, report: report))
        case .receipt:
            try console.show(try ReceiptFile.verify(file, entry: entry, in: installation))
        }
    }

    private enum Kind {
        case minutes
        case log
        case receipt
    }

    private static func kind(of path: String) throws(Failure) -> Kind {
        if isFolder(path) { return .minutes }
        let beginning = try KeptCheckpoint.beginning(of: path)
        if beginning.starts(with: LogFile.magic) { return .log }
        if beginning.starts(with: ReceiptFile.magic) { return .receipt }
        if isTar(beginning) { return .minutes }
        throw Failure(unknownFile: path)
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    /// POSIX.1, pax: the magic of ustar.
    private static func isTar(_ beginning: [UInt8]) -> Bool {
        beginning.dropFirst(257).starts(with: Array("ustar".utf8))
    }
}

extension Failure {
    fileprivate init(unknownFile path: String) {
        self.init(
            .badData,
            "FILE_UNKNOWN",
            Phrase(
                "\(path) is neither minutes nor a log nor a receipt",
                vi: "\(path) không phải biên bản, nhật ký hay biên nhận"
            ),
            because: Phrase(
                "it begins as none of them does",
                vi: "phần đầu tệp không đúng dạng nào trong số đó"
            ),
            advice: Phrase(
                "name minutes, a .cabinet-log or a .tlog-proof; it may also have been changed",
                vi:
                    "hãy chọn biên bản, tệp .cabinet-log hoặc .tlog-proof; cũng có thể tệp đã bị sửa"
            )
        )
    }
}
