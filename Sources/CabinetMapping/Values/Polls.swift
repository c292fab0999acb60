public import CabinetAPI
public import CabinetModel

extension CabinetAPI.Poll {
    /// A poll as an audience may see it.
    ///
    /// - Parameter standing: The counts as they stand, as far as they may be seen, of the poll in
    ///   progress; `nil` for every other.
    public init(_ poll: CabinetModel.Poll, standing: Standing?) {
        self.init(
            pollID: poll.id.text,
            agendaItemID: poll.agendaItem.text,
            state: PollState(poll.state),
            motion: poll.motion.bytes,
            motionDigest: poll.motion.digest.bytes,
            rule: PollRule(poll.rule),
            rollDigest: poll.opening?.rollDigest.bytes ?? [],
            rollPartCount: poll.opening?.rollPartCount ?? 0,
            openedUnixMs: (poll.opening?.moment).unixMilliseconds,
            closesUnixMs: poll.closesAt.unixMilliseconds,
            remainingMs: poll.remainingMilliseconds ?? 0,
            closedUnixMs: (poll.closing?.moment).unixMilliseconds,
            closeCause: PollCloseCause(poll.closing?.cause),
            verdict: poll.verdict.map { Verdict($0) } ?? standing.map { Verdict($0) },
            voidReason: poll.voidReason?.value ?? "",
            chairID: poll.opening?.chair.text ?? ""
        )
    }
}

extension CabinetModel.Poll {
    fileprivate var remainingMilliseconds: UInt32? {
        if case .held(_, let remaining) = stage { remaining } else { nil }
    }

    fileprivate var voidReason: Explanation? {
        if case .voided(_, _, let reason) = stage { reason } else { nil }
    }

    /// A poll without the counts of one in progress, which its verdict holds: `Standing`.
    ///
    /// - Throws: ``InvalidField``, also where the motion does not have the digest that is given.
    public init(_ message: CabinetAPI.Poll) throws(InvalidField) {
        self.init(
            try field("poll_id", try PollID(message.pollID)),
            agendaItem: try field("agenda_item_id", try AgendaItemID(message.agendaItemID)),
            motion: try Motion(message.motion, digest: message.motionDigest),
            rule: try nested("rule", try PollRule(required("", message.rule))),
            stage: try Stage(message)
        )
    }
}

extension CabinetModel.Poll.Stage {
    fileprivate init(_ message: CabinetAPI.Poll) throws(InvalidField) {
        switch message.state {
        case .draft:
            self = .draft
        case .open:
            self = .open(
                try opening(message),
                closesAt: try field("closes_unix_ms", try Moment.optional(message.closesUnixMs))
            )
        case .held:
            self = .held(
                try opening(message),
                remainingMilliseconds: message.remainingMs == 0 ? nil : message.remainingMs
            )
        case .closed:
            self = .closed(try opening(message), try closing(message))
        case .decided:
            let verdict = try nested("verdict", try Verdict(required("", message.verdict)))
            self = .decided(try opening(message), try closing(message), verdict)
        case .voided:
            self = .voided(
                message.openedUnixMs == 0 ? nil : try opening(message),
                message.closedUnixMs == 0 ? nil : try closing(message),
                reason: try field("void_reason", try Explanation(message.voidReason))
            )
        case .unspecified, .unrecognized:
            throw InvalidField("state", "the value is one that the schema knows and allows here")
        }
    }
}

private func opening(
    _ message: CabinetAPI.Poll
) throws(InvalidField) -> CabinetModel.Poll.Opening {
    guard Limits.rollParts.contains(Int(clamping: message.rollPartCount)) else {
        throw InvalidField("roll_part_count", "a roll has 1 to 16 parts")
    }
    return CabinetModel.Poll.Opening(
        moment: try field(
            "opened_unix_ms",
            try Moment(unixMilliseconds: message.openedUnixMs)
        ),
        rollDigest: try field("roll_digest", try Digest(message.rollDigest)),
        rollPartCount: message.rollPartCount,
        chair: try field("chair_id", try PrincipalID(message.chairID))
    )
}

private func closing(
    _ message: CabinetAPI.Poll
) throws(InvalidField) -> CabinetModel.Poll.Closing {
    CabinetModel.Poll.Closing(
        moment: try field(
            "closed_unix_ms",
            try Moment(unixMilliseconds: message.closedUnixMs)
        ),
        cause: try field("close_cause", try known(message.closeCause))
    )
}
