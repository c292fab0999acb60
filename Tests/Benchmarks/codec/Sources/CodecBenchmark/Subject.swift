import CBareProtobufC
import CabinetAPI
import CabinetCodec
import SwiftProtobuf
import SwiftProtobufMessages

/// What is compared, under the name that it has in the report.
enum Implementation: String {
    case ours = "e-cabinet"
    case protobufC = "protobuf-c"
    case protobufCArena = "protobuf-c, arena"
    case swiftProtobuf = "SwiftProtobuf"
}

/// One implementation of one operation on one message: what a line of the report is about.
struct Subject {
    /// For example `decode_ballot`.
    let operation: String
    let implementation: Implementation
    let byteCount: Int
    /// Does the operation that many times.
    let run: (_ iterations: Int) -> Void
}

extension Subject {
    /// All subjects for one message.
    ///
    /// - Throws: ``BenchmarkError`` where the implementations do not agree on the bytes.
    static func all<Ours: CabinetCodec.Message, Theirs: SwiftProtobuf.Message & Equatable>(
        name: String,
        message: Ours,
        bareType: bare_message_type,
        swiftProtobuf: Theirs.Type
    ) throws -> [Subject] {
        let bytes = message.serialized()
        let theirs = try Theirs(serializedBytes: bytes)
        let decoded = try Ours(serialized: bytes)
        let packed = bareMessage(bareType, bytes)
        var repacked = [UInt8](repeating: 0, count: bytes.count)
        _ = bare_pack(packed, &repacked, repacked.count, 1)
        guard decoded == message, repacked == bytes, try theirs.serializedBytes() == bytes else {
            throw BenchmarkError.implementationsDisagree(name)
        }
        let decode = "decode_\(name)"
        let encode = "encode_\(name)"
        return [
            ours(decoding: Ours.self, bytes, decode),
            bareDecoding(bareType, bytes, decode, .protobufC, bare_unpack_malloc),
            bareDecoding(bareType, bytes, decode, .protobufCArena, bare_unpack_arena),
            Subject(operation: decode, implementation: .swiftProtobuf, byteCount: bytes.count) {
                for _ in 0..<$0 { keep(try? Theirs(serializedBytes: bytes)) }
            },
            ours(encoding: message, bytes.count, encode),
            bareEncoding(packed, bytes.count, encode),
            // SwiftProtobuf encodes into an array of its own, never into a buffer of the caller's.
            Subject(operation: encode, implementation: .swiftProtobuf, byteCount: bytes.count) {
                for _ in 0..<$0 { keep(try? theirs.serializedBytes() as [UInt8]) }
            },
        ]
    }

    private static func ours<M: CabinetCodec.Message>(
        decoding type: M.Type,
        _ bytes: [UInt8],
        _ operation: String
    ) -> Subject {
        let decoder = Box(MessageDecoder())
        return Subject(operation: operation, implementation: .ours, byteCount: bytes.count) {
            for _ in 0..<$0 { keep(try? decoder.value.decode(M.self, from: bytes)) }
        }
    }

    private static func ours<M: CabinetCodec.Message>(
        encoding message: M,
        _ byteCount: Int,
        _ operation: String
    ) -> Subject {
        let encoder = Box(MessageEncoder())
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 16)
        return Subject(operation: operation, implementation: .ours, byteCount: byteCount) {
            for _ in 0..<$0 {
                keep(encoder.value.encode(message) { _, write in write(buffer) })
            }
        }
    }

    private static func bareDecoding(
        _ type: bare_message_type,
        _ bytes: [UInt8],
        _ operation: String,
        _ implementation: Implementation,
        _ unpack: @escaping (bare_message_type, UnsafePointer<UInt8>?, Int, Int) -> Int
    ) -> Subject {
        Subject(operation: operation, implementation: implementation, byteCount: bytes.count) {
            let successes = unpack(type, bytes, bytes.count, $0)
            precondition(successes == $0, "protobuf-c does not unpack the message")
        }
    }

    private static func bareEncoding(
        _ message: OpaquePointer?,
        _ byteCount: Int,
        _ operation: String
    ) -> Subject {
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: byteCount)
        return Subject(operation: operation, implementation: .protobufC, byteCount: byteCount) {
            let size = bare_pack(message, buffer.baseAddress, buffer.count, $0)
            precondition(size == byteCount, "protobuf-c does not pack the message")
        }
    }

    /// Lives as long as the process.
    private static func bareMessage(_ type: bare_message_type, _ bytes: [UInt8]) -> OpaquePointer? {
        bare_message_new(type, bytes, bytes.count)
    }
}

enum BenchmarkError: Error, CustomStringConvertible {
    case implementationsDisagree(String)
    case noSuchSubject(String)
    case unknownArgument(String)

    var description: String {
        switch self {
        case .implementationsDisagree(let message):
            "the implementations do not write the same bytes for the \(message); "
                + "is Tests/Benchmarks/codec/generate to be run?"
        case .noSuchSubject(let filter): "no operation is named \(filter)"
        case .unknownArgument(let argument): "what is \(argument)?"
        }
    }
}

/// Gives a value that cannot be copied to a closure that escapes.
private final class Box<Value: ~Copyable> {
    var value: Value

    init(_ value: consuming Value) { self.value = value }
}

/// The optimizer may not assume that nobody looks at the value.
@inline(never)
@_optimize(none)
private func keep<Value>(_ value: Value) {}
