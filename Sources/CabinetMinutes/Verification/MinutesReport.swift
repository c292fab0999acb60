public import CabinetLedger
public import CabinetMapping

/// The key that a log is verified with.
public enum MinutesKey: Hashable, Sendable {
    /// Of the log or of its installation, and known from elsewhere.
    case given(NoteVerifierKey)
    /// The one in the bundle: it shows that the bundle agrees with itself, and not whose it is.
    case ofBundle
}

/// What a verifier looked at, and what it found.
public struct MinutesReport: Sendable {
    /// One of the things that a verifier does.
    public enum Check: String, Hashable, Sendable, CaseIterable {
        /// There is nothing in the folder or the tar but regular files with names of minutes.
        case contents
        /// Each file is named in the manifest, and is what it says.
        case manifest
        /// The checkpoint is signed with the key, and every entry of the log verifies.
        case log
        /// Each file is the one that the log leads to, and none is missing.
        case files
        /// Each ballot's signature verifies, from the files alone.
        case ballots
    }

    /// How a check went.
    public enum Outcome: Hashable, Sendable {
        /// It found nothing wrong in so many things.
        case passed(Int)
        case failed
        /// It was not done, since one before it failed.
        case notDone
    }

    /// A check, and how it went.
    public struct Result: Hashable, Sendable {
        public let check: Check
        public let outcome: Outcome
    }

    /// What a reader has to know beside the findings.
    public enum Warning: Hashable, Sendable {
        /// The key came with the bundle: whoever made up the meeting would have made that as well.
        case keyOfBundle
        /// The log was restored from a copy, so many times.
        case restored(Int)
        /// The meeting is not adjourned.
        case provisional
    }

    /// In the order in which they were done.
    public internal(set) var checks: [Result] = []
    public internal(set) var warnings: [Warning] = []
    /// At most ``MinutesLimits/findings``.
    public internal(set) var findings: [MinutesFinding] = []
    /// Findings beyond that.
    public internal(set) var furtherFindings = 0
    /// What the log proves; `nil` where it does not verify.
    public internal(set) var audit: AuditReport?

    /// Whether nothing is wrong.
    public var isVerified: Bool { findings.isEmpty && audit != nil }
}

/// For people: what was done, and what is wrong.
extension MinutesReport: CustomStringConvertible {
    public var description: String {
        var lines = checks.map { result in
            let check = result.check
            return switch result.outcome {
            case .passed(let count): "passed    \(check.rawValue): \(count) \(check.counted)"
            case .failed: "FAILED    \(check.rawValue)"
            case .notDone: "not done  \(check.rawValue)"
            }
        }
        lines += warnings.map { "warning: \($0)" }
        lines += findings.map { "wrong: \($0)" }
        if furtherFindings > 0 { lines.append("and \(furtherFindings) more") }
        if isVerified, let audit { lines.append("\(audit)") }
        return lines.joined(separator: "\n")
    }
}

extension MinutesReport.Check {
    fileprivate var counted: String {
        switch self {
        case .contents, .manifest, .files: "files"
        case .log: "entries"
        case .ballots: "signatures"
        }
    }
}

extension MinutesReport.Warning: CustomStringConvertible {
    public var description: String {
        switch self {
        case .keyOfBundle:
            "the key of the log was taken from the minutes themselves: they agree with themselves, and "
                + "who made them is not shown. Verify with the key that the operator hands out"
        case .restored(let count):
            "the log was restored from a copy (times: \(count)); what was newest before may be lost"
        case .provisional:
            "the meeting is not adjourned: the minutes are provisional"
        }
    }
}
