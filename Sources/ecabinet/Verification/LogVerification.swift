import CabinetClient
import CabinetLedger
import CabinetMapping
import CabinetModel
import CabinetTexts
import Foundation

/// A log in a file, verified without a server.
struct LogVerification {
    private let path: String
    /// What a person calls it.
    private let name: String
    private let installation: TrustedInstallation

    init(of path: String, named name: String? = nil, in installation: TrustedInstallation) {
        self.path = path
        self.name = name ?? path
        self.installation = installation
    }

    /// Decides every command of the log once more, and counts all ballots.
    ///
    /// - Throws: ``Failure`` where anything does not hold.
    func report() throws(Failure) -> AuditReport {
        let checkpoint = try LogCheckpoint.read(KeptCheckpoint.beginning(of: path), name)
        let origin = checkpoint.unverified.origin
        guard let log = installation.log(origin) else {
            throw Failure(otherInstallation: name, origin, installation)
        }
        let parts = try FileParts(path)
        let report: AuditReport
        do throws(AuditError) {
            report = try AuditReport(auditing: parts, logKey: log.key)
        } catch {
            if let unreadable = parts.failure { throw unreadable }
            throw Failure(unverifiedLog: name, error)
        }
        if let unreadable = parts.failure { throw unreadable }
        return report
    }
}

/// A file, part by part. Where it cannot be read on it ends, and says so.
private final class FileParts: Sequence, IteratorProtocol {
    private static let partBytes = 1 << 16

    private let path: String
    private let file: FileHandle
    private(set) var failure: Failure?

    init(_ path: String) throws(Failure) {
        self.path = path
        do {
            file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        } catch {
            throw Failure(cannotRead: path, error)
        }
    }

    func next() -> [UInt8]? {
        do {
            guard let part = try file.read(upToCount: Self.partBytes), !part.isEmpty else {
                return nil
            }
            return [UInt8](part)
        } catch {
            failure = Failure(cannotRead: path, error)
            return nil
        }
    }
}

extension Failure {
    /// A log that does not verify.
    init(unverifiedLog path: String, _ error: AuditError) {
        self.init(unverifiedLog: path, "\(error)", reason: "LOG_UNVERIFIED")
        if let index = error.index { attributes.append(.init("index", .unsigned(index))) }
    }

    init(unverifiedLog path: String, _ explanation: String, reason: String) {
        self.init(
            .badData,
            reason,
            Phrase("not verified: \(path)", vi: "không xác minh được: \(path)"),
            because: Phrase(technical: explanation),
            advice: Phrase(
                "do not rely on it; keep the file, and get the log anew from who holds it",
                vi: "đừng tin tệp này; hãy giữ lại, và lấy lại nhật ký từ nơi lưu giữ"
            ),
            attributes: [.init("file", .string(path))]
        )
    }
}

/// A log that was verified, as it is printed.
struct LogReport: Report {
    /// `nil` where the log is in no file of its own.
    let path: String?
    let report: AuditReport

    var json: JSONValue {
        let head = report.checkpoint.checkpoint
        return .object([
            .init("verified", .string("LOG")),
            .init("file", .optional(path)),
            .init("meeting_id", .string(report.log.meeting.text)),
            .init("origin", .string(head.origin.text)),
            .init("tree_size", .unsigned(head.treeSize)),
            .init("root_hash", .string("\(head.rootHash)")),
            .init("restorations", .integer(Int64(report.restorations))),
            .init("polls", .array(report.polls.map(\.json))),
        ])
    }

    func lines(_ style: Style, _ language: Language) -> [String] {
        let texts = language
        let head = report.checkpoint.checkpoint
        var facts = FactList()
        facts.add(texts.text(vi: "tệp", en: "file"), path)
        facts.add(texts.text(vi: "nhật ký", en: "log"), head.origin.text)
        facts.add(texts.text(vi: "số mục", en: "entries"), texts.number(head.treeSize))
        facts.add(texts.text(vi: "mã băm gốc", en: "root hash"), "\(head.rootHash)")
        if report.restorations > 0 {
            facts.add(
                texts.text(vi: "số lần khôi phục từ bản sao", en: "restored from a copy"),
                texts.number(report.restorations),
                .yellow
            )
        }
        for poll in report.polls { facts.add(poll.poll.text, poll.text(texts)) }
        let title = texts.text(
            vi: "đã xác minh: mọi chữ ký, mọi quyết định và mọi kết quả kiểm phiếu đều đúng",
            en: "verified: every signature, every decision and every count holds"
        )
        return [style.paint(title, .green, .bold)] + facts.lines(style)
    }
}

extension AuditReport.PollResult {
    fileprivate var json: JSONValue {
        .object([
            .init("poll_id", .string(poll.text)),
            .init("state", .string(state.jsonName)),
            .init("roll_members", .integer(Int64(roll.members))),
            .init("cast_ballots", .integer(Int64(castBallots))),
            .init("counted_ballots", .integer(Int64(countedBallots))),
            .init("verdict", verdict?.asJSON ?? .null),
        ])
    }

    fileprivate func text(_ texts: CabinetTexts.Language) -> String {
        let ballots = texts.count(castBallots, vi: "phiếu", one: "ballot", many: "ballots")
        return (verdict?.summary(in: texts) ?? state.text(in: texts)) + "; " + ballots
    }
}
