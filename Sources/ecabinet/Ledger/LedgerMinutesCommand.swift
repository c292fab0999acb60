import ArgumentParser
import CabinetClient
import CabinetMapping
import CabinetMinutes
import CabinetModel
import CabinetTexts
import CommandSupport
import Foundation

/// `ecabinet ledger minutes`.
struct LedgerMinutesCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "minutes",
        abstract:
            "Makes the minutes of a meeting of its log: for people, and verifiable by anybody.",
        discussion: """
            The folder has the minutes as a page, each poll with its result and ballots, the whole log, and a \
            README that says how to verify all of it with common tools. They are in --language, with times \
            of your zone.

            The log is exported, which takes an auditor who takes no part in the meeting, and has to go on \
            from all that this profile saw of it. Or it is read from a file that «ecabinet ledger export» \
            wrote, with --log: no server is asked then, and nothing is compared with what was seen.
            """
    )

    @Argument(help: "The folder to make.", completion: .directory)
    var folder: String

    @Option(
        help: ArgumentHelp("The log, where it has been exported before.", valueName: "file"),
        completion: .file(extensions: ["cabinet-log"])
    )
    var log: String?

    @Flag(help: "Write a tar of it beside the folder as well.")
    var tar = false

    @Flag(help: "Replace minutes that are there and that nobody has changed.")
    var force = false

    @OptionGroup var meeting: MeetingOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        if let log {
            let settings = try ConnectionSettings(connection)
            let installation = try TrustedInstallation(keyOrFile: settings.logKey())
            let bytes = try Files.read(log, atMost: MinutesLimits.logBytes)
            let bundle = try bundle(of: bytes, in: installation, console.language)
            return try console.show(write(bundle, installation, isCompared: false))
        }
        try await connection.withSession(console) { session in
            let desk = try await session.desk(meeting.meeting)
            let installation = try session.installation()
            var bytes: [UInt8] = []
            let export = LogExport(of: desk.id, in: installation, over: session.rpc)
            let checkpoint = try await export.read { part in
                bytes += part
                guard bytes.count <= MinutesLimits.logBytes else {
                    throw Failure(noMinutes: .logTooLong(byteCount: bytes.count))
                }
            }
            let bundle = try bundle(of: bytes, in: installation, console.language)
            try await session.compare(checkpoint, of: desk.id, in: installation)
            try console.show(write(bundle, installation, isCompared: true))
        }
    }

    /// Makes the minutes of a log that verifies.
    private func bundle(
        of log: [UInt8],
        in installation: TrustedInstallation,
        _ language: Language
    ) throws(Failure) -> MinutesBundle {
        do throws(MinutesError) {
            return try MinutesBundle(
                of: log,
                key: installation.key,
                options: MinutesOptions(
                    language: language == .vietnamese ? .vietnamese : .english,
                    utcOffset: Self.offset
                )
            )
        } catch {
            throw Failure(noMinutes: error)
        }
    }

    private func write(
        _ bundle: MinutesBundle,
        _ installation: TrustedInstallation,
        isCompared: Bool
    ) throws(Failure) -> WrittenMinutesReport {
        let path = URL(fileURLWithPath: folder).standardizedFileURL.path
        do throws(MinutesFileError) {
            let unfinished = UnfinishedFiles.shared.minutes
            let writer = MinutesWriter(replacesMinutes: force, unfinished: unfinished)
            try writer.write(bundle, folder: path, withTar: tar)
        } catch {
            throw error.failure
        }
        return WrittenMinutesReport(
            bundle: bundle,
            folder: path,
            hasTar: tar,
            comparable: isCompared ? nil : log,
            installation: installation
        )
    }

    /// Of the user's zone now; that of Hà Nội where it is no quarter of an hour.
    private static var offset: UTCOffset {
        UTCOffset(minutes: TimeZone.current.secondsFromGMT() / 60) ?? .vietnam
    }
}

extension Failure {
    fileprivate init(noMinutes error: MinutesError) {
        let isUnverified =
            switch error {
            case .log, .otherInstallation: true
            default: false
            }
        self.init(
            .badData,
            isUnverified ? "LOG_UNVERIFIED" : "NO_MINUTES",
            Phrase(
                "there are no minutes of this log",
                vi: "không lập được biên bản từ nhật ký này"
            ),
            because: Phrase(error.text(in: .english), vi: error.text(in: .vietnamese)),
            advice: isUnverified
                ? Phrase(
                    "do not rely on it; get the log anew from who holds it",
                    vi: "đừng tin nhật ký này; hãy lấy lại từ nơi lưu giữ"
                ) : nil
        )
    }
}

extension MinutesFileError: FailureConvertible {
    private var phrase: Phrase { Phrase(text(in: .english), vi: text(in: .vietnamese)) }

    var failure: Failure {
        switch self {
        case .exists, .notMinutes:
            Failure(
                .cannotWrite,
                "FILE_EXISTS",
                phrase,
                advice: Phrase(
                    "take another name; --force replaces minutes, and nothing else",
                    vi: "hãy chọn tên khác; --force chỉ thay thế biên bản cũ"
                )
            )
        case .foreignFile, .changedFile:
            Failure(
                .cannotWrite,
                "FILE_EXISTS",
                phrase,
                advice: Phrase(
                    "move it away, or take another name; --force replaces minutes, and nothing else",
                    vi: "hãy chuyển nó đi, hoặc chọn tên khác; --force chỉ thay thế biên bản cũ"
                )
            )
        case .leftBehind:
            Failure(
                .cannotWrite,
                "FILE_EXISTS",
                phrase,
                advice: Phrase(
                    "look into it, and move it to where it belongs",
                    vi: "hãy xem trong đó có gì, và chuyển về đúng chỗ"
                )
            )
        case .diskFull:
            Failure(
                .cannotWrite,
                "FILE_UNWRITABLE",
                phrase,
                advice: Phrase(
                    "make room on the disk, or take another; nothing was left on it",
                    vi: "hãy giải phóng ổ đĩa hoặc chọn ổ khác; không có gì dở dang được để lại"
                )
            )
        case .system(.open, let path, let code), .system(.read, let path, let code):
            Failure(cannotRead: path, POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO))
        case .system(_, let path, let code):
            Failure(cannotWrite: path, POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO))
        case .unusable:
            Failure(.usage, "PATH", phrase)
        case .tooLarge, .tar, .bundle:
            Failure(
                .badData,
                "MINUTES_MALFORMED",
                Phrase("these are no minutes", vi: "đây không phải biên bản"),
                because: phrase
            )
        }
    }
}

/// Minutes that were written, as they are printed.
private struct WrittenMinutesReport: Report {
    let bundle: MinutesBundle
    let folder: String
    let hasTar: Bool
    /// The file of the log, where it was not compared with what was seen of the log.
    let comparable: String?
    /// Whose key verified the log.
    let installation: TrustedInstallation

    private var tar: String? { hasTar ? folder + ".tar" : nil }

    var json: JSONValue {
        .object([
            .init("minutes", .string(folder)),
            .init("tar", .optional(tar)),
            .init("file_count", .integer(Int64(bundle.files.count))),
            .init("meeting_id", .string(bundle.report.log.meeting.text)),
            .init("history_compared", .bool(comparable == nil)),
            .init("log", LogReport(path: nil, report: bundle.report).json),
        ])
    }

    func lines(_ style: Style, _ language: Language) -> [String] {
        let texts = language
        var facts = FactList()
        facts.add(texts.text(vi: "biên bản", en: "minutes"), folder, .bold)
        facts.add("tar", tar)
        facts.add(
            texts.text(vi: "gồm", en: "files"),
            texts.count(bundle.files.count, vi: "tệp", one: "file", many: "files")
        )
        facts.add(texts.text(vi: "lịch sử", en: "history"), history(texts))
        facts.add(texts.text(vi: "đọc", en: "to read"), "\(folder)/minutes.html")
        facts.add(
            texts.text(vi: "để xác minh", en: "to verify"),
            ToldCommand.verify(folder, installation)
        )
        return facts.lines(style) + [""]
            + LogReport(path: nil, report: bundle.report).lines(style, language)
    }

    private func history(_ texts: CabinetTexts.Language) -> String {
        guard let comparable else {
            return texts.text(
                vi: "nối tiếp mọi điều hồ sơ này đã thấy của nhật ký",
                en: "goes on from all that this profile saw of the log"
            )
        }
        let command = "ecabinet ledger compare \(comparable.shellWord)"
        return texts.text(
            vi: "chưa đối chiếu với nhật ký trên máy chủ: «\(command)» làm việc đó",
            en: "not compared with the log of the server: «\(command)» does that"
        )
    }
}
