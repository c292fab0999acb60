/// What stands before the message in the body of CALL (CWP/1, rule 3.2).
public struct CallHeader: Hashable, Sendable {
    /// Two 64-bit words: a key or an id of 16 bytes, in the order of the wire.
    public struct Bytes16: Hashable, Sendable {
        public var high: UInt64
        public var low: UInt64

        public init(high: UInt64, low: UInt64) {
            self.high = high
            self.low = low
        }
    }

    /// The trace context of a call (W3C Trace Context, section 3.2).
    public struct Trace: Hashable, Sendable {
        public var traceID: Bytes16
        public var parentID: UInt64
        public var flags: UInt8

        public init(traceID: Bytes16, parentID: UInt64, flags: UInt8) {
            self.traceID = traceID
            self.parentID = parentID
            self.flags = flags
        }
    }

    /// The place in a channel that a subscriber has reached (rule 5.3).
    public struct Resume: Hashable, Sendable {
        public var epoch: UInt64
        public var sequence: UInt64

        public init(epoch: UInt64, sequence: UInt64) {
            self.epoch = epoch
            self.sequence = sequence
        }
    }

    /// The number of the method.
    public var method: UInt16
    /// Microseconds until the caller stops waiting; 0 for never.
    public var timeoutMicroseconds: UInt32
    public var key: Bytes16?
    public var trace: Trace?
    public var resume: Resume?
    /// The bytes of the serialized metadata; `nil` where there is none.
    public var metadataByteCount: Int?

    public init(
        method: UInt16,
        timeoutMicroseconds: UInt32 = 0,
        key: Bytes16? = nil,
        trace: Trace? = nil,
        resume: Resume? = nil,
        metadataByteCount: Int? = nil
    ) {
        self.method = method
        self.timeoutMicroseconds = timeoutMicroseconds
        self.key = key
        self.trace = trace
        self.resume = resume
        self.metadataByteCount = metadataByteCount
    }

    /// The flags of a CALL with this header.
    public var flags: FrameFlags {
        var flags: FrameFlags = []
        if key != nil { flags.insert(.key) }
        if trace != nil { flags.insert(.trace) }
        if resume != nil { flags.insert(.resume) }
        if metadataByteCount != nil { flags.insert(.metadata) }
        return flags
    }

    /// The bytes of this header. The metadata and the message follow.
    public var byteCount: Int {
        6 + (key == nil ? 0 : 16) + (trace == nil ? 0 : 25) + (resume == nil ? 0 : 16)
            + (metadataByteCount == nil ? 0 : 2)
    }

    /// Reads the header from the body of a CALL.
    ///
    /// On success, the metadata is at ``byteCount`` in `body`, and is all there; the message follows.
    ///
    /// - Throws: ``ProtocolViolation`` where the body is too short, or its metadata too long.
    public init(
        body: RawSpan,
        flags: FrameFlags,
        maxMetadataBytes: Int
    ) throws(ProtocolViolation) {
        var reader = BodyReader(rule: "3.2")
        method = try reader.read(body)
        timeoutMicroseconds = try reader.read(body)
        key = flags.contains(.key) ? try reader.readBytes16(body) : nil
        if flags.contains(.trace) {
            trace = Trace(
                traceID: try reader.readBytes16(body),
                parentID: try reader.read(body),
                flags: try reader.read(body)
            )
        }
        if flags.contains(.resume) {
            resume = Resume(epoch: try reader.read(body), sequence: try reader.read(body))
        }
        if flags.contains(.metadata) {
            let byteCount = Int(try reader.read(body) as UInt16)
            guard byteCount <= maxMetadataBytes else {
                throw ProtocolViolation(
                    .tooLarge,
                    rule: "3.2",
                    "the metadata of a call is longer than the limit"
                )
            }
            try reader.skip(byteCount, in: body)
            metadataByteCount = byteCount
        }
    }

    /// Writes the header.
    ///
    /// - Precondition: `output` has room for ``byteCount`` bytes, and the metadata has at most 65,535.
    public func write(to output: inout OutputRawSpan) {
        output.append(bigEndian: method)
        output.append(bigEndian: timeoutMicroseconds)
        if let key { output.append(key) }
        if let trace {
            output.append(trace.traceID)
            output.append(bigEndian: trace.parentID)
            output.append(bigEndian: trace.flags)
        }
        if let resume {
            output.append(bigEndian: resume.epoch)
            output.append(bigEndian: resume.sequence)
        }
        if let metadataByteCount {
            output.append(bigEndian: UInt16(metadataByteCount))
        }
    }
}
