internal import NIOCore

/// Messages of streams that may not be sent yet, in the order in which they are to be.
///
/// A handler has at most one of them in each of its tasks, which wait for that.
struct WaitingMessages {
    struct Message {
        let call: ServerCall
        let wait: LoopWait<ServerSession.SendResult>
        let send: () -> ServerSession.SendStep
    }

    private var messages = CircularBuffer<Message>()

    var isEmpty: Bool { messages.isEmpty }

    mutating func append(_ message: Message) {
        messages.append(message)
    }

    mutating func append(all others: inout WaitingMessages) {
        messages.append(contentsOf: others.messages)
        others.messages.removeAll()
    }

    mutating func popFirst() -> Message? {
        messages.popFirst()
    }

    /// Takes those of a call out.
    mutating func remove(of call: ServerCall) -> [Message] {
        guard !messages.isEmpty else { return [] }
        let removed = Array(messages.filter { $0.call === call })
        if !removed.isEmpty { messages.removeAll { $0.call === call } }
        return removed
    }
}
