internal import CabinetWire
internal import NIOCore

extension Timestamp {
    /// A moment of an event loop's clock.
    init(_ moment: NIODeadline) {
        self.init(nanoseconds: moment.uptimeNanoseconds)
    }
}

extension NIODeadline {
    init(_ moment: Timestamp) {
        self = .uptimeNanoseconds(min(moment.nanoseconds, UInt64(Int64.max)))
    }
}

extension ByteBuffer {
    mutating func write(_ header: FrameHeader) {
        writeInteger(header.word)
    }
}

extension OutputRawSpan {
    mutating func append(bytes: [UInt8]) {
        precondition(bytes.count <= freeCapacity)
        withUnsafeMutableBytes { room, byteCount in
            // The bytes that are there already come first in the room.
            UnsafeMutableRawBufferPointer(rebasing: room[byteCount...]).copyBytes(from: bytes)
            byteCount += bytes.count
        }
    }
}
