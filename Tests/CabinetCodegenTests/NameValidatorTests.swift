import Testing

@testable import CabinetCodegen

/// Clashes that this protoc refuses before the generator sees them, and another one may not.
@Suite struct NameValidatorTests {
    private static func declaration(_ name: String, line: Int) -> Declaration {
        Declaration(
            name: name,
            fullName: "example.\(name)",
            comment: [],
            place: SourcePlace(file: "example.proto", line: line, column: 3)
        )
    }

    private static func field(_ name: String, line: Int, oneofIndex: Int? = nil) -> Field {
        Field(
            declaration: declaration(name, line: line),
            number: Int32(line),
            kind: .string,
            isRepeated: false,
            hasExplicitPresence: false,
            oneofIndex: oneofIndex
        )
    }

    private static func schema(
        fields: [Field] = [],
        oneofs: [String] = [],
        enums: [EnumType] = []
    ) -> Schema {
        let message = MessageType(
            declaration: declaration("M", line: 1),
            fields: fields,
            oneofs: oneofs.map { Oneof(declaration: declaration($0, line: 1), isSynthetic: false) },
            messages: [],
            enums: enums,
            isSigned: false,
            isMapEntry: false
        )
        let file = SchemaFile(
            name: "example.proto",
            package: "example",
            syntax: "proto3",
            swiftPrefix: "",
            dependencies: [],
            isToBeGenerated: true,
            messages: [message],
            enums: [],
            services: []
        )
        return Schema(files: [file])
    }

    private static func validateInSwift(_ schema: Schema) throws(CodegenError) {
        try SwiftNameValidator.validate(schema, names: SwiftNames(schema), schemaName: "Schema")
    }

    private static func clash(
        _ first: String,
        _ second: String,
        _ name: String,
        _ language: String
    ) -> CodegenError {
        CodegenError(
            "'\(first)' and '\(second)' both become '\(name)' in \(language): rename one",
            at: SourcePlace(file: "example.proto", line: 3, column: 3)
        )
    }

    @Test("Two fields that become one property are refused")
    func properties() {
        let schema = Self.schema(
            fields: [Self.field("foo_bar", line: 2), Self.field("fooBar", line: 3)]
        )
        #expect(throws: Self.clash("foo_bar", "fooBar", "fooBar", "Swift")) {
            try Self.validateInSwift(schema)
        }
    }

    @Test("Two members of a oneof that become one case are refused")
    func oneofCases() {
        let schema = Self.schema(
            fields: [
                Self.field("none", line: 2, oneofIndex: 0),
                Self.field("none_", line: 3, oneofIndex: 0),
            ],
            oneofs: ["choice"]
        )
        #expect(throws: Self.clash("none", "none_", "none_", "Swift")) {
            try Self.validateInSwift(schema)
        }
    }

    @Test("The same member in two oneofs is two cases, and one member in C")
    func twoOneofs() throws {
        let schema = Self.schema(
            fields: [
                Self.field("fooBar", line: 2, oneofIndex: 0),
                Self.field("foobar", line: 3, oneofIndex: 1),
            ],
            oneofs: ["a", "b"]
        )
        try Self.validateInSwift(schema)
        #expect(throws: Self.clash("fooBar", "foobar", "foobar", "C")) {
            try CNameValidator.validate(schema)
        }
    }

    @Test("Two values that become one case are refused, unless they are one number")
    func enumCases() throws {
        func type(_ number: Int32) -> EnumType {
            EnumType(
                declaration: Self.declaration("Colour", line: 1),
                values: [
                    EnumValue(declaration: Self.declaration("COLOUR_RED", line: 2), number: 1),
                    EnumValue(declaration: Self.declaration("RED", line: 3), number: number),
                ]
            )
        }
        try Self.validateInSwift(Self.schema(enums: [type(1)]))
        #expect(throws: Self.clash("COLOUR_RED", "RED", "red", "Swift")) {
            try Self.validateInSwift(Self.schema(enums: [type(2)]))
        }
    }
}
