internal import CabinetCodec
internal import CabinetLocks
internal import NIOCore

/// The task that writes the requests of a call.
final class Writing: Sendable {
    private enum State {
        case waiting
        case running(Task<Void, Never>)
        case cancelled
    }

    private let state = Guarded(State.waiting)

    /// Runs `requests`. When it returns the stream is half-closed, and when it throws the call is
    /// cancelled.
    func begin<Request: Message>(
        _ call: ClientCall,
        _ manager: ConnectionManager,
        _ requests: @Sendable @escaping (MessageWriter<Request>) async throws -> Void
    ) {
        state.withLock { state in
            guard case .waiting = state else { return }
            state = .running(
                Task {
                    do {
                        try await requests(
                            MessageWriter { request throws(RPCError) in
                                try await Self.write(request.serialized(), to: call, manager)
                            }
                        )
                        try await Self.write(nil, to: call, manager)
                    } catch {
                        // Where the call has ended already, its outcome is what counts.
                        let failure = RPCError(.cancelled, "the requests failed: \(error)")
                        manager.eventLoop.runHere { manager.fail(call, failure) }
                    }
                }
            )
        }
    }

    func cancel() {
        let task = state.withLock { state -> Task<Void, Never>? in
            defer { state = .cancelled }
            if case .running(let task) = state { return task }
            return nil
        }
        task?.cancel()
    }

    /// Sends one request, or the end of them for `nil`, and waits while the server is behind.
    private static func write(
        _ request: [UInt8]?,
        to call: ClientCall,
        _ manager: ConnectionManager
    ) async throws(RPCError) {
        while true {
            let step = await LoopWait<ClientCall.SendStep>.on(manager.eventLoop) { wait in
                wait.resume(call.send(request))
            }
            switch step {
            case nil: throw .taskCancelled
            case .sent: return
            case .failed(let error): throw error
            case .mustWait:
                let woken: Void? = await LoopWait<Void>.on(manager.eventLoop) { wait in
                    call.wait(wait)
                }
                if woken == nil { throw .taskCancelled }
            }
        }
    }
}
