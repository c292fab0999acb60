internal import CabinetWire

/// A channel of the server: the events from ``first`` up to ``next`` can be had.
struct Channel {
    let id: UInt32
    let epoch: UInt64
    var first: UInt64
    var next: UInt64
}

/// How far a subscription has come.
struct Subscriber {
    /// The next event to be sent.
    var next: UInt64
    var needsSnapshot: Bool
    /// A snapshot that has begun.
    var snapshot: UInt64?
    var snapshotBytes = 0
}

extension Conversation {
    func subscribe(_ number: Int, to channel: Int, resume: CallHeader.Resume?) throws {
        guard let id = calls[number].serverID else { return }
        let bound = channels[channel]
        if let resume {
            let (next, overflow) = resume.sequence.addingReportingOverflow(1)
            guard resume.epoch == bound.epoch, !overflow, next >= bound.first, next <= bound.next
            else { return try end(number, .notProcessed) }
        }
        switch server.bind(id, to: bound.id) {
        case .frame(let header):
            let body = BoundBody(
                channelID: bound.id,
                epoch: bound.epoch,
                firstSequence: bound.first,
                nextSequence: bound.next
            )
            sendFromServer(header, written(byteCount: BoundBody.byteCount) { body.write(to: &$0) })
            calls[number].channel = channel
            calls[number].subscriber = Subscriber(
                next: resume.map { $0.sequence + 1 } ?? bound.first,
                needsSnapshot: resume == nil
            )
        case .alreadySubscribed:
            try require(
                served.contains { calls[$0].subscriber != nil && calls[$0].channel == channel },
                "there is no subscription"
            )
            try end(number, .notProcessed)
        case let sending: throw FuzzFinding(description: "a subscription is \(sending)")
        }
    }

    private func anyChannel() -> Int { Int(program.byte()) % channels.count }

    /// The subscriptions to a channel, by their calls.
    private func subscribers(of channel: Int) -> [Int] {
        served.filter { calls[$0].subscriber != nil && calls[$0].channel == channel }
    }

    /// An event happens. Who is up to date gets it at once, or later.
    func publish() {
        let index = anyChannel()
        let sequence = channels[index].next
        guard sequence < .max - 1 else { return }
        channels[index].next += 1
        guard program.bool() else { return }
        for number in subscribers(of: index) {
            guard let subscriber = calls[number].subscriber, !subscriber.needsSnapshot,
                subscriber.snapshot == nil, subscriber.next == sequence
            else { continue }
            sendEvent(sequence, on: index)
            calls[number].subscriber?.next += 1
        }
    }

    private func sendEvent(_ sequence: UInt64, on channel: Int) {
        let message = [UInt8](repeating: 7, count: program.choose([0, 10, 16_364]))
        sendFromServer(
            FrameHeader(
                type: .event,
                id: channels[channel].id,
                bodyByteCount: SequenceBody.byteCount + message.count
            ),
            numberBody(sequence) + message
        )
    }

    /// Events are forgotten.
    func trim() {
        let index = anyChannel()
        let count = UInt64(program.byte())
        channels[index].first = min(channels[index].next, channels[index].first + count)
        for number in subscribers(of: index) {
            guard let subscriber = calls[number].subscriber, subscriber.snapshot == nil,
                subscriber.next < channels[index].first
            else { continue }
            calls[number].subscriber?.needsSnapshot = true
        }
    }

    /// Sends a subscriber what it lacks.
    func catchUp() throws {
        let index = anyChannel()
        guard let number = subscribers(of: index).first,
            let subscriber = calls[number].subscriber
        else { return }
        let channel = channels[index]
        if subscriber.needsSnapshot || subscriber.snapshot != nil {
            return sendSnapshot(number, subscriber, channel)
        }
        let lag = channel.next - subscriber.next
        guard lag > 0 else { return }
        let count = Int(min(lag, UInt64(program.byte() % 8) + 1))
        if count == 1, program.bool() {
            sendEvent(subscriber.next, on: index)
        } else {
            let message = [UInt8](repeating: 7, count: program.choose([0, 1, 127, 128, 2_000]))
            let byteCount =
                BatchBody.headerByteCount + count * BatchBody.byteCount(ofMessage: message.count)
            let body = written(byteCount: byteCount) { output in
                BatchBody.writeHeader(firstSequence: subscriber.next, count: count, to: &output)
                for _ in 0..<count {
                    BatchBody.writeMessageByteCount(message.count, to: &output)
                    for byte in message { output.append(byte, as: UInt8.self) }
                }
            }
            sendFromServer(
                FrameHeader(type: .batch, id: channel.id, bodyByteCount: byteCount),
                body
            )
        }
        calls[number].subscriber?.next += UInt64(count)
    }

    private func sendSnapshot(_ number: Int, _ subscriber: Subscriber, _ channel: Channel) {
        // An older snapshot will do, if what follows it can be had, and the client has no more.
        let oldest = max(channel.first, subscriber.next) - 1
        let newest = channel.next - 1
        let sequence =
            subscriber.snapshot
            ?? min(newest, oldest + UInt64(program.byte() % 4))
        let isFull = subscriber.snapshotBytes > ConnectionLimits.maxSnapshotBytes - 60_000
        let isLast = program.bool() || isFull
        let part = [UInt8](repeating: 9, count: isLast ? 100 : program.choose([0, 1, 50_000]))
        calls[number].subscriber?.snapshotBytes =
            isLast ? 0 : subscriber.snapshotBytes + part.count
        sendFromServer(
            FrameHeader(
                type: .snapshot,
                flags: isLast ? [] : .more,
                id: channel.id,
                bodyByteCount: SequenceBody.byteCount + part.count
            ),
            numberBody(sequence) + part
        )
        calls[number].subscriber?.snapshot = isLast ? nil : sequence
        guard isLast else { return }
        calls[number].subscriber?.next = sequence + 1
        // What follows it may be forgotten by now.
        calls[number].subscriber?.needsSnapshot = sequence + 1 < channel.first
    }

    func mark() throws {
        let index = anyChannel()
        guard let number = subscribers(of: index).first,
            let subscriber = calls[number].subscriber,
            !subscriber.needsSnapshot, subscriber.snapshot == nil,
            subscriber.next == channels[index].next
        else { return }
        sendFromServer(
            FrameHeader(type: .mark, id: channels[index].id, bodyByteCount: 8),
            numberBody(subscriber.next - 1)
        )
    }
}
