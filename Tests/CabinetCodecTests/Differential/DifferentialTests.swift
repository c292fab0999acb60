import CabinetAPI
import CabinetCodec
import CabinetCodegen
import CabinetRPC
import FixtureAPI
import Foundation
import TestSupport
import Testing

/// Every message type against Google's own implementation, in both directions.
@Suite struct DifferentialTests {
    /// Messages of each type; the environment asks for more.
    private static let count =
        ProcessInfo.processInfo.environment["CABINET_DIFFERENTIAL_COUNT"].flatMap { Int($0) } ?? 25

    @Test func everyMessageMeansTheSameToProtoc() throws {
        let protoc = try Protoc()
        defer { protoc.removeTemporaryFiles() }
        let seed = Seed.value
        var maker = RandomMessageMaker(protoc, random: Seed.generator(202))
        let dump = FieldDump(protoc)
        let types = CabinetSchema.messageTypes + RPCSchema.messageTypes + FixtureSchema.messageTypes
        let described = Dictionary(
            uniqueKeysWithValues: protoc.messages.map { ($0.declaration.fullName, $0) }
        )
        #expect(Set(types.map { $0.fullName }) == Set(described.keys))

        var compared = 0
        for type in types {
            guard let message = described[type.fullName] else { continue }
            let made = (0..<Self.count).map { _ in maker.make(message) }
            let theirs = try protoc.encode(made.map(\.text), of: type.fullName)
            let ours = try compare(type, items(of: theirs), made, dump, seed)
            #expect(ours == theirs, "\(type.fullName): other bytes than protoc's, seed \(seed)")
            let ourText = try protoc.decode(ours, of: type.fullName)
            let theirText = try protoc.decode(theirs, of: type.fullName)
            #expect(
                ourText == theirText,
                "\(type.fullName): protoc reads something else, seed \(seed)"
            )
            compared += made.count
        }
        print("compared \(compared) messages of \(types.count) types with protoc, seed \(seed)")
    }

    /// Decodes each message that protoc encoded, compares its fields with what they should be, and
    /// encodes it again.
    ///
    /// - Returns: Our batch of the same messages.
    private func compare<M: Message>(
        _ type: M.Type,
        _ items: [[UInt8]],
        _ made: [RandomMessage],
        _ dump: FieldDump,
        _ seed: UInt64
    ) throws -> [UInt8] {
        #expect(items.count == made.count)
        var batch = WireBuilder()
        for (bytes, expected) in zip(items, made) {
            let message = try M(serialized: bytes)
            #expect(dump.dump(message) == expected.fields, "\(M.fullName), seed \(seed)")
            batch.bytesField(1, message.serialized())
        }
        return batch.bytes
    }

    /// Takes `repeated M items = 1` apart.
    private func items(of batch: [UInt8]) throws -> [[UInt8]] {
        var items: [[UInt8]] = []
        var rest = batch[...]
        while let tag = rest.popFirst() {
            try #require(tag == 0x0a)
            var length = 0
            var shift = 0
            while let byte = rest.popFirst() {
                length |= Int(byte & 0x7f) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            try #require(length <= rest.count)
            items.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return items
    }
}
