public import CabinetAPI
public import CabinetCrypto
public import CabinetModel

// Polls and ballots.

extension MeetingCommand {
    /// VotingService.CreatePoll. The motion is serialized here, once.
    public init(_ request: CreatePollRequest) throws(Rejection) {
        try self.init(
            request.meetingID,
            .createPoll(
                CreatePoll(
                    try poll(request.pollID),
                    agendaItem: try field(
                        "agenda_item_id",
                        try AgendaItemID(request.agendaItemID)
                    ),
                    motion: try nested(
                        "motion",
                        try Motion(serializing: required("", request.motion))
                    ),
                    rule: try nested("rule", try rule(request.rule))
                )
            )
        )
    }

    /// VotingService.OpenPoll, without the roll: ``CabinetModel/Command/withRoll(of:)``.
    public init(_ request: OpenPollRequest) throws(Rejection) {
        try self.init(
            request.meetingID,
            .openPoll(
                try poll(request.pollID),
                roll: nil,
                duration: request.durationMs == 0
                    ? nil
                    : try field(
                        "duration_ms",
                        try PollDuration(milliseconds: request.durationMs)
                    )
            )
        )
    }

    /// VotingService.HoldPoll.
    public init(_ request: HoldPollRequest) throws(Rejection) {
        try self.init(request.meetingID, .holdPoll(try poll(request.pollID)))
    }

    /// VotingService.ResumePoll.
    public init(_ request: ResumePollRequest) throws(Rejection) {
        try self.init(request.meetingID, .resumePoll(try poll(request.pollID)))
    }

    /// VotingService.ClosePoll.
    public init(_ request: ClosePollRequest) throws(Rejection) {
        try self.init(request.meetingID, .closePoll(try poll(request.pollID)))
    }

    /// VotingService.VoidPoll.
    public init(_ request: VoidPollRequest) throws(Rejection) {
        try self.init(
            request.meetingID,
            .voidPoll(
                try poll(request.pollID),
                reason: try field("reason", try Explanation(request.reason, from: .request))
            )
        )
    }

    /// VotingService.CastBallot. The signature is verified, which takes its time.
    ///
    /// - Throws: As `VerifiedBallot.init(verifying:as:commandKey:parseCertificate:)`.
    public init(
        _ request: CastBallotRequest,
        commandKey: CommandKey,
        parseCertificate: ([UInt8]) throws(KeyError) -> SignerCertificate = {
            bytes throws(KeyError) in
            try SignerCertificate(der: bytes)
        }
    ) throws(Rejection) {
        let ballot = try VerifiedBallot(
            verifying: request.ballot,
            as: .vote,
            commandKey: commandKey,
            parseCertificate: parseCertificate
        )
        self.init(in: ballot.statement.meeting, .castBallot(ballot))
    }

    /// VotingService.DecideTie. The signature is verified, which takes its time.
    ///
    /// - Throws: As `VerifiedBallot.init(verifying:as:commandKey:parseCertificate:)`.
    public init(
        _ request: DecideTieRequest,
        commandKey: CommandKey,
        parseCertificate: ([UInt8]) throws(KeyError) -> SignerCertificate = {
            bytes throws(KeyError) in
            try SignerCertificate(der: bytes)
        }
    ) throws(Rejection) {
        let ballot = try VerifiedBallot(
            verifying: request.ballot,
            as: .tie,
            commandKey: commandKey,
            parseCertificate: parseCertificate
        )
        self.init(in: ballot.statement.meeting, .decideTie(ballot))
    }
}

private func poll(_ text: String) throws(InvalidField) -> PollID {
    try field("poll_id", try PollID(text))
}

extension Command {
    /// The command with what only the sequencer can add, in the same step in which it decides: the
    /// roll of a poll that opens, serialized and hashed. Any other command is returned as it is.
    ///
    /// - Complexity: O(*n*) in the members.
    public func withRoll(of state: CabinetModel.MeetingState) -> Command {
        guard case .openPoll(let id, nil, let duration) = self else { return self }
        // A roll of members always fits; if it did not, the poll would be refused for want of it.
        let roll = state.rollOfMembers.flatMap { try? FrozenRoll(freezing: $0) }
        return .openPoll(id, roll: roll, duration: duration)
    }

    /// The poll that the command is about; `nil` where it is about none.
    public var poll: PollID? {
        switch self {
        case .createPoll(let request): request.id
        case .openPoll(let id, _, _), .holdPoll(let id), .resumePoll(let id), .closePoll(let id),
            .voidPoll(let id, _), .timeIsUp(let id):
            id
        case .castBallot(let ballot), .decideTie(let ballot): ballot.statement.poll
        default: nil
        }
    }
}
