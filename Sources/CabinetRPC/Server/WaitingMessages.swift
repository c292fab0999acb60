internal import NIOCore

/// Messages of streams that may not be sent yet, in the order in which they are to be.
///
/// A handler has at most one of them in each of its tasks, which wait for that. It goes when its task is
/// cancelled.
struct WaitingMessages {
    struct Message {
        let call: ServerCall
        let wait: LoopWait<ServerSession.SendResult>
        let send: () -> ServerSession.SendStep
    }

    /// Made when it is first needed: most sessions and calls have none, and an empty one takes memory.
    private var messages: CircularBuffer<Message>?

    var isEmpty: Bool { messages?.isEmpty ?? true }
    var count: Int { messages?.count ?? 0 }

    mutating func append(_ message: Message) {
        if messages == nil { messages = CircularBuffer() }
        messages?.append(message)
    }

    mutating func append(all others: inout WaitingMessages) {
        while let message = others.popFirst() { append(message) }
    }

    mutating func popFirst() -> Message? {
        messages?.popFirst()
    }

    /// Takes those of a call out.
    mutating func remove(of call: ServerCall) -> [Message] {
        guard let all = messages, !all.isEmpty else { return [] }
        let removed = Array(all.filter { $0.call === call })
        if !removed.isEmpty { messages?.removeAll { $0.call === call } }
        return removed
    }

    /// Takes the one out for which a task has waited.
    mutating func remove(_ wait: LoopWait<ServerSession.SendResult>) {
        guard let index = messages?.firstIndex(where: { $0.wait === wait }) else { return }
        messages?.remove(at: index)
    }

    /// Takes all out, and tells the tasks that wait for them.
    mutating func failAll(_ error: (ServerCall) -> RPCError) {
        let failed = messages
        messages = nil
        for message in failed ?? [] { message.wait.resume(.failed(error(message.call))) }
    }
}
