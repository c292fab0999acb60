internal import CabinetCodec
internal import CabinetWire
internal import Logging
internal import NIOCore

extension ServerSession {
    // MARK: - The begin of a call

    /// Begins a call that the state machine has let in.
    func begin(
        _ id: CallID,
        _ header: CallHeader,
        isWhole: Bool,
        _ body: RawSpan,
        _ now: Timestamp
    ) {
        guard let method = environment.method(header.method) else {
            environment.metrics.refusedCall(.methodUnknown)
            return fail(
                id,
                .runtime(
                    .unimplemented,
                    "METHOD_UNKNOWN",
                    "the server has no method \(header.method)",
                    isNotProcessed: true
                )
            )
        }
        let inline = environment.runsInline ? method.inline : nil
        let context: CallContext
        do throws(RPCError) {
            try check(header, isWhole: isWhole, for: method)
            context = CallContext(
                registered: method,
                connection: contextConnection,
                effect: inline == nil ? nil : loop.inlineEffect,
                extras: try extras(header, body)
            )
            try environment.authorize?(context)
        } catch {
            var error = error
            error.isNotProcessed = true
            fail(id, error)
            return method.metrics.record(error.code, nanoseconds: 0)
        }
        let message = body.extracting((header.byteCount + (header.metadataByteCount ?? 0))...)
        message.withUnsafeBytes { message in
            if let inline { return inline(message, self, id, context) }
            switch method.body {
            case .inline(_, inTask: let task), .task(let task):
                begin(id, method, task, message, context, header, now)
            case .none:
                preconditionFailure("a method without a handler was registered")
            }
        }
    }

    private func check(
        _ header: CallHeader,
        isWhole: Bool,
        for method: RegisteredMethod
    ) throws(RPCError) {
        func mismatch(_ what: String) -> RPCError {
            .runtime(
                .invalidArgument,
                "CALL_DOES_NOT_FIT",
                "\(method.description.name) \(what)"
            )
        }
        guard isWhole == method.takesOneRequest else {
            throw mismatch(isWhole ? "takes a stream of requests" : "takes one request")
        }
        guard (header.key != nil) == (method.description.idempotency == .keyed) else {
            throw mismatch(header.key == nil ? "needs an idempotency key" : "takes no key")
        }
        guard header.resume == nil || method.description.kind == .channel else {
            throw mismatch("is no channel to resume")
        }
    }

    /// What the call has beside its message; most have nothing.
    private func extras(
        _ header: CallHeader,
        _ body: RawSpan
    ) throws(RPCError) -> CallContext.Box? {
        guard header.flags != [] || header.timeoutMicroseconds > 0 else { return nil }
        var extras = CallContext.Extras()
        if let byteCount = header.metadataByteCount {
            let bytes = body.extracting(header.byteCount..<(header.byteCount + byteCount))
            extras.metadata = try decodeMetadata(bytes)
        }
        if let key = header.key { extras.idempotencyKey = IdempotencyKey(key) }
        if let trace = header.trace { extras.trace = TraceContext(trace) }
        if header.timeoutMicroseconds > 0 {
            extras.deadline = .now + .microseconds(Int64(header.timeoutMicroseconds))
        }
        return CallContext.Box(extras)
    }

    private func decodeMetadata(_ bytes: RawSpan) throws(RPCError) -> Metadata {
        let metadata: Metadata
        do throws(MessageDecodingError) {
            metadata = try bytes.withUnsafeBytes { bytes throws(MessageDecodingError) in
                try loop.decoder.decode(Metadata.self, from: bytes)
            }
        } catch {
            throw .runtime(.invalidArgument, "METADATA_MALFORMED", "\(error)")
        }
        guard metadata.hasValidNames else {
            throw .runtime(
                .invalidArgument,
                "METADATA_MALFORMED",
                "the name of a metadata entry is not 1 to 64 of a-z, 0-9, '-', '_' and '.'"
            )
        }
        return metadata
    }

    // MARK: - Inline handlers

    func decode<Request: Message>(
        _ type: Request.Type,
        from bytes: UnsafeRawBufferPointer
    ) throws(RPCError) -> Request {
        do throws(MessageDecodingError) {
            return try loop.decoder.decode(type, from: bytes)
        } catch {
            var error = RPCError(undecodable: error)
            error.isNotProcessed = true
            throw error
        }
    }

    /// Answers a call with what `body` returns or throws.
    func answer<Response: Message>(
        _ id: CallID,
        _ context: CallContext,
        _ body: () throws -> Response
    ) {
        var code = Code.ok
        loop.inlineEffect.reset()
        do {
            code = reply(id, try body())
        } catch {
            note(error, context)
            var error = outcome(of: error, context)
            if loop.inlineEffect.hasBegun { error.isNotProcessed = false }
            fail(id, error)
            code = error.code
        }
        let arrival = connection.liveness.lastReceived
        context.registered.metrics.record(code, nanoseconds: now.since(arrival).nanoseconds)
    }

    // MARK: - Handlers in tasks

    private func begin(
        _ id: CallID,
        _ method: RegisteredMethod,
        _ task: RegisteredMethod.Task,
        _ message: UnsafeRawBufferPointer,
        _ context: CallContext,
        _ header: CallHeader,
        _ now: Timestamp
    ) {
        let run: RegisteredMethod.Run
        do throws(MessageDecodingError) {
            run = try task(message, loop)
        } catch {
            var error = RPCError(undecodable: error)
            error.isNotProcessed = true
            fail(id, error)
            return method.metrics.record(error.code, nanoseconds: 0)
        }
        guard environment.beginTask() else {
            fail(
                id,
                .runtime(
                    .resourceExhausted,
                    "TOO_MANY_CALLS",
                    "the server runs as many calls as it can: try again later",
                    isNotProcessed: true
                )
            )
            return method.metrics.record(.resourceExhausted, nanoseconds: 0)
        }
        let call = ServerCall(id, method, self, at: now)
        call.resume = header.resume
        var context = context
        context.effect = call.effect
        add(call)
        // The timeout of this call may be the earliest thing that the connection waits for.
        if header.timeoutMicroseconds > 0 { armTimer() }
        call.task = Task(executorPreference: loop.executor) { [context, environment] in
            let result = await environment.run(run, call, context)
            environment.endTask()
            self.eventLoop.runHere { self.finish(call, context, result) }
        }
    }

    /// Sends the outcome of a handler that has stopped.
    private func finish(
        _ call: ServerCall,
        _ context: CallContext,
        _ result: Result<RegisteredMethod.Outcome, any Error>
    ) {
        if case .failure(let error) = result { note(error, context) }
        let duration = now.since(call.startedAt).nanoseconds
        // A connection that is gone has forgotten its calls.
        guard task(call.id) === call else {
            return call.method.metrics.record(.cancelled, nanoseconds: duration)
        }
        let code: Code
        switch result {
        case .success(.response(let response)):
            remove(call)
            code = reply(call.id, response)
        case .success(.endOfStream):
            remove(call)
            end(call.id, Status())
            code = .ok
        case .success(.subscription(let request)) where call.givenUp == nil:
            code = subscribe(call, request)
        case .success(.subscription):
            code = fail(call, context, CancellationError())
        case .failure(let error):
            code = fail(call, context, error)
        }
        call.method.metrics.record(code, nanoseconds: duration)
    }

    /// Ends a call whose handler has thrown an error.
    ///
    /// - Returns: The code that the caller learns.
    private func fail(_ call: ServerCall, _ context: CallContext, _ error: any Error) -> Code {
        remove(call)
        var error = outcome(of: error, context, call)
        // What has had an effect is not safe to be sent again, whatever its handler says.
        if call.effect.hasBegun { error.isNotProcessed = false }
        fail(call.id, error)
        return error.code
    }

    /// Puts what a handler did not mean to tell its caller into the log, whether there still is one.
    private func note(_ error: any Error, _ context: CallContext) {
        guard !(error is RPCError), !(error is CancellationError) else { return }
        environment.failures.write(
            .error,
            context.logger,
            "a handler failed",
            ["error": "\(error)"],
            at: now
        )
    }

    /// What the caller learns of an error that a handler threw.
    private func outcome(
        of error: any Error,
        _ context: CallContext,
        _ call: ServerCall? = nil
    ) -> RPCError {
        let own = (error as? RPCError)?.ofHandler
        // One that has had an effect was not stopped, and what it fails of is its outcome.
        let mayBeStopped = own != nil || error is CancellationError || call?.isAbandoned == true
        if mayBeStopped, let call, let code = call.givenUp {
            // What the handler says about itself counts, unless that is just that it was stopped.
            if let own, own.code != .cancelled, own.code != code { return own }
            let isNotProcessed =
                own?.isNotProcessed == true
                || call.method.description.idempotency == .safe
            return RPCError(
                code,
                code == .cancelled
                    ? "the caller cancelled the call" : "the deadline has passed",
                isNotProcessed: isNotProcessed
            )
        }
        return own
            ?? .runtime(.internal, "HANDLER_FAILED", "the server failed to handle the call")
    }

    // MARK: - Outcomes

    /// Ends a call with its response, or with an error where that is too long for the client.
    @discardableResult
    func reply<Response: Message>(_ id: CallID, _ response: Response) -> Code {
        let sending = loop.encoder.encode(response) { byteCount, write in
            let sending = connection.reply(id, byteCount: byteCount)
            if case .frame(let header) = sending {
                output.append(header, loop, message: byteCount, write)
            }
            return sending
        }
        switch sending {
        case .frame:
            setEnding(id)
            return .ok
        case .tooLarge:
            fail(
                id,
                .runtime(
                    .resourceExhausted,
                    "RESPONSE_TOO_LARGE",
                    "the response is longer than a frame that the client accepts"
                )
            )
            return .resourceExhausted
        default:
            return .cancelled
        }
    }

    /// Ends a call in error.
    func fail(_ id: CallID, _ error: RPCError) {
        end(id, error.status, isNotProcessed: error.isNotProcessed)
    }

    func end(_ id: CallID, _ status: Status, isNotProcessed: Bool = false) {
        let sending = send(id, status, isNotProcessed: isNotProcessed)
        guard sending == .tooLarge else { return }
        // The smallest frame that a client may accept holds this.
        let short = Status(code: status.code, message: status.message.prefix(maxBytes: 1_024))
        _ = send(id, short, isNotProcessed: isNotProcessed)
    }

    private func send(
        _ id: CallID,
        _ status: Status,
        isNotProcessed: Bool
    ) -> ServerConnection.Sending {
        let sending = loop.encoder.encode(status) { byteCount, write in
            let sending = connection.status(
                id,
                byteCount: byteCount,
                isNotProcessed: isNotProcessed
            )
            if case .frame(let header) = sending {
                output.append(header, loop, message: byteCount, write)
            }
            return sending
        }
        if case .frame = sending { setEnding(id) }
        return sending
    }
}

extension ServerEnvironment {
    /// Runs a handler, with all interceptors around it.
    fileprivate func run(
        _ run: @escaping RegisteredMethod.Run,
        _ call: ServerCall,
        _ context: CallContext
    ) async -> Result<RegisteredMethod.Outcome, any Error> {
        do {
            guard let trace = context.trace else {
                return .success(try await intercept(0, run, call, context))
            }
            return .success(
                try await TraceContext.$current.withValue(trace) {
                    try await intercept(0, run, call, context)
                }
            )
        } catch {
            return .failure(error)
        }
    }

    private func intercept(
        _ index: Int,
        _ run: @escaping RegisteredMethod.Run,
        _ call: ServerCall,
        _ context: CallContext
    ) async throws -> RegisteredMethod.Outcome {
        guard index < interceptors.count else { return try await run(call, context) }
        return try await interceptors[index].intercept(context) { context in
            // Whatever the interceptor has made of it, it is the context of this call.
            var context = context
            context.effect = call.effect
            return try await self.intercept(index + 1, run, call, context)
        }
    }
}
