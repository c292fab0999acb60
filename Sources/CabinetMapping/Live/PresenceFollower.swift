public import CabinetAPI
public import CabinetModel

/// A client's picture of who is connected, kept by what a channel brings.
public struct PresenceFollower: Sendable {
    public private(set) var connected = ConnectedDevices()
    /// Of the last change; the channel's own, which has nothing to do with the log's.
    public private(set) var sequenceNumber: UInt64 = 0

    /// Before the first change: nobody is connected.
    public init() {}

    /// Takes the next response.
    ///
    /// - Parameter sequenceNumber: From the frame: that of the change, or of the last change that the
    ///   snapshot contains.
    /// - Throws: ``FollowError``. The picture is what it was.
    public mutating func take(
        _ response: FollowPresenceResponse,
        sequenceNumber: UInt64
    ) throws(FollowError) {
        switch response.content {
        case .change(let change):
            let expected = self.sequenceNumber &+ 1
            guard sequenceNumber == expected else {
                throw .gap(expected: expected, found: sequenceNumber)
            }
            connected = try mapped { () throws(InvalidField) in try connected.changed(by: change) }
        case .snapshot(let snapshot):
            connected = try mapped { () throws(InvalidField) in try ConnectedDevices(snapshot) }
        case nil:
            throw .unknownContent
        }
        self.sequenceNumber = sequenceNumber
    }

    private func mapped(
        _ map: () throws(InvalidField) -> ConnectedDevices
    ) throws(FollowError) -> ConnectedDevices {
        do throws(InvalidField) {
            return try map()
        } catch {
            throw .field(error)
        }
    }
}

extension ConnectedDevices {
    fileprivate init(_ snapshot: PresenceSnapshot) throws(InvalidField) {
        self.init()
        let connected = try repeated("connected", snapshot.connected) {
            presence throws(InvalidField) in
            try Self.presence(presence)
        }
        guard connected.count <= Limits.participants else {
            throw InvalidField("connected", "there are at most 800")
        }
        for (id, kinds) in connected {
            guard !isConnected(id), !kinds.isEmpty else {
                throw InvalidField("connected", "each is there once, with a device")
            }
            self[id] = kinds
        }
    }

    fileprivate func changed(by change: PresenceChange) throws(InvalidField) -> Self {
        let changes = try repeated("changes", change.changes) { presence throws(InvalidField) in
            try Self.presence(presence)
        }
        guard (1...100).contains(changes.count), Set(changes.map(\.0)).count == changes.count else {
            throw InvalidField("changes", "there are 1 to 100, each of another participant")
        }
        var changed = self
        for (id, kinds) in changes { changed[id] = kinds }
        guard changed.kinds.count <= Limits.participants else {
            throw InvalidField("changes", "at most 800 are connected")
        }
        return changed
    }

    private static func presence(
        _ message: CabinetAPI.Presence
    ) throws(InvalidField) -> (PrincipalID, Set<CabinetModel.DeviceKind>) {
        let id = try field("principal_id", try PrincipalID(message.principalID))
        let kinds = try repeated("devices", message.devices) {
            device throws(InvalidField) -> CabinetModel.DeviceKind in
            try field("", try known(device))
        }
        guard Set(kinds).count == kinds.count else {
            throw InvalidField("devices", "each kind is there once")
        }
        return (id, Set(kinds))
    }
}
