internal import CabinetWire
internal import NIOCore

extension ServerSession {
    /// Binds a call, whose handler has let it in, to the channel that it asked for (CWP/1, rules 5.1
    /// to 5.3).
    ///
    /// - Returns: The code to be counted.
    func subscribe(_ call: ServerCall, _ request: SubscriptionRequest) -> Code {
        remove(call)
        guard !isDraining else { return refuse(call, .draining) }
        // What the handler saw may be over: from here on the subscription is among those that are looked
        // at.
        let accessVersion = environment.accessVersion
        if let refusal = request.refusal?() { return refuse(call, refusal) }
        let channel = request.channel
        guard let loopChannel = channel.loopChannel(on: loop) else {
            return refuse(
                call,
                .runtime(.unavailable, "CHANNEL_CLOSED", "the channel has ended")
            )
        }
        // Where nobody comes to subscribe here, the loop keeps nothing of the channel.
        defer { loopChannel.retireIfUnused() }
        let history = loopChannel.history
        var cursor: UInt64?
        if let resume = call.resume {
            let (next, overflow) = resume.sequence.addingReportingOverflow(1)
            guard resume.epoch == channel.epoch, !overflow, history.contains(next) else {
                environment.metrics.subscription(.stale)
                return refuse(call, .stale(resume, channel, history))
            }
            cursor = next
        }
        let id = call.id
        switch connection.bind(id, to: channel.id) {
        case .frame(let header):
            let bound = BoundBody(
                channelID: channel.id,
                epoch: channel.epoch,
                firstSequence: history.firstSequence,
                nextSequence: history.nextSequence
            )
            output.append(header, loop) { bound.write(to: &$0) }
            setNeedsFlush()
            let subscriber = ChannelSubscriber(
                id,
                self,
                loopChannel,
                from: cursor,
                access: (accessVersion, request.refusal)
            )
            subscribers.append(subscriber)
            loopChannel.add(subscriber)
            environment.metrics.subscribed()
            environment.metrics.subscription(cursor == nil ? .snapshot : .resumed)
            subscriber.advance()
            return .ok
        case .alreadySubscribed:
            return refuse(
                call,
                .runtime(
                    .alreadyExists,
                    "ALREADY_SUBSCRIBED",
                    "the connection is subscribed to this channel already"
                )
            )
        case .tooManySubscriptions:
            return refuse(
                call,
                .runtime(
                    .resourceExhausted,
                    "TOO_MANY_SUBSCRIPTIONS",
                    "the connection has as many subscriptions as it may have"
                )
            )
        default:
            return .cancelled
        }
    }

    private func refuse(_ call: ServerCall, _ error: RPCError) -> Code {
        var error = error
        error.isNotProcessed = true
        fail(call.id, error)
        return error.code
    }

    func subscriber(_ id: CallID) -> ChannelSubscriber? {
        subscribers.first { $0.id == id }
    }

    /// Ends the subscriptions of which the client may not have the events any more.
    func reviewSubscriptions() {
        for subscriber in Array(subscribers) { _ = subscriber.isAllowed() }
    }

    /// Sends the outcome of a subscription, which has left its channel.
    func endSubscription(_ subscriber: ChannelSubscriber, _ error: RPCError?) {
        subscribers.removeAll { $0 === subscriber }
        environment.metrics.subscriptions(ended: 1)
        if let error {
            fail(subscriber.id, error)
        } else {
            end(subscriber.id, Status())
        }
    }
}

extension RPCError {
    static let draining = RPCError.runtime(
        .unavailable,
        "DRAINING",
        "the server is stopping: connect again"
    )

    /// A token that the channel cannot go on from, with what can be had.
    fileprivate static func stale(
        _ resume: CallHeader.Resume,
        _ channel: ChannelCore,
        _ history: ChannelHistory
    ) -> RPCError {
        RPCError(
            .outOfRange,
            "the channel cannot go on after the event of the token: begin with a snapshot",
            details: [
                StatusDetail(
                    reason: "RESUME_TOKEN_STALE",
                    domain: "cabinet.rpc",
                    attributes: [
                        StatusAttribute(name: "epoch", value: "\(channel.epoch)"),
                        StatusAttribute(name: "first", value: "\(history.firstSequence)"),
                        StatusAttribute(name: "next", value: "\(history.nextSequence)"),
                    ]
                )
            ]
        )
    }
}
