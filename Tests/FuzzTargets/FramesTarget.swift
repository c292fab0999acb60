internal import CabinetWire

/// Cuts bytes into frames, and takes the body of each apart and puts it together again.
enum FramesTarget {
    /// The first byte says whose frames they are and which limit they have, the second how the bytes
    /// are cut when they arrive.
    static func run(_ input: UnsafeRawBufferPointer) throws {
        var program = ProgramReader(input)
        let choice = program.byte()
        let step = Int(program.byte()) + 1
        let bytes = program.bytes(input.count)
        var reader = FrameReader(from: choice & 1 == 0 ? .client : .server)
        reader.maxBodyBytes = [4_096, 65_536, Int(FrameHeader.maxField)][Int(choice >> 1) % 3]

        let whole = try cut(bytes, reader, step: bytes.count)
        let parts = try cut(bytes, reader, step: step)
        try require(whole == parts, "what the frames are depends on how the bytes arrive")
        for (header, body) in whole.frames {
            try checkHeader(header, reader)
            do {
                try checkBody(header, body)
            } catch let violation as ProtocolViolation {
                try require(violation.rule.description.first?.isNumber == true, "\(violation)")
            }
        }
    }

    private struct Cut: Equatable {
        var frames: [(header: FrameHeader, body: [UInt8])] = []
        var violation: ProtocolViolation?
        /// The bytes after the last frame.
        var restByteCount = 0

        static func == (left: Cut, right: Cut) -> Bool {
            left.violation == right.violation && left.restByteCount == right.restByteCount
                && left.frames.elementsEqual(right.frames, by: ==)
        }
    }

    /// Cuts bytes of which `step` arrive at a time.
    private static func cut(_ bytes: [UInt8], _ reader: FrameReader, step: Int) throws -> Cut {
        var found = Cut()
        var start = 0
        var arrived = 0
        repeat {
            arrived = min(arrived + step, bytes.count)
            do throws(ProtocolViolation) {
                while true {
                    let available = bytes.span.bytes.extracting(start..<arrived)
                    let next = try reader.next(in: available)
                    guard case .frame(let header) = next else {
                        guard case .incomplete(let neededBytes) = next else { break }
                        guard
                            neededBytes > available.byteCount,
                            neededBytes <= FrameHeader.byteCount + reader.maxBodyBytes
                        else { throw impossible }
                        break
                    }
                    let end = start + FrameHeader.byteCount + header.bodyByteCount
                    guard end <= arrived else { throw impossible }
                    let body = Array(bytes[(start + FrameHeader.byteCount)..<end])
                    found.frames.append((header, body))
                    start = end
                }
            } catch {
                try require(error != impossible, "a frame that is not there, or is there already")
                found.violation = error
                // Where it was found depends on how much had arrived.
                return found
            }
        } while arrived < bytes.count
        found.restByteCount = bytes.count - start
        return found
    }

    private static let impossible = ProtocolViolation(.protocolError, rule: "-", "impossible")

    private static func checkHeader(_ header: FrameHeader, _ reader: FrameReader) throws {
        let again = FrameHeader(
            type: header.type,
            flags: header.flags,
            id: header.id,
            bodyByteCount: header.bodyByteCount
        )
        try require(again == header, "a header is not what its fields are")
        let encoded = written(byteCount: FrameHeader.byteCount) { $0.append(header) }
        var bytes: [UInt8] = []
        bytes.append(header)
        try require(encoded == bytes, "a header is written in two ways")
        try require(header.bodyByteCount <= reader.maxBodyBytes, "a frame above the limit")
    }

    private static func checkBody(_ header: FrameHeader, _ body: [UInt8]) throws {
        switch header.type {
        case .call: try checkCall(header, body)
        case .bound:
            let bound = try BoundBody(body.span.bytes)
            let again = written(byteCount: BoundBody.byteCount) { bound.write(to: &$0) }
            try require(again == body, "BOUND is written as something else")
        case .batch: try checkBatch(body)
        case .credit, .ping, .pong, .event, .mark, .snapshot:
            let number = try SequenceBody.read(body.span.bytes)
            try require(
                numberBody(number)[...] == body.prefix(SequenceBody.byteCount),
                "a number is written as another"
            )
        default:
            break
        }
    }

    private static func checkCall(_ header: FrameHeader, _ body: [UInt8]) throws {
        let limit = ConnectionLimits.default.maxMetadataBytes
        let call = try CallHeader(
            body: body.span.bytes,
            flags: header.flags,
            maxMetadataBytes: limit
        )
        try require(call.flags == header.flags.subtracting(.end), "CALL has other flags")
        try require(
            call.byteCount + (call.metadataByteCount ?? 0) <= body.count
                && call.metadataByteCount ?? 0 <= limit,
            "the metadata of CALL is not all there"
        )
        let again = written(byteCount: call.byteCount) { call.write(to: &$0) }
        try require(again[...] == body.prefix(call.byteCount), "CALL is written as something else")
    }

    private static func checkBatch(_ body: [UInt8]) throws {
        let batch = try BatchBody(body.span.bytes)
        var end = BatchBody.headerByteCount
        for message in batch.messages {
            try require(message.lowerBound > end, "an event without a length, or a part of another")
            end = message.upperBound
        }
        try require(end == body.count, "the events are not the whole batch")
        // A length may be written longer than it needs to be: what is equal is the messages.
        let byteCount = batch.messages.reduce(BatchBody.headerByteCount) {
            $0 + BatchBody.byteCount(ofMessage: $1.count)
        }
        try require(byteCount <= body.count, "a batch grows when it is written again")
        let again = written(byteCount: byteCount) { output in
            BatchBody.writeHeader(
                firstSequence: batch.firstSequence,
                count: batch.messages.count,
                to: &output
            )
            for message in batch.messages {
                BatchBody.writeMessageByteCount(message.count, to: &output)
                for byte in body[message] { output.append(byte, as: UInt8.self) }
            }
        }
        let reread = try BatchBody(again.span.bytes)
        try require(
            reread.firstSequence == batch.firstSequence
                && reread.messages.map { again[$0] } == batch.messages.map { body[$0] },
            "a batch has other events when it is written again"
        )
    }
}
