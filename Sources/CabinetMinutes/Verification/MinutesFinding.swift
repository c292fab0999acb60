internal import CabinetMapping
public import CabinetModel
public import CabinetTexts

/// Names a signed statement of the log: a ballot, or the chair's choice in a tie.
public struct BallotReference: Hashable, Sendable {
    public let poll: PollID
    /// Who signed it.
    public let member: PrincipalID
    /// Its entry in the log.
    public let entry: UInt64

    public init(poll: PollID, member: PrincipalID, entry: UInt64) {
        self.poll = poll
        self.member = member
        self.entry = entry
    }
}

extension BallotReference {
    /// Which one, for people.
    public func text(in language: Language) -> String {
        language.text(
            vi: "phiếu của «\(member)» trong lần biểu quyết «\(poll)», mục \(entry)",
            en: "the ballot of «\(member)» in the poll «\(poll)», entry \(entry)"
        )
    }
}

extension BallotReference: CustomStringConvertible {
    public var description: String { text(in: .english) }
}

/// Something that is wrong with minutes, and where.
public struct MinutesFinding: Hashable, Sendable {
    /// What is wrong.
    public enum Problem: Hashable, Sendable {
        /// Something is in the folder that cannot be of minutes.
        case foreign(BundleContents.Foreign)
        /// A line of the manifest is none, by its number.
        case manifestLine(Int)
        /// The manifest does not name the file.
        case notInManifest
        /// The file is not what the manifest says.
        case digest
        /// The file is missing.
        case missing
        /// The file does not follow from the log.
        case unexpected
        /// The file is another than the one that the log leads to, from this line on.
        case differs(line: Int)
        /// The file with the options is of no format that is known.
        case options
        /// The key of the log in the bundle is none.
        case key
        /// The log does not verify, or there are no minutes of it.
        case log(MinutesError)
        /// An entry is not the same in the log file and in the list of entries.
        case entry(UInt64)
        /// The signature of a ballot does not verify with the key beside it.
        case signature
        /// A file of a ballot is that of another one.
        case otherBallot(BallotReference)
        /// The tar is of another folder, or of another time, than the log leads to.
        case tarHeaders
    }

    public let problem: Problem
    /// Where; `nil` where it is no file's.
    public let path: String?
    /// The ballot that it is about; `nil` where it is about none, or nobody can tell.
    public let ballot: BallotReference?

    init(_ problem: Problem, at path: String? = nil, ballot: BallotReference? = nil) {
        self.problem = problem
        self.path = path
        self.ballot = ballot
    }

    /// A name for programs, which stays the same.
    public var reason: String {
        switch problem {
        case .foreign: "FOREIGN_FILE"
        case .manifestLine: "MANIFEST_MALFORMED"
        case .notInManifest: "NOT_IN_MANIFEST"
        case .digest: "DIGEST_MISMATCH"
        case .missing: "FILE_MISSING"
        case .unexpected: "FILE_UNEXPECTED"
        case .differs: "FILE_DIFFERS"
        case .options: "FORMAT_UNKNOWN"
        case .key: "KEY_MALFORMED"
        case .log: "LOG_INVALID"
        case .entry: "ENTRY_DIFFERS"
        case .signature: "SIGNATURE_INVALID"
        case .otherBallot: "OTHER_BALLOT"
        case .tarHeaders: "TAR_HEADERS"
        }
    }

    /// The entry of the log at fault; `nil` where none can be named.
    public var entry: UInt64? {
        switch problem {
        case .entry(let index): index
        case .log(.log(let error)): error.index
        default: ballot?.entry
        }
    }
}

extension MinutesFinding {
    /// What is wrong and where, for people.
    public func text(in language: Language) -> String {
        let place = path.map { "\(printable($0)): " } ?? ""
        let about = ballot.map { " (\($0.text(in: language)))" } ?? ""
        return place + problem.text(in: language) + about
    }
}

extension MinutesFinding: CustomStringConvertible {
    public var description: String { text(in: .english) }
}

extension MinutesFinding.Problem {
    fileprivate func text(in language: Language) -> String {
        switch self {
        case .foreign(let foreign): foreign.text(in: language)
        case .manifestLine(let number):
            language.text(
                vi: "dòng \(number) không phải dòng của manifest",
                en: "line \(number) is no line of a manifest"
            )
        case .notInManifest:
            language.text(
                vi: "không được nêu trong manifest",
                en: "the manifest does not name it"
            )
        case .digest:
            language.text(
                vi: "khác với những gì manifest ghi",
                en: "it is not what the manifest says"
            )
        case .missing: language.text(vi: "bị thiếu", en: "it is missing")
        case .unexpected:
            language.text(
                vi: "không có gì trong nhật ký dẫn đến tệp này",
                en: "nothing in the log leads to it"
            )
        case .differs(let line):
            language.text(
                vi: "khác với những gì lập ra từ nhật ký, từ dòng \(line)",
                en: "it is not what the log leads to, from line \(line) on"
            )
        case .options:
            language.text(
                vi: "không rõ định dạng: do phiên bản khác lập ra, hoặc đã bị sửa",
                en: "its format is not known: it was made by another version, or changed"
            )
        case .key:
            language.text(vi: "không phải khóa xác minh", en: "it is no verifier key")
        case .log(let error): error.text(in: language)
        case .entry(let index):
            language.text(
                vi:
                    "mục \(index) trong ledger/meeting.cabinet-log và ledger/entries.jsonl khác nhau",
                en: "entry \(index) is not the same in ledger/meeting.cabinet-log and "
                    + "ledger/entries.jsonl"
            )
        case .signature:
            language.text(
                vi: "chữ ký không đúng với khóa bên cạnh",
                en: "the signature does not verify with the key beside it"
            )
        case .otherBallot(let other):
            language.text(
                vi: "đó là tệp của \(other.text(in: language))",
                en: "it is that of \(other.text(in: language))"
            )
        case .tarHeaders:
            language.text(
                vi: "thư mục hoặc thời điểm trong tar khác với những gì nhật ký dẫn đến",
                en: "the folder or the time in the tar is not what the log leads to"
            )
        }
    }
}
