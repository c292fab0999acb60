public import CabinetAPI
public import CabinetModel

extension CabinetModel.MeetingEvent {
    /// What a message tells. An event of a kind that this version does not know tells nothing but that
    /// something happened.
    ///
    /// - Parameter sequenceNumber: From the frame.
    /// - Throws: ``InvalidField``.
    public init(
        _ message: CabinetAPI.MeetingEvent,
        sequenceNumber: UInt64
    ) throws(InvalidField) {
        self.init(
            sequenceNumber: sequenceNumber,
            time: try field("time_unix_ms", try Moment(unixMilliseconds: message.timeUnixMs)),
            body: try message.body.map { body throws(InvalidField) in try Body(body) } ?? .redacted
        )
    }
}

extension CabinetModel.MeetingEvent.Body {
    fileprivate init(_ message: CabinetAPI.MeetingEvent.Body) throws(InvalidField) {
        switch message {
        case .ballotRecorded(let message):
            self = try nested("ballot_recorded", try Self(message))
        case .tieAnnounced(let message):
            self = try nested("tie_announced", try Self(message))
        case .verdictAnnounced(let message):
            self = try nested("verdict_announced", try Self(message))
        default:
            guard let entry = message.entryMessage, let fact = try Fact(entry, in: .event) else {
                self = .redacted
                return
            }
            self = .fact(fact)
        }
    }

    private init(_ message: CabinetAPI.BallotRecorded) throws(InvalidField) {
        self = .ballotRecorded(
            try field("poll_id", try PollID(message.pollID)),
            try BallotRecorded(message)
        )
    }

    private init(_ message: TieAnnounced) throws(InvalidField) {
        self = .tieAnnounced(
            try field("poll_id", try PollID(message.pollID)),
            try field("choice", try known(message.choice))
        )
    }

    private init(_ message: VerdictAnnounced) throws(InvalidField) {
        self = .verdictAnnounced(
            try field("poll_id", try PollID(message.pollID)),
            try nested("verdict", try Verdict(required("", message.verdict))),
            try nested("roll_call", try RollCall(required("", message.rollCall)))
        )
    }
}

extension CabinetModel.BallotRecorded {
    /// The visibility shows in what is filled in.
    fileprivate init(_ message: CabinetAPI.BallotRecorded) throws(InvalidField) {
        if let tally = message.tally {
            guard message.memberID.isEmpty, message.mark == .unspecified else {
                throw InvalidField("tally", "no name is beside counts")
            }
            self = .counts(try nested("tally", try Tally(tally)))
            return
        }
        let member = try field("member_id", try PrincipalID(message.memberID))
        switch try nested("mark", try RollCall.Line(message.mark, message.place)) {
        case .notVoted: throw InvalidField("mark", "it is of a ballot")
        case .voted(let place): self = .nothing(member, from: place)
        case .named(let vote): self = .named(member, vote)
        }
    }
}
