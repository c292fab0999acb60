import CabinetClient
import CabinetLedger
import CabinetMinutes
import CabinetModel
import CabinetTexts

/// Minutes in a folder or a tar, verified without a server.
enum MinutesFolder {
    /// - Throws: ``Failure``, with every finding, where anything does not hold.
    static func verify(
        _ path: String,
        in installation: TrustedInstallation
    ) throws(Failure) -> VerifiedMinutesReport {
        let contents: BundleContents
        do throws(MinutesFileError) {
            contents = try MinutesFiles.read(path)
        } catch {
            throw error.failure
        }
        let report = MinutesReport(verifying: contents, key: .given(installation.key))
        guard report.isVerified else { throw Failure(unverified: path, report) }
        return VerifiedMinutesReport(path: path, report: report)
    }
}

extension Failure {
    /// Findings that a person is shown; the others are counted, and all are in the JSON.
    private static let shownFindings = 10

    fileprivate init(unverified path: String, _ report: MinutesReport) {
        let further = report.findings.count - Self.shownFindings + report.furtherFindings
        func shown(_ language: CabinetTexts.Language) -> String {
            report.findings.prefix(Self.shownFindings).map { $0.text(in: language) }
                .joined(separator: "\n")
        }
        self.init(
            .badData,
            "MINUTES_UNVERIFIED",
            Phrase("not verified: \(path)", vi: "không xác minh được: \(path)"),
            because: Phrase(
                shown(.english) + (further > 0 ? "\nand \(further) more" : ""),
                vi: shown(.vietnamese) + (further > 0 ? "\nvà \(further) lỗi khác" : "")
            ),
            advice: Phrase(
                "do not rely on them; keep them, and get the minutes anew from who made them",
                vi: "đừng tin biên bản này; hãy giữ lại, và lấy lại biên bản từ nơi lập ra"
            ),
            attributes: [
                .init("file", .string(path)),
                .init("findings", .array(report.findings.map(\.json))),
            ]
        )
    }
}

extension MinutesFinding {
    fileprivate var json: JSONValue {
        .object([
            .init("reason", .string(reason)),
            .init("path", .optional(path)),
            .init("entry", entry.map { .unsigned($0) } ?? .null),
            .init("poll_id", .optional(ballot?.poll.text)),
            .init("member_id", .optional(ballot?.member.text)),
            .init("explanation", .string(description)),
        ])
    }
}

/// Minutes that were verified, as they are printed.
struct VerifiedMinutesReport: Report {
    let path: String
    let report: MinutesReport

    var json: JSONValue {
        .object([
            .init("verified", .string("MINUTES")),
            .init("file", .string(path)),
            .init("warnings", .array(report.warnings.map { .string($0.jsonName) })),
            .init("log", report.audit.map { LogReport(path: nil, report: $0).json } ?? .null),
        ])
    }

    func lines(_ style: Style, _ language: Language) -> [String] {
        let texts = language
        var facts = FactList()
        facts.add(texts.text(vi: "biên bản", en: "minutes"), path, .bold)
        for result in report.checks {
            guard case .passed(let count) = result.outcome else { continue }
            facts.add(result.check.text(texts), texts.number(count), .green)
        }
        for warning in report.warnings {
            facts.add(texts.text(vi: "lưu ý", en: "note"), warning.text(texts), .yellow)
        }
        let log = report.audit.map { LogReport(path: nil, report: $0).lines(style, language) } ?? []
        return facts.lines(style) + [""] + log
    }
}

extension MinutesReport.Check {
    /// What was looked at, before how many.
    fileprivate func text(_ texts: CabinetTexts.Language) -> String {
        switch self {
        case .contents: texts.text(vi: "tệp của biên bản", en: "files of minutes")
        case .manifest: texts.text(vi: "tệp khớp bản kê", en: "files as in the manifest")
        case .log: texts.text(vi: "mục nhật ký đúng", en: "entries that hold")
        case .files: texts.text(vi: "tệp khớp nhật ký", en: "files that follow from the log")
        case .ballots: texts.text(vi: "chữ ký trên phiếu đúng", en: "signatures of ballots")
        }
    }
}

extension MinutesReport.Warning {
    fileprivate var jsonName: String {
        switch self {
        case .keyOfBundle: "KEY_OF_BUNDLE"
        case .restored: "RESTORED"
        case .provisional: "PROVISIONAL"
        }
    }

    fileprivate func text(_ texts: CabinetTexts.Language) -> String {
        switch self {
        case .keyOfBundle:
            texts.text(vi: "khóa lấy từ chính biên bản", en: "the key is the one in the minutes")
        case .restored(let count):
            texts.text(
                vi: "nhật ký đã được khôi phục từ bản sao \(count) lần",
                en: "the log was restored from a copy, \(count) times"
            )
        case .provisional:
            texts.text(
                vi: "phiên họp chưa bế mạc, biên bản là tạm thời",
                en: "the meeting is not adjourned: the minutes are provisional"
            )
        }
    }
}

extension TrustedInstallation {
    /// What the operator hands out.
    var key: NoteVerifierKey { NoteVerifierKey(name: name, publicKey: publicKey) }
}
