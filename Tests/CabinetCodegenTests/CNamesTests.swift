import Foundation
import Testing

@testable import CabinetCodegen

/// The names of protoc-gen-c, first as a table and then against protoc-gen-c itself.
@Suite struct CNamesTests {
    private static let messages = [
        "Item", "StockItem", "HTTPStatus", "X509Certificate", "lowercase", "snake_case",
        "Trailing_", "ABC", "A1b2C3", "Class", "Int",
    ]

    private static let fields = [
        "name", "camelCase", "CamelCase2", "SHOUTED", "with_1_digit", "_leading", "__twice",
        "trailing2_", "base", "BASE2", "init", "self", "class", "default", "Register", "int",
        "bool", "signed", "wchar_t", "xor_eq", "typename", "asm", "linux", "unix", "restrict",
        "typeof", "static_assert", "alignas", "nullptr", "thread_local", "descriptor",
        "n_unknown_fields", "null", "export", "protocol", "errno",
    ]

    @Test(
        "A message's struct and functions",
        arguments: [
            (
                "cabinet.v1.CastBallotRequest", "Cabinet__V1__CastBallotRequest",
                "cabinet__v1__cast_ballot_request"
            ),
            ("a.Outer.Inner", "A__Outer__Inner", "a__outer__inner"),
            ("a_b.C", "AB__C", "a_b__c"),
            ("a.HTTPStatus", "A__HTTPStatus", "a__httpstatus"),
            ("a.snake_case", "A__SnakeCase", "a__snake_case"),
            ("a.X509Certificate", "A__X509Certificate", "a__x509_certificate"),
        ]
    )
    func types(_ fullName: String, _ structure: String, _ prefix: String) {
        #expect(CNames.structure(fullName) == structure)
        #expect(CNames.functionPrefix(fullName) == prefix)
    }

    @Test(
        "A field's member",
        arguments: [
            ("name", "name"), ("camelCase", "camelcase"), ("class", "class_"), ("Class", "class_"),
            ("base", "base_"), ("Base", "base_"), ("init", "init_"), ("self", "self_"),
            ("linux", "linux_"), ("restrict", "restrict_"), ("protocol", "protocol"),
        ]
    )
    func members(_ name: String, _ member: String) {
        #expect(CNames.member(name) == member)
        #expect(CNames.presence(name) == "has_\(member)")
        #expect(CNames.count(name) == "n_\(member)")
    }

    @Test("A oneof's case and constants")
    func oneofs() {
        #expect(CNames.oneofCase("otherChoice") == "other_choice_case")
        #expect(CNames.oneofCaseType("a.M.otherChoice") == "A__M__OtherChoiceCase")
        #expect(
            CNames.oneofConstant("fooBar", of: "a.M.otherChoice") == "A__M__OTHER_CHOICE_FOO_BAR"
        )
        #expect(CNames.oneofConstant("base", of: "a.M.o") == "A__M__O_BASE_")
    }

    @Test("protoc-gen-c gives types and functions these names")
    func typesInHeader() throws {
        let declarations = Self.messages.map { "message \($0) { message NestedOne {} }" }
        let header = try Self.header(declarations.joined(separator: "\n"))
        for name in Self.messages.flatMap({ ["example.\($0)", "example.\($0).NestedOne"] }) {
            let structure = CNames.structure(name)
            #expect(header.contains("\nstruct  \(structure)\n{\n"), "\(name)")
            #expect(
                header.contains("\nvoid   \(CNames.functionPrefix(name))__init\n")
                    && header.contains("(\(structure)         *message);"),
                "\(name)"
            )
        }
    }

    @Test("protoc-gen-c gives singular, repeated and chosen fields these names")
    func membersInHeader() throws {
        func fields(_ prefix: String) -> String {
            Self.fields.enumerated().map { "\(prefix)uint32 \($1) = \($0 + 1);" }
                .joined(separator: "\n")
        }
        let header = try Self.header(
            """
            message Singular { \(fields("")) }
            message Repeated { \(fields("repeated ")) }
            message Chosen { oneof otherChoice { \(fields("")) } }
            """
        )
        let singular = try Self.members(of: "Example__Singular", in: header)
        let repeated = try Self.members(of: "Example__Repeated", in: header)
        let chosen = try Self.members(of: "Example__Chosen", in: header)
        for name in Self.fields {
            let member = CNames.member(name)
            #expect(singular.contains("protobuf_c_boolean \(CNames.presence(name))"))
            #expect(singular.contains("uint32_t \(member)"))
            #expect(repeated.contains("size_t \(CNames.count(name))"))
            #expect(repeated.contains("uint32_t *\(member)"))
            #expect(chosen.contains("uint32_t \(member)"))
            let constant = CNames.oneofConstant(name, of: "example.Chosen.otherChoice")
            #expect(header.contains("\n  \(constant) = "), "\(constant)")
        }
        #expect(
            chosen.contains(
                CNames.oneofCaseType("example.Chosen.otherChoice") + " "
                    + CNames.oneofCase("otherChoice")
            )
        )
    }

    @Test("A C compiler accepts what protoc-gen-c writes for these names")
    func compiles() throws {
        let fields = Self.fields.enumerated().map { "uint32 \($1) = \($0 + 1);" }.joined()
        let outcome = try Protoc.run([
            "example.proto": Protoc.file("message Singular { \(fields) }")
        ])
        let folder = try TemporaryFolder()
        for (path, text) in outcome.files where path.contains(".pb-c.") {
            try folder.write(text, to: path)
        }
        for standard in ["-std=gnu11", "-std=gnu2x"] {
            let compilation = try Program.run(
                "clang",
                ["-fsyntax-only", standard, "-Iinclude", "example.pb-c.c"],
                in: folder.url
            )
            #expect(compilation.errors == "", "\(standard)")
        }
    }

    private static func header(_ declarations: String) throws -> String {
        let outcome = try Protoc.run(["example.proto": Protoc.file(declarations)])
        #expect(outcome.errors == "")
        return try #require(outcome.files["include/example.pb-c.h"])
    }

    /// The declarations of a struct's members.
    private static func members(of structure: String, in header: String) throws -> Set<String> {
        let start = try #require(header.range(of: "\nstruct  \(structure)\n{\n"))
        let end = try #require(header.range(of: "\n};", range: start.upperBound..<header.endIndex))
        return Set(
            header[start.upperBound..<end.lowerBound].split(separator: "\n").map { line in
                line.trimmingCharacters(in: CharacterSet(charactersIn: " ;"))
            }
        )
    }
}
