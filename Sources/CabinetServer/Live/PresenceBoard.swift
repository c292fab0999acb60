internal import CabinetAPI
internal import CabinetLocks
internal import CabinetModel
internal import CabinetRPC
internal import CabinetTLS

/// Tells who is connected, and with what, to those who follow the presence of a meeting.
///
/// It is the state of connections and nothing else: kept in memory, beside the log, without influence on it.
/// However often somebody comes and goes, the channels bring the latest state, ``interval`` apart at least.
/// Nothing is counted up or down here: each time the whole state is made anew from who is connected, so that
/// no mistake stays.
final class PresenceBoard: Sendable {
    typealias Channel = BroadcastChannel<FollowPresenceResponse>
    typealias Devices = [PrincipalID: Set<CabinetModel.DeviceKind>]

    /// The least time between two changes of a channel.
    static let interval = Duration.milliseconds(250)
    /// Participants in one event (live.proto, `PresenceChange`).
    static let changesInEvent = 100

    private struct Followed {
        let channel: Channel
        /// What the channel has brought so far.
        var told: Devices
    }

    private struct State {
        // One for each meeting that somebody has followed since the server started, and that is not over.
        var meetings: [MeetingID: Followed] = [:]
        var isStale = false
        var isRefreshing = false
        var isClosed = false
    }

    /// Of the server.
    let peers = ConnectedPeers()
    private let views: MeetingViews
    private let directory: DirectoryView
    private let now: @Sendable () -> Moment
    private let sleep: @Sendable (Duration) async throws -> Void
    /// Another one with each start of the server: what was told before is over.
    private let epoch = UInt64.random(in: 1 ... .max)
    private let state = Guarded(State())

    /// - Parameters:
    ///   - now: The server's clock.
    ///   - sleep: Waits.
    init(
        _ views: MeetingViews,
        _ directory: DirectoryView,
        now: @escaping @Sendable () -> Moment,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.views = views
        self.directory = directory
        self.now = now
        self.sleep = sleep
        peers.onChange { [weak self] in self?.touch() }
    }

    /// The channel of a meeting.
    func channel(of meeting: MeetingID) -> Channel {
        if let followed = state.withLock({ $0.meetings[meeting] }) { return followed.channel }
        // It takes the longer the more are connected: once for a meeting.
        let told = participants(of: meeting, in: devices())
        let channel = state.withLock { state -> Channel in
            if let followed = state.meetings[meeting] { return followed.channel }
            let channel = makeChannel(of: meeting)
            state.meetings[meeting] = Followed(channel: channel, told: told)
            return channel
        }
        // Somebody may have come or gone between the look and the channel.
        touch()
        return channel
    }

    /// Something has changed, or may have: who is connected, whose device that is, or who takes part.
    func touch() {
        let begins = state.withLock { state in
            guard !state.meetings.isEmpty, !state.isClosed else { return false }
            state.isStale = true
            guard !state.isRefreshing else { return false }
            state.isRefreshing = true
            return true
        }
        // It lives for an interval after the last change.
        if begins { Task { await refresh() } }
    }

    /// Tells nothing more.
    func close() {
        state.withLock { $0.isClosed = true }
    }

    private func refresh() async {
        while true {
            try? await sleep(Self.interval)
            let goesOn = state.withLock { state in
                state.isRefreshing = state.isStale && !state.isClosed
                state.isStale = false
                return state.isRefreshing
            }
            guard goesOn else { return }
            tell()
        }
    }

    // MARK: - What is told

    /// Only one at a time: nothing else changes what was told.
    private func tell() {
        // What takes time is not done under the lock, which event loops take.
        let devices = devices()
        let meetings = state.withLock { $0.meetings }
        for (meeting, followed) in meetings {
            guard isGoingOn(meeting) else {
                // The channel ends with it.
                state.withLock { $0.meetings[meeting] = nil }
                continue
            }
            let latest = participants(of: meeting, in: devices)
            guard followed.told != latest else { continue }
            let events = Self.changes(from: followed.told, to: latest)
            state.withLock { state in
                do throws(BroadcastError) {
                    try followed.channel.publish(events)
                } catch {
                    preconditionFailure("a hundred changes fit an event: \(error)")
                }
                state.meetings[meeting]?.told = latest
            }
        }
    }

    private func isGoingOn(_ meeting: MeetingID) -> Bool {
        guard case .served(let view)? = views[meeting] else { return false }
        return !view.state.isOver
    }

    private func devices() -> Devices {
        let keys = peers.counts.keys.lazy.compactMap { try? KeyFingerprint($0.bytes) }
        return directory.state.devices(connectedWith: keys, at: now())
    }

    private func participants(of meeting: MeetingID, in devices: Devices) -> Devices {
        guard case .served(let view)? = views[meeting] else { return [:] }
        return devices.filter { view.state.proceedings.attendees[$0.key] != nil }
    }

    /// What leads from one state to another, in the order of the participants' identifiers.
    static func changes(from old: Devices, to new: Devices) -> [FollowPresenceResponse] {
        let changed = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
        return stride(from: 0, to: changed.count, by: changesInEvent).map { start in
            let part = changed[start..<min(start + changesInEvent, changed.count)]
            return FollowPresenceResponse(
                content: .change(
                    PresenceChange(changes: part.map { Presence($0, new[$0] ?? []) })
                )
            )
        }
    }

    private func makeChannel(of meeting: MeetingID) -> Channel {
        var limits = ChannelLimits()
        limits.historyBytes = 65_536
        limits.historyEvents = 1_024
        do throws(BroadcastError) {
            return try Channel(name: "\(meeting)/presence", epoch: epoch, limits: limits) {
                [weak self] in
                guard let self else { throw RPCError(.unavailable, "the server stops") }
                return try self.snapshot(of: meeting)
            }
        } catch {
            preconditionFailure("a channel without events can be made: \(error)")
        }
    }

    private func snapshot(of meeting: MeetingID) throws -> Channel.Snapshot {
        // The number and what belongs to it together: changes are published under this lock.
        let told = state.withLock { state in
            state.meetings[meeting].map { ($0.channel.lastSequence, $0.told) }
        }
        guard let (sequence, devices) = told else {
            throw RPCError(.internal, "nobody follows the meeting")
        }
        return .init(
            sequence: sequence,
            event: FollowPresenceResponse(
                content: .snapshot(
                    PresenceSnapshot(
                        connected: devices.sorted { $0.key < $1.key }.map { Presence($0, $1) }
                    )
                )
            )
        )
    }
}

extension CabinetAPI.Presence {
    fileprivate init(_ principal: PrincipalID, _ devices: Set<CabinetModel.DeviceKind>) {
        self.init(
            principalID: principal.text,
            devices: devices.sorted { $0.rawValue < $1.rawValue }.map {
                CabinetAPI.DeviceKind(rawValue: $0.rawValue)
            }
        )
    }
}
