public import CabinetAPI
public import CabinetModel

// Who takes part, and who attends.

extension MeetingCommand {
    /// MeetingService.AdmitParticipants.
    ///
    /// - Parameter directory: What the directory says of a principal; `nil` where it knows none of
    ///   that name.
    /// - Throws: `Rejection.fieldInvalid` and `principalNotFound`, of the first admission that fails.
    public init(
        _ request: AdmitParticipantsRequest,
        directory: (PrincipalID) -> DirectoryFacts?
    ) throws(Rejection) {
        let meeting = try MeetingID(requested: request.meetingID)
        guard Limits.admissions.contains(request.admissions.count) else {
            throw .fieldInvalid(field: "admissions", rule: "there are 1 to 600")
        }
        var participants: [CabinetModel.Participant] = []
        participants.reserveCapacity(request.admissions.count)
        for (index, message) in request.admissions.enumerated() {
            let id: PrincipalID
            do {
                id = try field("principal_id", try PrincipalID(message.principalID))
            } catch {
                throw error.inside("admissions", at: index).rejection
            }
            guard let facts = directory(id) else { throw .principalNotFound(id) }
            do {
                participants.append(try Participant(id, message, facts))
            } catch {
                throw error.inside("admissions", at: index).rejection
            }
        }
        self.init(in: meeting, .admitParticipants(participants))
    }

    /// MeetingService.RemoveParticipant.
    public init(_ request: RemoveParticipantRequest) throws(Rejection) {
        try self.init(
            request.meetingID,
            .removeParticipant(try principal(request.principalID))
        )
    }

    /// MeetingService.CheckIn.
    public init(_ request: CheckInRequest) throws(Rejection) {
        try self.init(
            request.meetingID,
            .checkIn(
                try principalOrCaller(request.principalID),
                from: try field("place", try known(request.place))
            )
        )
    }

    /// MeetingService.CheckOut.
    public init(_ request: CheckOutRequest) throws(Rejection) {
        try self.init(
            request.meetingID,
            .checkOut(try principalOrCaller(request.principalID))
        )
    }

    /// MeetingService.RecordLeave.
    public init(_ request: RecordLeaveRequest) throws(Rejection) {
        try self.init(request.meetingID, .recordLeave(try principal(request.principalID)))
    }

    /// MeetingService.RecordAbsence.
    public init(_ request: RecordAbsenceRequest) throws(Rejection) {
        try self.init(request.meetingID, .recordAbsence(try principal(request.principalID)))
    }
}

private func principal(_ text: String) throws(InvalidField) -> PrincipalID {
    try field("principal_id", try PrincipalID(text))
}

private func principalOrCaller(_ text: String) throws(InvalidField) -> PrincipalID? {
    try field("principal_id", try PrincipalID.optional(text))
}

extension CabinetModel.Participant {
    /// What a meeting freezes of a principal that is admitted.
    fileprivate init(
        _ id: PrincipalID,
        _ admission: Admission,
        _ facts: DirectoryFacts
    ) throws(InvalidField) {
        let roles = try RoleSet(listed: admission.roles)
        guard roles.roles.allSatisfy(facts.roles.contains) else {
            throw InvalidField("roles", "they are among those of the principal in the directory")
        }
        let isMember = roles.contains(.member)
        guard isMember || admission.weight == 0 else {
            throw InvalidField("weight", "only a member has a weight")
        }
        let weight =
            admission.weight == 0 ? nil : try field("weight", try Weight(admission.weight))
        do {
            try self.init(
                id,
                displayName: facts.displayName,
                office: facts.office,
                roles: roles,
                weight: weight,
                keys: isMember ? facts.signingKeys : .empty
            )
        } catch {
            throw InvalidField("roles", error.rule)
        }
    }
}
