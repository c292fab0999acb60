internal import CabinetAPI
internal import CabinetCodec
internal import CabinetCrypto
internal import CabinetLedger
internal import CabinetMapping
internal import CabinetModel

/// A state, and how what a channel brings changes it.
protocol ChannelFollower: Sendable {
    associatedtype Response: Message
    associatedtype State: Sendable

    /// `nil` where it is not to be shown: before a snapshot, and between events that belong together.
    var state: State? { get }

    /// Takes the next response.
    ///
    /// - Parameter isSnapshot: Whether it came as one.
    /// - Throws: ``FollowFault``. It is of no use any more then.
    mutating func take(
        _ response: Response,
        sequenceNumber: UInt64,
        isSnapshot: Bool
    ) throws(FollowFault)
}

extension MeetingFollower {
    /// A meeting's channel, whose snapshots have to be of the log that is trusted.
    struct OfLog: ChannelFollower {
        let meeting: MeetingID
        let log: TrustedLog
        private var follower: MeetingFollower

        init(audience: CabinetModel.Audience, of meeting: MeetingID, _ log: TrustedLog) {
            self.meeting = meeting
            self.log = log
            follower = MeetingFollower(audience: audience)
        }

        var state: ReplicaState? {
            let replica = follower.replica
            return follower.isWhole && replica.proceedings.meeting != nil ? replica : nil
        }

        mutating func take(
            _ response: FollowMeetingResponse,
            sequenceNumber: UInt64,
            isSnapshot: Bool
        ) throws(FollowFault) {
            if case .snapshot? = response.content, !isSnapshot { throw .follow(.unknownContent) }
            if case .event? = response.content, isSnapshot { throw .follow(.unknownContent) }
            do throws(FollowError) {
                try follower.take(response, sequenceNumber: sequenceNumber)
            } catch {
                throw .follow(error)
            }
            if isSnapshot, follower.replica.proceedings.log.map(isTrusted) != true {
                throw .otherLog
            }
        }

        private func isTrusted(_ opened: CabinetModel.LogOpened) -> Bool {
            opened.meeting == meeting && Array(opened.origin.text.utf8) == log.origin.bytes
                && opened.publicKey.bytes == log.key.publicKey.bytes
        }
    }
}

extension PresenceFollower: ChannelFollower {
    var state: ConnectedDevices? { connected }

    mutating func take(
        _ response: FollowPresenceResponse,
        sequenceNumber: UInt64,
        isSnapshot: Bool
    ) throws(FollowFault) {
        if case .snapshot? = response.content, !isSnapshot { throw .follow(.unknownContent) }
        if case .change? = response.content, isSnapshot { throw .follow(.unknownContent) }
        do throws(FollowError) {
            try take(response, sequenceNumber: sequenceNumber)
        } catch {
            throw .follow(error)
        }
    }
}
