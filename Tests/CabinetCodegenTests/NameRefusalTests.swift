import Testing

/// Names that differ in the schema and become one in C or in Swift, seen through protoc.
@Suite struct NameRefusalTests {
    @Test("Two names that become one in C are refused", arguments: inC)
    func clashesInC(_ refusal: Refusal) throws {
        try refusal.check()
    }

    @Test("Two names that become one in Swift are refused", arguments: inSwift)
    func clashesInSwift(_ refusal: Refusal) throws {
        try refusal.check()
    }

    @Test("Two names that protoc itself refuses do not reach the generator", arguments: byProtoc)
    func clashesForProtoc(_ refusal: Refusal) throws {
        try refusal.check()
    }

    @Test("Names that only seem to clash are accepted", arguments: harmless)
    func isAccepted(_ declarations: String) throws {
        let outcome = try Protoc.run(["example.proto": Protoc.file(declarations)])
        #expect(outcome.errors == "")
        #expect(outcome.status == 0)
    }

    private static let inC: [Refusal] = [
        Refusal(
            "capitals of a field and a oneof",
            "message M {\n  string fooBar_case = 1;\n  oneof foobar { string x = 2; }\n}",
            "4:3: 'fooBar_case' and 'foobar' both become 'foobar_case' in C: rename one"
        ),
        Refusal(
            "the word for presence",
            "message M {\n  string x = 1;\n  bool has_x = 2;\n}",
            "4:3: 'x' and 'has_x' both become 'has_x' in C: rename one"
        ),
        Refusal(
            "the word for a count",
            "message M {\n  uint32 n_x = 1;\n  repeated string x = 2;\n}",
            "4:3: 'n_x' and 'x' both become 'n_x' in C: rename one"
        ),
        Refusal(
            "the word for what is chosen",
            "message M {\n  uint32 x_case = 1;\n  oneof x { string y = 2; }\n}",
            "4:3: 'x_case' and 'x' both become 'x_case' in C: rename one"
        ),
        Refusal(
            "a word for presence beside a keyword",
            "message M {\n  uint32 class = 1;\n  bool has_class_ = 2;\n}",
            "4:3: 'class' and 'has_class_' both become 'has_class_' in C: rename one"
        ),
        Refusal(
            "structs",
            "message FooBar {}\nmessage Foo_Bar {}",
            "3:1: 'example.FooBar' and 'example.Foo_Bar' both become 'Example__FooBar' in C: "
                + "rename one"
        ),
        Refusal(
            "functions",
            "message HTTPServer {}\nmessage Httpserver {}",
            "3:1: 'example.HTTPServer' and 'example.Httpserver' both become "
                + "'example__httpserver__init' in C: rename one"
        ),
        Refusal(
            "the type of a oneof's case",
            "message M {\n  oneof choice { string x = 1; }\n  message ChoiceCase {}\n}",
            "4:3: 'example.M.choice' and 'example.M.ChoiceCase' both become 'Example__M__ChoiceCase' in C: "
                + "rename one"
        ),
        Refusal(
            "the constants of two oneofs",
            "message M {\n  oneof a { string b_c = 1; }\n  oneof a_b { string c = 2; }\n}",
            "4:15: 'example.M.b_c' and 'example.M.c' both become 'EXAMPLE__M__A_B_C' in C: rename one"
        ),
        Refusal(
            "a message without a package, which has the same name in both languages",
            sources: ["example.proto": "syntax = \"proto3\";\nmessage Item {}"],
            errors: "--cabinet_out: example.proto:2:1: the message 'Item' has the name 'Item' both "
                + "in C and in Swift: put the file into a package, as in 'package example;'"
        ),
    ]

    private static let inSwift: [Refusal] = [
        Refusal(
            "a field and a oneof",
            "message M {\n  string owner_id = 1;\n  oneof ownerID { string x = 2; }\n}",
            "4:3: 'owner_id' and 'ownerID' both become 'ownerID' in Swift: rename one"
        ),
        Refusal(
            "a nested message and a oneof",
            "message M {\n  oneof choice { string x = 1; }\n  message Choice {}\n}",
            "4:3: 'choice' and 'Choice' both become 'Choice' in Swift: rename one"
        ),
        Refusal(
            "a nested message and a nested enum",
            "message M {\n  message Type {}\n  enum TypeMessage { ZERO = 0; }\n}",
            "3:3: 'TypeMessage' and 'Type' both become 'TypeMessage' in Swift: rename one"
        ),
        Refusal(
            "values of an enum",
            """
            enum Colour {
              COLOUR_NONE = 0;
              COLOUR_1ST = 1;
              COLOUR_COLOUR_1ST = 2;
            }
            """,
            "5:3: 'COLOUR_1ST' and 'COLOUR_COLOUR_1ST' both become 'colour1st' in Swift: rename one"
        ),
        Refusal(
            "an alias that has the name of another number",
            """
            enum Colour {
              option allow_alias = true;
              COLOUR_NONE = 0;
              COLOUR_1ST = 1;
              COLOUR_SECOND = 2;
              COLOUR_COLOUR_1ST = 2;
            }
            """,
            "7:3: 'COLOUR_1ST' and 'COLOUR_COLOUR_1ST' both become 'colour1st' in Swift: rename one"
        ),
        Refusal(
            "methods",
            """
            message M {}
            service S {
              rpc GetItem(M) returns (M) { option (cabinet.rpc.method_id) = 1; }
              rpc getItem(M) returns (M) { option (cabinet.rpc.method_id) = 2; }
            }
            """,
            "5:3: 'GetItem' and 'getItem' both become 'getItem' in Swift: rename one"
        ),
        Refusal(
            "messages of two packages",
            sources: [
                "a.proto": "syntax = \"proto3\";\npackage a;\nmessage Item {}",
                "b.proto": "syntax = \"proto3\";\npackage b;\nmessage Item {}",
            ],
            errors: "--cabinet_out: b.proto:3:1: 'a.Item' and 'b.Item' both become 'Item' in "
                + "Swift: rename one, or give one file 'option swift_prefix'"
        ),
        Refusal(
            "a message and a service",
            "message TypeService {}\nservice Type {}",
            "3:1: 'example.TypeService' and 'example.Type' both become 'TypeService' in Swift: "
                + "rename one, or give one file 'option swift_prefix'"
        ),
        Refusal(
            "a message and the enum of the schema",
            "message Schema {}",
            "2:1: 'example.Schema' becomes 'Schema' in Swift, which is the enum with the schema's "
                + "hash: rename one, the latter by the option schema"
        ),
        Refusal(
            "two files of one name, which Swift does not take in one module",
            sources: [
                "a/item.proto": "syntax = \"proto3\";\npackage a;\nmessage A {}",
                "b/item.proto": "syntax = \"proto3\";\npackage b;\nmessage B {}",
            ],
            errors: "--cabinet_out: b/item.proto:1:1: 'a/item.proto' and 'b/item.proto' both "
                + "become 'item.pb.swift', and Swift takes a file name once in a module: rename one"
        ),
        Refusal(
            "a nested message that hides another",
            """
            message Item {}
            message Box {
              message Item { string name = 1; }
              example.Item outer = 1;
              Item inner = 2;
            }
            """,
            "5:3: the field 'outer' refers to 'example.Item', which is 'Item' in Swift, and in "
                + "'Box' that is the nested message 'Item': rename one"
        ),
        Refusal(
            "a message that hides one of another module",
            sources: [
                "base.proto": "syntax = \"proto3\";\npackage base;\nmessage Item {}",
                "example.proto": """
                syntax = "proto3";
                package example;
                import "base.proto";
                message Item {
                  base.Item base = 1;
                }
                """,
            ],
            names: ["example.proto"],
            options: "c_module=CExample,import=Base",
            errors: "--cabinet_out: example.proto:5:3: the field 'base' refers to 'base.Item', "
                + "which is 'Item' in Swift, and in this module that is 'example.Item': rename one"
        ),
        Refusal(
            "a oneof that hides a message",
            """
            message Value {}
            message Box {
              oneof value {
                Value one = 1;
              }
            }
            """,
            "5:5: the field 'one' refers to 'example.Value', which is 'Value' in Swift, and in "
                + "'Box' that is the oneof 'value': rename one"
        ),
    ]

    private static func file(_ title: String, _ declarations: String, _ errors: String) -> Refusal {
        Refusal(title, sources: ["example.proto": Protoc.file(declarations)], errors: errors)
    }

    private static let byProtoc: [Refusal] = [
        file(
            "two fields",
            "message M {\n  string foo_bar = 1;\n  string fooBar = 2;\n}",
            "example.proto:4:10: The JSON camel-case name of field \"fooBar\" conflicts with field "
                + "\"foo_bar\". This is not allowed in proto3."
        ),
        file(
            "two fields that differ in capitals",
            "message M {\n  string fooBar = 1;\n  string foobar = 2;\n}",
            "example.proto:4:10: The JSON camel-case name of field \"foobar\" conflicts with field "
                + "\"fooBar\". This is not allowed in proto3."
        ),
        file(
            "two values of an enum",
            "enum E {\n  E_UNRECOGNIZED = 0;\n  UNRECOGNIZED = 1;\n}",
            "example.proto:4:3: Enum name UNRECOGNIZED has the same name as E_UNRECOGNIZED if you "
                + "ignore case and strip out the enum name prefix (if any). This is error-prone and "
                + "can lead to undefined behavior. Please avoid doing this. If you are using "
                + "allow_alias, please assign the same numeric value to both enums."
        ),
        file(
            "a service and a message",
            "message Item {}\nservice Item {}",
            "example.proto:3:9: \"Item\" is already defined in \"example\"."
        ),
    ]

    private static let harmless: [String] = [
        // A submessage has no word for presence.
        "message M { N x = 1; bool has_x = 2; } message N {}",
        "message M { oneof o { string x = 1; } bool has_x = 2; }",
        // A oneof is a type where nothing refers to what it hides.
        "message Choice { oneof choice { string x = 1; } }",
        // An alias that becomes the same name for the same number.
        """
        enum Colour {
          option allow_alias = true;
          COLOUR_NONE = 0;
          COLOUR_RED = 1;
          RED = 1;
        }
        """,
        // Static members beside those of a value.
        "message M { string full_name = 1; bool refuses_unknown_fields = 2; }",
    ]
}
