internal import CabinetAPI
internal import CabinetLocks
internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC

/// The channels of a meeting, one for each audience: what the members, the secretariat and the displays
/// are told of every entry, under the entry's own number.
///
/// What is published is durable. The channels are there as long as the meeting is served, whether
/// anybody follows it or not.
final class MeetingChannels: Sendable {
    typealias Event = EncodedEvent<FollowMeetingResponse>
    typealias Channel = BroadcastChannel<FollowMeetingResponse>

    /// What everything that is durable leads to: who comes new is shown it.
    private let durable: Guarded<CabinetModel.MeetingState>
    private let members: Channel
    private let secretariat: Channel
    private let display: Channel

    /// - Parameters:
    ///   - state: After the newest entry that is durable, which is the newest of `history`.
    ///   - history: The events of the newest entries, for those who come back after a restart.
    ///   - epoch: The log's.
    init(
        of meeting: MeetingID,
        _ state: CabinetModel.MeetingState,
        history: AudienceEvents,
        epoch: Epoch,
        limits: ChannelLimits
    ) {
        let durable = Guarded(state)
        func channel(_ audience: CabinetModel.Audience) -> Channel {
            do throws(BroadcastError) {
                return try Channel(
                    name: "\(meeting)/\(audience)",
                    epoch: epoch.value,
                    history: history[audience],
                    lastSequence: state.entryCount,
                    limits: limits
                ) { try Self.snapshot(of: durable.withLock { $0 }, for: audience) }
            } catch {
                preconditionFailure("there is an event for each entry: \(error)")
            }
        }
        self.durable = durable
        members = channel(.members)
        secretariat = channel(.secretariat)
        display = channel(.display)
    }

    subscript(audience: CabinetModel.Audience) -> Channel {
        switch audience {
        case .members: members
        case .secretariat: secretariat
        case .display: display
        }
    }

    /// Publishes what has become durable.
    ///
    /// - Parameters:
    ///   - events: Of all entries since the last that were published.
    ///   - state: After them.
    func publish(_ events: AudienceEvents, leadingTo state: CabinetModel.MeetingState) {
        // First, so that a snapshot has what is published.
        durable.withLock { $0 = state }
        for audience in CabinetModel.Audience.allCases {
            do throws(BroadcastError) {
                let last = try self[audience].publish(events[audience])
                precondition(last == state.entryCount, "an entry has no event")
            } catch {
                preconditionFailure("the channels of a meeting are never closed: \(error)")
            }
        }
    }

    private static func snapshot(
        of state: CabinetModel.MeetingState,
        for audience: CabinetModel.Audience
    ) throws(RPCError) -> Channel.Snapshot {
        guard let message = FollowMeetingResponse(state.snapshot(for: audience)) else {
            // The commit that begins a log schedules its meeting.
            throw RPCError(.internal, "the meeting is not scheduled")
        }
        return Channel.Snapshot(sequence: state.entryCount, event: message)
    }
}
