import CabinetCodec
import CabinetRPC

/// Serialized messages on their way from one task to another, in order.
actor Pipe {
    private var messages: [[UInt8]] = []
    private var end: Result<Void, RPCError>?
    private var waiting: CheckedContinuation<Void, Never>?

    func send(_ message: [UInt8]) {
        messages.append(message)
        wake()
    }

    /// Ends the stream, well unless there is an error.
    func finish(_ error: RPCError? = nil) {
        end = error.map { .failure($0) } ?? .success(())
        wake()
    }

    /// Waits for the next message; `nil` where the stream has ended well.
    func next<M: Message>(as type: M.Type = M.self) async throws(RPCError) -> M? {
        while messages.isEmpty, end == nil {
            await withCheckedContinuation { waiting = $0 }
        }
        guard !messages.isEmpty else {
            try end?.get()
            return nil
        }
        do {
            return try M(serialized: messages.removeFirst())
        } catch {
            throw RPCError(.internal, "\(error)")
        }
    }

    private func wake() {
        waiting?.resume()
        waiting = nil
    }

    nonisolated func reader<M: Message>() -> MessageReader<M> {
        MessageReader { () async throws(RPCError) -> M? in try await self.next() }
    }

    nonisolated func writer<M: Message>() -> MessageWriter<M> {
        MessageWriter { (message: M) async throws(RPCError) in
            await self.send(message.serialized())
        }
    }
}
