import CabinetAPI
import CabinetLocks
import CabinetRPC
import Testing

/// A link that keeps what comes by the channel of a meeting, and looks whether each event is the next one.
final class RecordingCaller: ForwardingCaller {
    /// The events that came, by their numbers.
    private let events = Guarded<[UInt64: FollowMeetingResponse]>([:])
    private let snapshots = Guarded<Int>(0)
    let base: any RPCCaller

    init(_ base: any RPCCaller) {
        self.base = base
    }

    var received: [UInt64: FollowMeetingResponse] { events.withLock { $0 } }
    var snapshotCount: Int { snapshots.withLock { $0 } }

    func call<Request, Response>(
        _ method: ChannelMethod<Request, Response>,
        _ request: Request,
        resumingAfter token: ResumeToken?,
        options: CallOptions
    ) async throws(RPCError) -> Subscription<Response> {
        let base = try await base.call(
            method,
            request,
            resumingAfter: token,
            options: options
        )
        let last = Guarded(token)
        return Subscription(nextUpdate: { [self] () async throws(RPCError) in
            var updates = base.updates.makeAsyncIterator()
            let update = try await updates.next()
            if case .event(let element)? = update { record(element, after: last) }
            return update
        })
    }

    private func record<Response>(
        _ element: Subscription<Response>.Element,
        after last: Guarded<ResumeToken?>
    ) {
        let before = last.withLock { last in
            defer { last = element.token }
            return last
        }
        guard !element.isSnapshot else { return snapshots.withLock { $0 += 1 } }
        let next = before.map { ResumeToken(epoch: $0.epoch, sequence: $0.sequence + 1) }
        if element.token != next {
            Issue.record("\(element.token) came after \(String(describing: before))")
        }
        guard let event = element.event as? FollowMeetingResponse else { return }
        let isSame = events.withLock { events in
            let earlier = events.updateValue(event, forKey: element.token.sequence)
            return earlier == nil || earlier == event
        }
        if !isSame { Issue.record("the event \(element.token) was another before") }
    }
}
