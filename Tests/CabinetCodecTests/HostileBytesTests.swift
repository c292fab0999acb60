import CabinetAPI
import CabinetCodec
import CabinetRPC
import FixtureAPI
import TestSupport
import Testing

/// Bytes that nobody meant: every prefix, random bytes, and messages with something changed.
@Suite struct HostileBytesTests {
    private static let types: [any Message.Type] =
        CabinetSchema.messageTypes + RPCSchema.messageTypes + FixtureSchema.messageTypes

    private static let sample = Repeated(
        doubles: [1, -2],
        int32s: [-1, 300],
        bools: [true],
        strings: ["Hà Nội", ""],
        byteArrays: [[1, 2, 3]],
        colors: [.red, .unrecognized(9)],
        messages: [Scalars(aDouble: 1, aUint32: 7, aString: "a longer string, referred to")],
        unpacked: [1, 2]
    )

    /// Decoding what was decoded and encoded gives the same, and protobuf-c never refuses what the
    /// scanner accepts.
    private func examine<M: Message>(_ type: M.Type, _ bytes: [UInt8], _ seed: UInt64) -> Bool {
        let message: M
        do {
            message = try M(serialized: bytes)
        } catch {
            #expect(error.reason != .refusedByProtobufC, "\(M.fullName) \(bytes) seed \(seed)")
            return false
        }
        do {
            // A NaN is not equal to itself; its bytes are.
            let again = try M(serialized: message.serialized()).serialized()
            #expect(again == message.serialized(), "\(M.fullName) \(bytes) seed \(seed)")
        } catch {
            Issue.record("\(M.fullName) \(bytes) is not decoded again: \(error), seed \(seed)")
        }
        return true
    }

    @Test func everyPrefixOfAMessageIsRefusedOrAMessage() {
        let bytes = Self.sample.serialized()
        var accepted = 0
        for count in 0...bytes.count where examine(Repeated.self, Array(bytes[..<count]), 0) {
            accepted += 1
        }
        // One for each border: before the first of the ten fields on the wire, and after each.
        #expect(accepted == 11)
    }

    @Test func randomBytesDoNoHarm() {
        let seed = Seed.value
        var random = Seed.generator(200)
        for _ in 0..<40_000 {
            let count = Int.random(in: 0...40, using: &random)
            // Small numbers make tags and lengths that fit now and then.
            let bound: UInt8 = Bool.random(using: &random) ? 0xff : 0x2f
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...bound, using: &random) }
            guard let type = Self.types.randomElement(using: &random) else { return }
            _ = examine(type, bytes, seed)
        }
    }

    @Test func changedMessagesDoNoHarm() {
        let seed = Seed.value
        var random = Seed.generator(201)
        let original = Self.sample.serialized()
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = original
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                let place = Int.random(in: 0..<max(1, bytes.count), using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0 where !bytes.isEmpty:
                    bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1 where !bytes.isEmpty: bytes.remove(at: place)
                case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                default: bytes.append(contentsOf: bytes[place...].prefix(20))
                }
            }
            if examine(Repeated.self, bytes, seed) { accepted += 1 }
        }
        #expect(accepted > 100 && accepted < 19_900, "seed \(seed)")
    }
}
