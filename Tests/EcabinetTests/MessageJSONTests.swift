import CabinetAPI
import CabinetCodec
import CabinetRPC
import Foundation
import TestSupport
import Testing

@testable import ecabinet

/// Messages in JSON, by a schema that is known by its descriptors alone.
@Suite struct MessageJSONTests {
    /// The schema as reflection tells it.
    private static let schema: DescriptorSet = {
        var writer = ProtoWriter()
        for file in RPCSchema.files + CabinetSchema.files {
            writer.append(1, .bytes(file.serialized[...]))
        }
        return try! DescriptorSet(serialized: writer.bytes)
    }()

    private let encoder = MessageEncoder(schema: schema)
    private let decoder = MessageDecoder(schema: schema)

    private func json(_ text: String) throws -> JSONValue {
        try JSONParser.value(of: Array(text.utf8))
    }

    @Test("What is encoded is what the generated code encodes")
    func encodes() throws {
        let bytes = try encoder.encode(
            json(
                #"""
                {"principalId": "m1", "display_name": "Nguyễn Văn A", "roles": ["ROLE_MEMBER", 2],
                 "suspended": false, "expected_revision": "18446744073709551615", "office": null}
                """#
            ),
            as: "cabinet.v1.PutPrincipalRequest"
        )
        let expected = PutPrincipalRequest(
            principalID: "m1",
            displayName: "Nguyễn Văn A",
            roles: [.member, .chair],
            expectedRevision: .max
        )
        #expect(bytes == expected.serialized())
    }

    @Test("What the generated code encodes is decoded, with texts for 64 bits and Base64 for bytes")
    func decodes() throws {
        let response = GetPrincipalResponse(
            principal: Principal(
                principalID: "m1",
                roles: [.member, .unrecognized(99)],
                certificates: [
                    Certificate(fingerprint: [0xfb, 0xff], use: .signing, notAfterUnixMs: -1)
                ],
                suspended: true,
                revision: 7
            )
        )
        #expect(
            try decoder.decode(response.serialized(), as: "cabinet.v1.GetPrincipalResponse")
                == json(
                    #"""
                    {"principal": {"principal_id": "m1", "roles": ["ROLE_MEMBER", 99],
                      "certificates": [{"fingerprint": "+/8=", "use": "CERTIFICATE_USE_SIGNING",
                                        "not_after_unix_ms": "-1"}],
                      "suspended": true, "revision": "7"}}
                    """#
                )
        )
    }

    @Test("Defaults are written where that is asked for")
    func defaults() throws {
        let all = MessageDecoder(schema: Self.schema, writesDefaults: true)
        #expect(
            try all.decode([], as: "cabinet.v1.Certificate")
                == json(
                    #"""
                    {"fingerprint": "", "use": "CERTIFICATE_USE_UNSPECIFIED",
                     "device_kind": "DEVICE_KIND_UNSPECIFIED", "not_before_unix_ms": "0",
                     "not_after_unix_ms": "0", "revoked_unix_ms": "0", "der": ""}
                    """#
                )
        )
        #expect(try decoder.decode([], as: "cabinet.v1.Certificate") == .object([]))
    }

    @Test(
        "What does not fit is refused, with its path",
        arguments: [
            (
                "PutPrincipalRequest", #"{"name": "x"}"#, "name",
                "has no such field; it has principal_id"
            ),
            ("GetSelfRequest", #"{"x": 1}"#, "x", "has no fields"),
            ("PutPrincipalRequest", "[]", "", "has to be a JSON object"),
            ("PutPrincipalRequest", #"{"roles": "ROLE_MEMBER"}"#, "roles", "a JSON array"),
            (
                "PutPrincipalRequest", #"{"roles": ["ROLE_MEMBER", "ROLE_KING"]}"#, "roles[1]",
                "is no cabinet.v1.Role; there are ROLE_UNSPECIFIED, ROLE_MEMBER"
            ),
            ("PutPrincipalRequest", #"{"roles": [null]}"#, "roles[0]", "a whole number"),
            (
                "PutPrincipalRequest", #"{"expected_revision": -1}"#, "expected_revision",
                "from 0 to"
            ),
            ("PutPrincipalRequest", #"{"expected_revision": 1.5}"#, "expected_revision", "whole"),
            ("ListPrincipalsRequest", #"{"page_size": 4294967296}"#, "page_size", "4294967295"),
            ("PutPrincipalRequest", #"{"suspended": "true"}"#, "suspended", "true or false"),
            ("PutPrincipalRequest", #"{"office": 1}"#, "office", "a text"),
            ("AddCertificateRequest", #"{"der": "!"}"#, "der", "Base64"),
            (
                "PutPrincipalRequest", #"{"principal_id": "a", "principalId": "b"}"#,
                "principalId", "twice"
            ),
            (
                "GetPrincipalResponse", #"{"principal": {"certificates": [{}, {"use": true}]}}"#,
                "principal.certificates[1].use", "a whole number"
            ),
        ]
    )
    func mismatch(_ message: String, _ text: String, _ path: String, _ explanation: String) throws {
        let json = try json(text)
        let error = try #require(throws: MessageJSONError.self) {
            try encoder.encode(json, as: "cabinet.v1.\(message)")
        }
        #expect(error.path == path)
        #expect(error.explanation.contains(explanation))
    }

    @Test("Messages of every type, at random, are the same after both ways")
    func roundTrip() throws {
        var generator = Seed.generator(2)
        for message in Self.schema.messages.values.sorted(by: { $0.name < $1.name }) {
            for _ in 0..<20 {
                let value = Self.random(message, depth: 0, &generator)
                let bytes = try encoder.encode(value, as: message.name)
                #expect(try decoder.decode(bytes, as: message.name) == value, "\(message.name)")
            }
        }
    }

    @Test("Bytes at random are decoded or refused, and do no harm")
    func hostile() {
        var generator = Seed.generator(3)
        for name in Self.schema.messages.keys.sorted() {
            for _ in 0..<50 {
                let bytes = generator.bytes(Int.random(in: 0...64, using: &generator))
                _ = try? decoder.decode(bytes, as: name)
                _ = try? DescriptorSet(serialized: bytes)
            }
        }
    }

    @Test("Base64 is read in both alphabets, padded or not")
    func base64() throws {
        for text in ["+/8=", "-_8=", "+/8", "-_8"] {
            let bytes = try encoder.encode(
                json(#"{"der": "\#(text)"}"#),
                as: "cabinet.v1.AddCertificateRequest"
            )
            #expect(bytes == AddCertificateRequest(der: [0xfb, 0xff]).serialized())
        }
    }

    // MARK: - What comes more than once

    /// A schema of one message: a bool that is packed, a number, itself, and a oneof of a text and itself.
    private static let merged: DescriptorSet = {
        func field(
            _ name: String,
            _ number: UInt64,
            _ type: UInt64,
            isRepeated: Bool = false,
            oneof: UInt64? = nil
        ) -> [UInt8] {
            var writer = ProtoWriter()
            writer.append(1, .bytes(Array(name.utf8)[...]))
            writer.append(3, .varint(number))
            writer.append(4, .varint(isRepeated ? 3 : 1))
            writer.append(5, .varint(type))
            if type == 11 { writer.append(6, .bytes(Array(".test.M".utf8)[...])) }
            if let oneof { writer.append(9, .varint(oneof)) }
            return writer.bytes
        }
        var oneof = ProtoWriter()
        oneof.append(1, .bytes(Array("choice".utf8)[...]))
        var message = ProtoWriter()
        message.append(1, .bytes(Array("M".utf8)[...]))
        for field in [
            field("flags", 1, 8, isRepeated: true), field("number", 2, 5), field("inner", 3, 11),
            field("text", 4, 9, oneof: 0), field("other", 5, 11, oneof: 0),
        ] {
            message.append(2, .bytes(field[...]))
        }
        message.append(8, .bytes(oneof.bytes[...]))
        var file = ProtoWriter()
        file.append(2, .bytes(Array("test".utf8)[...]))
        file.append(4, .bytes(message.bytes[...]))
        var set = ProtoWriter()
        set.append(1, .bytes(file.bytes[...]))
        return try! DescriptorSet(serialized: set.bytes)
    }()

    private func merged(_ values: [(Int32, ProtoReader.Value)]) throws -> JSONValue {
        try MessageDecoder(schema: Self.merged).decode(Self.bytes(values), as: "test.M")
    }

    private static func bytes(_ values: [(Int32, ProtoReader.Value)]) -> [UInt8] {
        var writer = ProtoWriter()
        for (number, value) in values { writer.append(number, value) }
        return writer.bytes
    }

    @Test("Of a field that is there twice the last counts, and parts of a message are merged")
    func merging() throws {
        let inner = { (values: [(Int32, ProtoReader.Value)]) in
            ProtoReader.Value.bytes(Self.bytes(values)[...])
        }
        #expect(try merged([(2, .varint(1)), (2, .varint(2))]) == json(#"{"number": 2}"#))
        #expect(
            try merged([
                (3, inner([(2, .varint(1)), (1, .varint(1))])),
                (3, inner([(1, .bytes([0, 1])), (3, inner([(2, .varint(7))]))])),
                (3, inner([(3, inner([(1, .varint(0))]))])),
            ])
                == json(
                    #"""
                    {"inner": {"flags": [true, false, true], "number": 1,
                               "inner": {"flags": [false], "number": 7}}}
                    """#
                )
        )
    }

    @Test("Of a oneof the last field counts alone, and its message is merged with itself only")
    func oneofs() throws {
        let text = ProtoReader.Value.bytes(Array("x".utf8)[...])
        let first = ProtoReader.Value.bytes(Self.bytes([(2, .varint(1))])[...])
        let second = ProtoReader.Value.bytes(Self.bytes([(1, .varint(1))])[...])
        #expect(try merged([(5, first), (4, text)]) == json(#"{"text": "x"}"#))
        #expect(try merged([(4, text), (5, first)]) == json(#"{"other": {"number": 1}}"#))
        #expect(
            try merged([(5, first), (5, second)])
                == json(#"{"other": {"flags": [true], "number": 1}}"#)
        )
        #expect(
            try merged([(5, first), (4, text), (5, second)])
                == json(#"{"other": {"flags": [true]}}"#)
        )
    }

    @Test("A message of more values than are decoded is refused, however they are packed")
    func values() throws {
        let most = MessageDecoder.maxValues
        func flags(_ count: Int) -> ArraySlice<UInt8> { [UInt8](repeating: 1, count: count)[...] }
        guard case .array(let all)? = try merged([(1, .bytes(flags(most)))])["flags"] else {
            throw Missing()
        }
        #expect(all.count == most)
        for values: [(Int32, ProtoReader.Value)] in [
            [(1, .bytes(flags(most + 1)))],
            [(1, .bytes(flags(most))), (2, .varint(1))],
            Array(repeating: (3, .bytes([])), count: most + 1),
            // Fields that the schema does not have.
            Array(repeating: (99, .varint(1)), count: most + 1),
            [(3, .bytes(Self.bytes([(1, .bytes(flags(most)))])[...]))],
        ] {
            #expect(throws: ProtoError.tooManyValues) { try merged(values) }
        }
        // Those that are written without being there count as well.
        let decoder = MessageDecoder(schema: Self.merged, writesDefaults: true)
        #expect(throws: ProtoError.tooManyValues) {
            try decoder.decode(Self.bytes([(1, .bytes(flags(most)))]), as: "test.M")
        }
    }

    @Test("A server's list of services and its schema end somewhere")
    func schemaLimits() throws {
        var list = ServiceList()
        for number in 0..<ServerSchema.maxServices {
            try list.add(ServiceInfo(name: "s\(number)"))
        }
        #expect(throws: Failure.self) { try list.add(ServiceInfo(name: "one more")) }
        var methods = ServiceList()
        let service = ServiceInfo(
            methods: Array(repeating: MethodInfo(), count: ServerSchema.maxMethods)
        )
        try methods.add(service)
        #expect(throws: Failure.self) { try methods.add(ServiceInfo(methods: [MethodInfo()])) }

        // Fields of two bytes each, as many as there is room for.
        var file = ProtoWriter()
        let oneofs = [[UInt8]](repeating: [0x42, 0x00], count: 100_001)
        file.append(4, .bytes(Array(oneofs.joined())[...]))
        #expect(throws: DescriptorError.tooLarge) {
            try DescriptorSet(serialized: Self.bytes([(1, .bytes(file.bytes[...]))]))
        }
    }

    // MARK: - At random

    /// A message as the decoder gives it: nothing has its default but what has presence.
    private static func random(
        _ message: MessageShape,
        depth: Int,
        _ generator: inout SplitMix64
    ) -> JSONValue {
        var taken: Set<Int> = []
        return .object(
            message.fields.compactMap { field in
                guard Bool.random(using: &generator) else { return nil }
                if let oneof = field.oneof, !taken.insert(oneof).inserted { return nil }
                guard field.isRepeated else {
                    return random(field.kind, depth, &generator).map { .init(field.name, $0) }
                }
                let values = (0..<2).compactMap { _ in random(field.kind, depth, &generator) }
                return values.isEmpty ? nil : .init(field.name, .array(values))
            }
        )
    }

    private static func random(
        _ kind: FieldShape.Kind,
        _ depth: Int,
        _ generator: inout SplitMix64
    ) -> JSONValue? {
        switch kind {
        case .bool: .bool(true)
        case .int32, .sint32, .sfixed32:
            .integer(Int64(Int32.random(in: 1...(.max), using: &generator)) * -1)
        case .uint32, .fixed32:
            .integer(Int64(UInt32.random(in: 1...(.max), using: &generator)))
        case .int64, .sint64, .sfixed64:
            .string(String(Int64.random(in: .min ... -1, using: &generator)))
        case .uint64, .fixed64:
            .string(String(UInt64.random(in: 1...(.max), using: &generator)))
        case .double, .float: .number(0.5)
        case .string: .string("tiếng Việt \(UInt8.random(in: 0...9, using: &generator))")
        case .bytes: .string(Data(generator.bytes(5)).base64EncodedString())
        case .enumeration(let name):
            schema.enums[name]?.values.first { $0.number != 0 }.map { .string($0.name) }
        case .message(let name):
            depth < 4
                ? schema.messages[name].map { random($0, depth: depth + 1, &generator) } : nil
        }
    }
}
