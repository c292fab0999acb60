import CabinetCodec
import CabinetRPC
import FixtureAPI
import Testing

/// What the generated code says of its schema.
@Suite struct GeneratedTablesTests {
    private static func description(
        _ number: UInt16,
        _ name: String,
        _ kind: MethodKind,
        _ idempotency: MethodIdempotency,
        _ request: String,
        _ response: String
    ) -> MethodDescription {
        MethodDescription(
            number: number,
            name: "fixture.EverythingService.\(name)",
            kind: kind,
            idempotency: idempotency,
            requestName: "fixture.\(request)",
            responseName: "fixture.\(response)"
        )
    }

    private static let methods = [
        description(1, "Unary", .unary, .keyed, "Scalars", "Repeated"),
        description(2, "ClientStream", .clientStreaming, .unspecified, "Scalars", "Repeated"),
        description(3, "ServerStream", .serverStreaming, .safe, "Repeated", "Scalars"),
        description(59999, "Bidirectional", .bidirectional, .unspecified, "Scalars", "Scalars"),
        description(300, "Follow", .channel, .safe, "Empty", "Choices"),
    ]

    @Test("A service lists its methods in the order of the schema")
    func serviceMethods() {
        #expect(EverythingService.fullName == "fixture.EverythingService")
        #expect(EverythingService.Methods.all == Self.methods)
    }

    @Test("The schema lists the methods of all services")
    func schemaMethods() {
        #expect(FixtureSchema.methods == Self.methods)
    }

    @Test("The schema lists every message, nested ones behind theirs")
    func messageTypes() {
        let names = FixtureSchema.messageTypes.map { $0.fullName }
        #expect(
            names == [
                "fixture.Imported", "fixture.Scalars", "fixture.Repeated", "fixture.Optionals",
                "fixture.Choices", "fixture.Empty", "fixture.Outer", "fixture.Outer.Inner",
                "fixture.Names", "fixture.String", "fixture.Signed", "fixture.Amplifier",
                "fixture.Wide",
            ]
        )
    }

    @Test("Every message of the schema comes back from no bytes, and encodes to none")
    func emptyMessages() throws {
        for type in FixtureSchema.messageTypes {
            #expect(try type.init(serialized: []).serialized() == [], "\(type.fullName)")
        }
    }

    @Test("Only a message that the schema marks as signed refuses unknown fields")
    func signed() {
        let refusing = FixtureSchema.messageTypes.filter { $0.refusesUnknownFields }
        #expect(refusing.map { $0.fullName } == ["fixture.Signed"])
    }

    @Test("The schema's hash has 32 bytes")
    func hash() {
        #expect(FixtureSchema.hash.count == 32)
    }
}
