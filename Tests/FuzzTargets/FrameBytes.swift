internal import CabinetWire

/// Bytes that the wire's own functions write.
func written(byteCount: Int, _ write: (inout OutputRawSpan) -> Void) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 8)
    defer { buffer.deallocate() }
    var span = OutputRawSpan(buffer: buffer, initializedCount: 0)
    write(&span)
    return Array(buffer.prefix(span.byteCount))
}

func numberBody(_ number: UInt64) -> [UInt8] {
    written(byteCount: SequenceBody.byteCount) { SequenceBody.write(number, to: &$0) }
}

extension [UInt8] {
    mutating func append(_ header: FrameHeader) {
        Swift.withUnsafeBytes(of: header.word.bigEndian) { append(contentsOf: $0) }
    }
}

/// The bytes that have arrived at one end, which are cut into frames.
struct ArrivedBytes {
    private var bytes: [UInt8] = []
    private var offset = 0
    var reader: FrameReader

    init(from sender: Side) {
        reader = FrameReader(from: sender)
    }

    /// Whether they end within a frame.
    var isIncomplete: Bool { offset < bytes.count }

    mutating func append(_ more: some Sequence<UInt8>) {
        bytes = Array(bytes[offset...])
        bytes.append(contentsOf: more)
        offset = 0
    }

    /// The next frame that is whole.
    mutating func next() throws(ProtocolViolation) -> (header: FrameHeader, body: [UInt8])? {
        let begin = offset
        let found = try reader.next(in: bytes.span.bytes.extracting(begin...))
        guard case .frame(let header) = found else { return nil }
        let start = begin + FrameHeader.byteCount
        let end = start + header.bodyByteCount
        offset = end
        return (header, Array(bytes[start..<end]))
    }
}
