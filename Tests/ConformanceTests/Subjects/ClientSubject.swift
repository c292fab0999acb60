import CabinetAPI
import CabinetCodec
import CabinetRPC
import ConformanceAPI
import NIOCore

/// How a call of a client's has ended.
struct ClientOutcome: Sendable {
    let code: Code
    let isNotProcessed: Bool
    let message: String
    /// The one response, serialized.
    let response: [UInt8]?
}

/// A call that a client was told to make. On the thread of the case alone.
final class ClientCallRecord: @unchecked Sendable {
    var task: Task<Void, Never>?
    var responses: [[UInt8]] = []
    var outcome: ClientOutcome?
    /// The stream of requests.
    let requests: AsyncStream<[UInt8]>
    let continuation: AsyncStream<[UInt8]>.Continuation

    init() {
        (requests, continuation) = AsyncStream.makeStream(of: [UInt8].self)
    }
}

/// Makes calls by the name of their method.
struct ClientCaller {
    let client: RPCClient
    let eventLoop: any EventLoop

    /// - Throws: ``Mismatch`` for a method that a client is not told to call.
    func begin(_ text: ClientCallText) throws(Mismatch) -> ClientCallRecord {
        let record = ClientCallRecord()
        guard let body = unary(text) ?? streaming(text, record) else {
            throw Mismatch("there is no call of \(text.method)")
        }
        record.task = Task(executorPreference: LoopExecutor(eventLoop)) {
            do {
                let response = try await body()
                record.outcome = ClientOutcome(
                    code: .ok,
                    isNotProcessed: false,
                    message: "",
                    response: response
                )
            } catch let error as RPCError {
                record.outcome = ClientOutcome(
                    code: error.code,
                    isNotProcessed: error.isNotProcessed,
                    message: "\(error)",
                    response: nil
                )
            } catch {
                record.outcome = ClientOutcome(
                    code: .unknown,
                    isNotProcessed: false,
                    message: "\(error)",
                    response: nil
                )
            }
        }
        return record
    }

    /// Makes a call, and returns its one response.
    private typealias Body = @Sendable () async throws -> [UInt8]?

    private func options(_ text: ClientCallText) -> CallOptions {
        CallOptions(
            timeout: text.timeoutMilliseconds.map { .milliseconds($0) },
            idempotencyKey: text.key.flatMap(IdempotencyKey.init)
        )
    }

    private func unary(_ text: ClientCallText) -> Body? {
        let client = client
        let options = options(text)
        switch text.method {
        case "Echo":
            return {
                try await client.call(
                    DiagnosticsService.Methods.echo,
                    EchoRequest(payload: text.text),
                    options: options
                ).serialized()
            }
        case "Record":
            return {
                try await client.call(
                    ConformanceService.Methods.record,
                    RecordRequest(text: text.string),
                    options: options
                ).serialized()
            }
        case "Wait":
            return {
                try await client.call(
                    ConformanceService.Methods.wait,
                    WaitRequest(),
                    options: options
                ).serialized()
            }
        default: return nil
        }
    }

    private func streaming(_ text: ClientCallText, _ record: ClientCallRecord) -> Body? {
        let client = client
        let options = options(text)
        switch text.method {
        case "EchoCollect":
            return {
                try await client.call(DiagnosticsService.Methods.echoCollect, options: options) {
                    writer in
                    for await payload in record.requests {
                        try await writer.write(EchoCollectRequest(payload: payload))
                    }
                }.serialized()
            }
        case "EchoRepeat":
            return {
                let responses = try await client.call(
                    DiagnosticsService.Methods.echoRepeat,
                    EchoRepeatRequest(payload: text.text),
                    options: options
                )
                for try await response in responses {
                    record.responses.append(response.serialized())
                }
                return nil
            }
        case "EchoStream":
            return {
                let responses = try await client.call(
                    DiagnosticsService.Methods.echoStream,
                    options: options
                ) { writer in
                    for await payload in record.requests {
                        try await writer.write(EchoStreamRequest(payload: payload))
                    }
                }
                for try await response in responses {
                    record.responses.append(response.serialized())
                }
                return nil
            }
        case "Follow":
            let token = text.resume.map { ResumeToken(epoch: $0[0], sequence: $0[1]) }
            return {
                let events = try await client.call(
                    ConformanceService.Methods.follow,
                    FollowRequest(channel: text.string),
                    resumingAfter: token,
                    options: options
                )
                for try await element in events {
                    record.responses.append(element.event.serialized())
                }
                return nil
            }
        default: return nil
        }
    }
}

extension ClientCallText {
    fileprivate var string: String { String(decoding: text, as: UTF8.self) }
}
