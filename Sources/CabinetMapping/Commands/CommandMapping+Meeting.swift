public import CabinetAPI
public import CabinetModel

// The life of a meeting.

/// What the server chooses for a log that begins.
public struct NewLog: Hashable, Sendable {
    public let origin: LogOrigin
    public let publicKey: LogPublicKey
    public let epoch: Epoch

    public init(origin: LogOrigin, publicKey: LogPublicKey, epoch: Epoch) {
        self.origin = origin
        self.publicKey = publicKey
        self.epoch = epoch
    }
}

extension MeetingCommand {
    /// MeetingService.ScheduleMeeting.
    ///
    /// - Parameters:
    ///   - log: Of the new meeting.
    ///   - caller: What the directory says of the caller, who becomes secretary.
    public init(
        _ request: ScheduleMeetingRequest,
        log: NewLog,
        caller: DirectoryFacts
    ) throws(Rejection) {
        try self.init(
            request.meetingID,
            .scheduleMeeting(try ScheduleMeeting(request, log: log, caller: caller))
        )
    }

    /// MeetingService.OpenMeeting.
    public init(_ request: OpenMeetingRequest) throws(Rejection) {
        try self.init(request.meetingID, .openMeeting)
    }

    /// MeetingService.StartRecess.
    public init(_ request: StartRecessRequest) throws(Rejection) {
        try self.init(request.meetingID, .startRecess)
    }

    /// MeetingService.ResumeMeeting.
    public init(_ request: ResumeMeetingRequest) throws(Rejection) {
        try self.init(request.meetingID, .resumeMeeting)
    }

    /// MeetingService.AdjournMeeting.
    public init(_ request: AdjournMeetingRequest) throws(Rejection) {
        try self.init(request.meetingID, .adjournMeeting)
    }
}

extension ScheduleMeeting {
    fileprivate init(
        _ request: ScheduleMeetingRequest,
        log: NewLog,
        caller: DirectoryFacts
    ) throws(InvalidField) {
        let meeting = try field("meeting_id", try MeetingID(request.meetingID))
        self.init(
            log: LogOpened(
                meeting: meeting,
                origin: log.origin,
                publicKey: log.publicKey,
                epoch: log.epoch
            ),
            title: try field("title", try Title(request.title, from: .request)),
            scheduled: try field(
                "scheduled_unix_ms",
                try Moment(unixMilliseconds: request.scheduledUnixMs)
            ),
            defaultRule: try nested("default_rule", try rule(request.defaultRule)),
            secretaryName: caller.displayName,
            secretaryOffice: caller.office
        )
    }
}

/// A rule that may be left out.
func rule(_ message: CabinetAPI.PollRule?) throws(InvalidField) -> CabinetModel.PollRule? {
    try message.map { message throws(InvalidField) in try PollRule(message) }
}
