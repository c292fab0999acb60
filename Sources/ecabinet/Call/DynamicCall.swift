import CabinetRPC

/// A call whose messages are known by what the server says of them alone.
struct DynamicCall {
    let method: MethodDescription
    let decoder: MessageDecoder
    let session: Session
    /// A stream ends after so many.
    let count: Int?
    let key: IdempotencyKey?

    func run(_ request: [UInt8]) async throws {
        switch method.kind {
        case .unary:
            let options = CallOptions(timeout: session.settings.timeout, idempotencyKey: key)
            let response = try await session.rpc.callSerialized(
                method,
                request,
                options: options
            )
            try session.console.show(json: json(of: response))
        case .serverStreaming:
            try await OutputReader.whileThere { try await stream(request) }
        case .channel:
            try await OutputReader.whileThere { try await follow(request) }
        case .clientStreaming, .bidirectional:
            throw RPCError(.invalidArgument, "\(method.name) takes a stream of requests")
        }
    }

    private func stream(_ request: [UInt8]) async throws {
        // It may take as long as it has to tell something.
        let options = CallOptions(idempotencyKey: key)
        var left = count ?? .max
        for try await response in try await session.rpc.streamSerialized(
            method,
            request,
            options: options
        ) {
            try show(json(of: response))
            left -= 1
            if left == 0 { return }
        }
        try Task.checkCancellation()
    }

    private func follow(_ request: [UInt8]) async throws {
        let options = CallOptions(timeout: session.settings.timeout)
        var left = count ?? .max
        for try await element in try await session.rpc.subscribeSerialized(
            method,
            request,
            options: options
        ) {
            try show(
                .object([
                    .init("epoch", .string(String(element.token.epoch))),
                    .init("sequence", .string(String(element.token.sequence))),
                    .init("is_snapshot", .bool(element.isSnapshot)),
                    .init("event", try json(of: element.message)),
                ])
            )
            left -= 1
            if left == 0 { return }
        }
        // A stream that was cancelled may end as one that is over.
        try Task.checkCancellation()
    }

    /// Prints one of many documents.
    private func show(_ json: JSONValue) throws {
        try session.console.write(
            lines: [session.console.isJSON ? json.compactText : json.text]
        )
    }

    private func json(of response: [UInt8]) throws(Failure) -> JSONValue {
        do throws(ProtoError) {
            return try decoder.decode(response, as: method.responseName)
        } catch .tooManyValues {
            throw Failure(
                .badData,
                "RESPONSE_TOO_LARGE",
                Phrase(
                    untranslated:
                        "the server's answer has more than \(MessageDecoder.maxValues) values, and is not printed"
                ),
                advice: Phrase(untranslated: "ask for less, as with a smaller page_size")
            )
        } catch {
            throw Failure(
                .badData,
                "RESPONSE_MALFORMED",
                Phrase(untranslated: "the server's answer is no \(method.responseName)")
            )
        }
    }
}

extension MethodDescription {
    /// - Returns: `nil` for a method that takes a stream of requests, or that this program cannot call.
    init?(_ info: MethodInfo) {
        guard let number = UInt16(exactly: info.number), let kind = MethodKind(info.shape) else {
            return nil
        }
        self.init(
            number: number,
            name: info.name,
            kind: kind,
            idempotency: MethodIdempotency(info.idempotency),
            requestName: info.requestName,
            responseName: info.responseName
        )
    }
}

extension MethodKind {
    fileprivate init?(_ shape: MethodShape) {
        switch shape {
        case .unary: self = .unary
        case .serverStreaming: self = .serverStreaming
        case .channel: self = .channel
        default: return nil
        }
    }
}

extension MethodIdempotency {
    fileprivate init(_ idempotency: Idempotency) {
        switch idempotency {
        case .safe: self = .safe
        case .keyed: self = .keyed
        default: self = .unspecified
        }
    }
}
