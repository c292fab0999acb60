import CabinetCodec
import FixtureAPI
import Testing

/// What is refused, why, and where it is said to be.
@Suite struct MalformedMessageTests {
    typealias Reason = MessageDecodingError.Reason

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let type: any Message.Type
        let bytes: [UInt8]
        let reason: Reason
        let path: String

        init(
            _ name: String,
            of type: any Message.Type = Scalars.self,
            _ reason: Reason,
            path: String = "",
            _ body: (inout WireBuilder) -> Void
        ) {
            self.name = name
            self.type = type
            self.reason = reason
            self.path = path
            bytes = WireBuilder.make(body)
        }

        var testDescription: String { name }
    }

    private func expectRefusal(_ test: Case) {
        do {
            _ = try test.type.init(serialized: test.bytes)
            Issue.record("\(test.name): accepted")
        } catch {
            #expect(error.reason == test.reason)
            #expect(error.path == test.path)
            #expect(error.messageName == test.type.fullName)
        }
    }

    // MARK: - Framing of fields

    static let framing: [Case] = [
        Case("a tag that ends early", .truncated) { $0.raw([0x80]) },
        Case("a value that is missing", .truncated, path: "an_int32") { $0.tag(3, 0) },
        Case("a varint that ends early", .truncated, path: "an_int32") { $0.raw([0x18, 0xff]) },
        Case("a fixed32 of 3 bytes", .truncated, path: "a_fixed32") {
            $0.tag(9, 5)
            $0.raw([1, 2, 3])
        },
        Case("a fixed64 of 7 bytes", .truncated, path: "a_fixed64") {
            $0.tag(10, 1)
            $0.raw([1, 2, 3, 4, 5, 6, 7])
        },
        Case("a string one byte beyond the end", .truncated, path: "a_string") {
            $0.tag(14, 2)
            $0.varint(3)
            $0.raw([0x61, 0x62])
        },
        Case("a length of 2³¹", .truncated, path: "a_string") {
            $0.tag(14, 2)
            $0.varint(1 << 31)
        },
        Case("a length of 2³² − 1", .truncated, path: "a_string") {
            $0.tag(14, 2)
            $0.varint(1 << 32 - 1)
        },
        Case("a length of 2³²", .malformedVarint, path: "a_string") {
            $0.tag(14, 2)
            $0.varint(1 << 32)
        },
        Case("a length of six bytes", .malformedVarint, path: "a_string") {
            $0.tag(14, 2)
            $0.raw([0x80, 0x80, 0x80, 0x80, 0x80, 0x00])
        },
        Case("a submessage beyond the end", of: Outer.self, .truncated, path: "inner") {
            $0.tag(1, 2)
            $0.varint(100)
        },
        Case("a field beyond its submessage", of: Outer.self, .truncated, path: "inner.depth") {
            $0.raw([0x0a, 0x01, 0x08, 0x01])
        },
        Case("an unknown field that ends early", .truncated, path: "#99") {
            $0.tag(99, 2)
            $0.varint(1)
        },
        Case("a field that C calls init_", of: Names.self, .truncated, path: "init") {
            $0.tag(4, 2)
            $0.varint(1)
        },
        Case("field number 0", .invalidFieldNumber) { $0.raw([0x00, 0x00]) },
        Case("a tag of six bytes", .malformedVarint) {
            $0.raw([0x98, 0x80, 0x80, 0x80, 0x80, 0x00])
        },
        Case("a tag above 32 bits", .malformedVarint) {
            $0.raw([0xf8, 0xff, 0xff, 0xff, 0x1f, 0])
        },
        Case("a varint of eleven bytes", .malformedVarint, path: "a_uint64") {
            $0.tag(6, 0)
            $0.raw([UInt8](repeating: 0x80, count: 10) + [0x00])
        },
        Case("a varint above 64 bits", .malformedVarint, path: "a_uint64") {
            $0.tag(6, 0)
            $0.raw([UInt8](repeating: 0xff, count: 9) + [0x02])
        },
        Case("a group", .unsupportedWireType(3), path: "#3") { $0.tag(3, 3) },
        Case("the end of a group", .unsupportedWireType(4), path: "#3") { $0.tag(3, 4) },
        Case("wire type 6", .unsupportedWireType(6), path: "#3") { $0.tag(3, 6) },
        Case("wire type 7", .unsupportedWireType(7), path: "#99") { $0.tag(99, 7) },
    ]

    @Test(arguments: framing) func framingIsChecked(test: Case) { expectRefusal(test) }

    // MARK: - Types

    /// Every field of `Scalars` with every wire type that is not its own.
    static let wireTypes: [Case] = {
        let fields: [(number: UInt64, name: String, wireType: UInt64)] = [
            (1, "a_double", 1), (2, "a_float", 5), (3, "an_int32", 0), (4, "an_int64", 0),
            (5, "a_uint32", 0), (6, "a_uint64", 0), (7, "a_sint32", 0), (8, "a_sint64", 0),
            (9, "a_fixed32", 5), (10, "a_fixed64", 1), (11, "an_sfixed32", 5),
            (12, "an_sfixed64", 1), (13, "a_bool", 0), (14, "a_string", 2), (15, "some_bytes", 2),
            (16, "a_color", 0),
        ]
        return fields.flatMap { field in
            [UInt64(0), 1, 2, 5].filter { $0 != field.wireType }.map { wireType in
                Case(
                    "\(field.name) with wire type \(wireType)",
                    .wrongWireType(UInt8(wireType)),
                    path: field.name
                ) {
                    $0.tag(field.number, wireType)
                    $0.raw([0, 0, 0, 0, 0, 0, 0, 0])
                }
            }
        }
    }()

    @Test(arguments: wireTypes) func wireTypesAreChecked(test: Case) { expectRefusal(test) }

    static let ranges: [Case] = [
        Case("a bool of 2", .integerOutOfRange, path: "a_bool") { $0.varintField(13, 2) },
        Case("an int32 of 2³¹", .integerOutOfRange, path: "an_int32") {
            $0.varintField(3, 1 << 31)
        },
        Case("an int32 of −1 in 5 bytes", .integerOutOfRange, path: "an_int32") {
            $0.varintField(3, UInt64(UInt32.max))
        },
        Case("a uint32 of 2³²", .integerOutOfRange, path: "a_uint32") {
            $0.varintField(5, 1 << 32)
        },
        Case("a sint32 of 2³²", .integerOutOfRange, path: "a_sint32") {
            $0.varintField(7, 1 << 32)
        },
        Case("an enum of 2³¹", .integerOutOfRange, path: "a_color") {
            $0.varintField(16, 1 << 31)
        },
        Case("a packed bool of 2", of: Repeated.self, .integerOutOfRange, path: "bools") {
            $0.bytesField(13, [1, 0, 2])
        },
        Case("a packed int32 that ends early", of: Repeated.self, .truncated, path: "int32s") {
            $0.bytesField(3, [0x01, 0x80])
        },
        Case(
            "packed fixed32 of 6 bytes",
            of: Repeated.self,
            .malformedPackedField,
            path: "fixed32s"
        ) {
            $0.bytesField(9, [1, 2, 3, 4, 5, 6])
        },
        Case(
            "packed doubles of 12 bytes",
            of: Repeated.self,
            .malformedPackedField,
            path: "doubles"
        ) {
            $0.bytesField(1, [UInt8](repeating: 0, count: 12))
        },
    ]

    @Test(arguments: ranges) func numbersFitTheirFields(test: Case) { expectRefusal(test) }

    // MARK: - Text

    static let text: [Case] = {
        let invalid: [(String, [UInt8])] = [
            ("0xff", [0xff]), ("an overlong slash", [0xc0, 0xaf]),
            ("an overlong NUL", [0xc0, 0x80]), ("a surrogate", [0xed, 0xa0, 0x80]),
            ("a code point above the last", [0xf4, 0x90, 0x80, 0x80]),
            ("a sequence that ends early", [0x61, 0xe1, 0xba]), ("a lone continuation", [0x80]),
        ]
        let singular = invalid.map { name, bytes in
            Case(name, .invalidUTF8, path: "a_string") { $0.bytesField(14, bytes) }
        }
        return singular + [
            Case("in a repeated field", of: Repeated.self, .invalidUTF8, path: "strings[1]") {
                $0.stringField(14, "fine")
                $0.bytesField(14, [0xff])
            },
            Case("in a submessage", of: Repeated.self, .invalidUTF8, path: "messages[2].a_string") {
                $0.messageField(17) { $0.stringField(14, "fine") }
                $0.messageField(17) { _ in }
                $0.messageField(17) { $0.bytesField(14, [0xff]) }
            },
            Case("in a oneof", of: Choices.self, .invalidUTF8, path: "text") {
                $0.bytesField(4, [0xff])
            },
            Case("in an optional field", of: Optionals.self, .invalidUTF8, path: "a_string") {
                $0.bytesField(14, [0xff])
            },
            Case(
                "deep inside",
                of: Outer.self,
                .invalidUTF8,
                path: "inners[0].imported[1].name"
            ) {
                $0.messageField(2) {
                    $0.messageField(2) { _ in }
                    $0.messageField(2) { $0.bytesField(1, [0xff]) }
                }
            },
        ]
    }()

    @Test(arguments: text) func stringsAreUTF8(test: Case) { expectRefusal(test) }

    // MARK: - Ambiguity

    static let ambiguity: [Case] = [
        Case("a number twice", .duplicateField, path: "an_int32") {
            $0.varintField(3, 1)
            $0.varintField(3, 1)
        },
        Case("a string twice, apart", .duplicateField, path: "a_string") {
            $0.stringField(14, "yes")
            $0.varintField(3, 1)
            $0.stringField(14, "no")
        },
        Case("a submessage twice", of: Outer.self, .duplicateField, path: "inner") {
            $0.messageField(1) { $0.varintField(1, 1) }
            $0.messageField(1) { _ in }
        },
        Case("an optional field twice", of: Optionals.self, .duplicateField, path: "a_bool") {
            $0.varintField(13, 0)
            $0.varintField(13, 0)
        },
        Case("one member of a oneof twice", of: Choices.self, .duplicateField, path: "number") {
            $0.varintField(2, 1)
            $0.varintField(2, 1)
        },
        Case("two members of a oneof", of: Choices.self, .duplicateField, path: "scalars") {
            $0.varintField(2, 1)
            $0.messageField(7) { _ in }
        },
        Case(
            "within a repeated message",
            of: Repeated.self,
            .duplicateField,
            path: "messages[1].a_bool"
        ) {
            $0.messageField(17) { $0.varintField(13, 1) }
            $0.messageField(17) {
                $0.varintField(13, 1)
                $0.varintField(13, 0)
            }
        },
    ]

    @Test(arguments: ambiguity) func nothingIsSaidTwice(test: Case) { expectRefusal(test) }

    // MARK: - Unknown fields

    static let unknown: [Case] = [
        Case("in a signed message", of: Signed.self, .unknownField, path: "#9") {
            $0.varintField(1, 1)
            $0.varintField(9, 1)
        },
        Case("a colour in a signed message", of: Signed.self, .unknownEnumValue, path: "color") {
            $0.varintField(3, 77)
        },
        Case("colours in a signed message", of: Signed.self, .unknownEnumValue, path: "colors[1]") {
            $0.bytesField(4, [1, 77])
        },
        Case("in a submessage of one", of: Signed.self, .unknownField, path: "empty.#1") {
            $0.messageField(2) { $0.varintField(1, 1) }
        },
        Case("4,097 of them", .tooManyUnknownFields(limit: 4_096), path: "#99") { builder in
            for _ in 0..<4_097 { builder.varintField(99, 1) }
        },
        Case("10,000 of them", .tooManyUnknownFields(limit: 4_096), path: "#20000") { builder in
            for _ in 0..<10_000 { builder.stringField(20_000, "x") }
        },
        Case(
            "spread over submessages",
            of: Repeated.self,
            .tooManyUnknownFields(limit: 4_096),
            path: "messages[4096].#99"
        ) { builder in
            for _ in 0..<4_097 { builder.messageField(17) { $0.varintField(99, 1) } }
        },
    ]

    @Test(arguments: unknown) func unknownFieldsAreRefusedWhereTheyMustBe(test: Case) {
        expectRefusal(test)
    }
}
