internal import CabinetCodec
internal import CabinetWire
internal import NIOCore

extension ClientSession {
    /// The call, unless it is over for its caller.
    func call(_ id: CallID) -> ClientCall? {
        let index = Int(id.slot) - 1
        guard calls.indices.contains(index), let call = calls[index], call.place?.id == id else {
            return nil
        }
        return call
    }

    func remove(_ id: CallID) -> ClientCall? {
        let call = call(id)
        let index = Int(id.slot) - 1
        if calls.indices.contains(index) { calls[index] = nil }
        return call
    }

    /// Makes a call, now or when there is a free slot.
    func start(_ call: ClientCall) {
        guard phase == .open else { return call.end(.connectionIsClosing) }
        guard waiting.isEmpty, send(call) else {
            if waiting.count >= maxWaitingCalls { waiting.removeAll { $0.isOver } }
            guard waiting.count < maxWaitingCalls else { return call.end(.tooManyWaitingCalls) }
            watch(call.deadline)
            return waiting.append(call)
        }
    }

    func startWaiting() {
        while let call = waiting.first {
            if !call.isOver, !send(call) { return }
            waiting.removeFirst()
        }
    }

    /// - Returns: `false` where there is no free slot.
    private func send(_ call: ClientCall) -> Bool {
        guard let callHeader = call.header(at: now) else {
            call.end(.deadlineExceeded(isNotProcessed: true))
            return true
        }
        let sending = connection.call(
            callHeader,
            messageByteCount: call.message?.count,
            responses: call.responses
        )
        switch sending {
        case .frame(let id, let header):
            let index = Int(id.slot) - 1
            while calls.count <= index { calls.append(nil) }
            calls[index] = call
            output.append(header, loop) { span in
                callHeader.write(to: &span)
                span.append(bytes: call.metadata)
                if let message = call.message { span.append(bytes: message) }
            }
            setNeedsFlush()
            watch(call.deadline)
            call.sent(on: self, as: id)
            return true
        case .noFreeSlot:
            return false
        case .tooLarge:
            call.end(
                .runtime(
                    .invalidArgument,
                    "REQUEST_TOO_LARGE",
                    "the request or its metadata is longer than the server accepts",
                    isNotProcessed: true
                )
            )
            return true
        default:
            call.end(.connectionIsClosing)
            return true
        }
    }

    /// Tells the server that a call's outcome is not wanted any more.
    func cancel(_ id: CallID) {
        guard phase == .open || phase == .leaving else { return }
        switch connection.cancel(id, at: now) {
        case .frame(_, let header):
            output.append(header, loop)
            setNeedsFlush()
        case .later:
            cancellations.append(id)
            armTimer()
        default:
            break
        }
    }

    func give(_ credit: UInt64, to call: ClientCall) {
        guard let id = call.place?.id,
            // It is never `later`: credit is given by half a window.
            case .frame(_, let header) = connection.credit(id, limitBytes: credit, at: now)
        else { return }
        output.append(header, loop) { SequenceBody.write(credit, to: &$0) }
        setNeedsFlush()
    }

    // MARK: - Requests

    /// Sends one message of a stream of requests, or the end of it for `nil`.
    func send(_ message: [UInt8]?, of call: ClientCall, _ id: CallID) -> ClientCall.SendStep {
        guard takesMore else { return .mustWait }
        let sending =
            message.map { connection.item(id, byteCount: $0.count) } ?? connection.endItems(id)
        switch sending {
        case .frame(_, let header):
            output.append(header, loop) { if let message { $0.append(bytes: message) } }
            setNeedsFlush()
            return .sent
        case .noCredit:
            call.waitsForCredit = true
            return .mustWait
        case .tooLarge:
            return .failed(
                .runtime(
                    .invalidArgument,
                    "REQUEST_TOO_LARGE",
                    "the request is longer than the server accepts"
                )
            )
        default:
            return .failed(RPCError(.cancelled, "the call has ended"))
        }
    }

    /// Whether a request of the call would have to wait now.
    func mustWait(_ call: ClientCall) -> Bool {
        call.waitsForCredit || !takesMore
    }
}
