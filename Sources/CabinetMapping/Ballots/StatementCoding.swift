public import CabinetAPI
internal import CabinetCodec
public import CabinetModel

extension CabinetModel.BallotStatement {
    /// What signed bytes say.
    ///
    /// - Throws: `Rejection.statementInvalid` where they are longer than 512 bytes, cannot be parsed,
    ///   hold a field or a number of an enum that is not known, or a value out of its bounds.
    public init(serialized bytes: [UInt8]) throws(Rejection) {
        do {
            try self.init(parsing: bytes)
        } catch {
            throw .statementInvalid(rule: error.description)
        }
    }

    init(parsing bytes: [UInt8]) throws(InvalidField) {
        guard Limits.statementBytes.contains(bytes.count) else {
            throw InvalidField("", "a ballot statement has 1 to 512 bytes")
        }
        let message: CabinetAPI.BallotStatement
        do {
            message = try CabinetAPI.BallotStatement(serialized: bytes)
        } catch {
            throw InvalidField(path: error.path, rule: error.reason.description)
        }
        self.init(
            ballot: try field("ballot_id", try BallotID(message.ballotID)),
            meeting: try field("meeting_id", try MeetingID(message.meetingID)),
            poll: try field("poll_id", try PollID(message.pollID)),
            member: try field("member_id", try PrincipalID(message.memberID)),
            purpose: try Purpose(message),
            motionDigest: try field("motion_digest", try Digest(message.motionDigest)),
            rollDigest: try field("roll_digest", try Digest(message.rollDigest))
        )
    }
}

extension CabinetModel.BallotStatement.Purpose {
    fileprivate init(_ message: CabinetAPI.BallotStatement) throws(InvalidField) {
        switch message.purpose {
        case .vote:
            self = .vote(
                try field("choice", try known(message.choice)),
                try field("revision", try Revision(message.revision))
            )
        case .tie:
            guard message.revision == Revision.first.number else {
                throw InvalidField("revision", "it is 1 where the purpose is TIE")
            }
            self = .tie(try field("choice", try known(message.choice)))
        case .unspecified, .unrecognized:
            throw InvalidField("purpose", "it is VOTE or TIE")
        }
    }

    /// The purpose without the choice.
    public var message: BallotPurpose {
        switch self {
        case .vote: .vote
        case .tie: .tie
        }
    }
}

extension CabinetAPI.BallotStatement {
    init(_ statement: CabinetModel.BallotStatement) {
        self.init(
            ballotID: statement.ballot.bytes,
            meetingID: statement.meeting.text,
            pollID: statement.poll.text,
            memberID: statement.member.text,
            purpose: statement.purpose.message,
            motionDigest: statement.motionDigest.bytes,
            rollDigest: statement.rollDigest.bytes
        )
        switch statement.purpose {
        case .vote(let choice, let revision):
            self.choice = Choice(choice)
            self.revision = revision.number
        case .tie(let choice):
            self.choice = Choice(choice)
            revision = Revision.first.number
        }
    }
}
