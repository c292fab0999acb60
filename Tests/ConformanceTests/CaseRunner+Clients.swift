import CabinetRPC

extension CaseRunner {
    /// What a client is told to do, and reports.
    mutating func perform(_ action: CaseAction, _ client: ClientLink) throws(Mismatch) {
        switch action {
        case .call(let text): try client.begin(text)
        case .write(let call, let payload): try client.write(payload, call)
        case .finish(let call): try client.finishRequests(call)
        case .cancel(let call): try client.cancel(call)
        case .expectNoConnection:
            guard !client.isConnected else { throw Mismatch("the client has connected") }
        case .expectPending(let name):
            if let outcome = try client.call(name).outcome {
                throw Mismatch("the call has ended: \(outcome.code) \(outcome.message)")
            }
        case .expectResponse(let name, let parts):
            let call = try client.call(name, when: { !$0.responses.isEmpty })
            guard !call.responses.isEmpty else {
                throw Mismatch("there is no response\(call.outcome.map { ": \($0)" } ?? "")")
            }
            try match(parts, call.responses.removeFirst())
        case .expectOutcome(let name, let code, let isNotProcessed, let parts):
            guard let outcome = try client.call(name, when: { $0.outcome != nil }).outcome else {
                throw Mismatch("the call has not ended")
            }
            guard Int64(outcome.code.rawValue) == Int64(clamping: code),
                isNotProcessed.map({ $0 == outcome.isNotProcessed }) ?? true
            else {
                throw Mismatch(
                    "the outcome is \(outcome.message), NOT_PROCESSED: \(outcome.isNotProcessed)"
                )
            }
            if let parts { try match(parts, outcome.response ?? []) }
        default: break
        }
    }
}
