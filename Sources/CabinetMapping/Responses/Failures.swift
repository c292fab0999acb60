public import CabinetAPI
public import CabinetCodec
public import CabinetModel
public import CabinetRPC

extension RPCError {
    /// A failure with a reason of `cabinet.v1`.
    ///
    /// - Parameters:
    ///   - attributes: Facts that belong to the reason, named as common.proto does.
    ///   - payload: State that spares the caller another call; `nil` for none.
    public init(
        _ reason: FailureReason,
        attributes: [String: String] = [:],
        payload: (any Message)? = nil
    ) {
        self.init(
            reason.code,
            reason.message,
            details: [
                StatusDetail(
                    reason: reason.name,
                    domain: "cabinet.v1",
                    attributes: attributes.sorted { $0.key < $1.key }.map {
                        StatusAttribute(name: $0.key, value: $0.value)
                    },
                    payloadType: payload.map { type(of: $0).fullName } ?? "",
                    payload: payload?.serialized() ?? []
                )
            ]
        )
    }

    /// A command, or a request, that a meeting does not accept.
    ///
    /// - Parameter poll: The poll that the rejection is about, as the caller may see it; `nil` for
    ///   none. ``CabinetModel/MeetingState/failure(_:of:by:)`` finds it.
    public init(_ rejection: Rejection, poll: CabinetAPI.Poll? = nil) {
        self.init(
            FailureReason(rejection.reason),
            attributes: rejection.attributes,
            payload: poll
        )
    }
}

extension RPCError {
    /// A command or a request that the directory does not accept.
    public init(_ rejection: DirectoryRejection) {
        self.init(FailureReason(rejection.reason), attributes: rejection.attributes)
    }

    /// A log that cannot be read: the meeting is not served.
    public init(_ error: EntryError) {
        self.init(.logDamaged, attributes: ["index": String(error.index)])
    }
}

extension RPCError {
    /// The reason of `cabinet.v1` that a failure came with; `nil` where there is none that this version
    /// knows.
    public var failureReason: FailureReason? {
        details.lazy.filter { $0.domain == "cabinet.v1" }
            .compactMap { FailureReason(rawValue: $0.reason) }.first
    }
}

extension FailureReason {
    /// The reason of the same name.
    public init(_ reason: CabinetModel.Reason) {
        self.init(named: reason.rawValue)
    }

    /// The reason of the same name.
    public init(_ reason: DirectoryReason) {
        self.init(named: reason.rawValue)
    }

    private init(named name: String) {
        guard let same = FailureReason(rawValue: name) else {
            preconditionFailure("every reason of the model is one of the schema")
        }
        self = same
    }
}

extension CabinetModel.MeetingState {
    /// The failure of a command, with the poll where its state is the reason: a caller so learns, for
    /// instance, with POLL_NOT_OPEN when the poll closed, and its verdict.
    ///
    /// - Parameter caller: Whose command it was.
    /// - Complexity: O(*n*) in the voters.
    public func failure(
        _ rejection: Rejection,
        of command: Command,
        by caller: PrincipalID
    ) -> RPCError {
        let id: PollID?
        switch rejection {
        case .pollNotDraft, .pollNotOpen, .pollNotHeld, .pollFinished, .pollNotDecided,
            .tieNotPending:
            id = command.poll
        case .pollInProgress(let other):
            id = other
        default:
            id = nil
        }
        guard let id, let audience = audience(of: caller),
            let poll = try? poll(id, for: audience)
        else { return RPCError(rejection) }
        return RPCError(rejection, poll: Poll(poll, standing: standing(of: id)))
    }

    /// The audience that a participant belongs to, which sees the most of what it may see; `nil` for
    /// who takes no part.
    public func audience(of id: PrincipalID) -> CabinetModel.Audience? {
        guard let roles = proceedings.attendees[id]?.participant.roles else { return nil }
        let ordered: [CabinetModel.Audience] = [.secretariat, .members, .display]
        return ordered.first { $0.admits(roles) }
    }
}
