import Testing

/// Messages that the codec does not support, seen through protoc.
@Suite struct MessageRefusalTests {
    @Test("A message that the codec cannot carry is refused at its place", arguments: refusals)
    func isRefused(_ refusal: Refusal) throws {
        try refusal.check()
    }

    private static let remedy =
        "the depth of what a peer sends would have no bound; refer to the inner ones by an id or "
        + "an index"

    private static let refusals: [Refusal] = [
        Refusal(
            "directly recursive",
            """
            message Node {
              Node next = 1;
            }
            """,
            "2:1: the message 'Node' contains itself (Node → Node): \(remedy)"
        ),
        Refusal(
            "recursive through two others",
            """
            message A { B b = 1; }
            message B { C c = 1; }
            message C { string name = 1; A a = 2; }
            """,
            "2:1: the message 'A' contains itself (A → B → C → A): \(remedy)"
        ),
        Refusal(
            "recursive in a oneof",
            """
            message Expression {
              oneof kind { int64 number = 1; Expression negated = 2; }
            }
            """,
            "2:1: the message 'Expression' contains itself (Expression → Expression): \(remedy)"
        ),
        Refusal(
            "recursive in a repeated field",
            """
            message Tree { repeated Tree children = 1; }
            """,
            "2:1: the message 'Tree' contains itself (Tree → Tree): \(remedy)"
        ),
        Refusal(
            "recursive through a nested message",
            """
            message Outer {
              message Inner { Outer outer = 1; }
              Inner inner = 1;
            }
            """,
            "2:1: the message 'Outer' contains itself (Outer → Inner → Outer): \(remedy)"
        ),
        Refusal(
            "recursion behind a message that is not part of it",
            """
            message Start { Loop loop = 1; }
            message Loop { Loop loop = 1; }
            """,
            "3:1: the message 'Loop' contains itself (Loop → Loop): \(remedy)"
        ),
        Refusal(
            "map",
            """
            message Stock {
              map<string, uint32> counts = 1;
            }
            """,
            "3:3: the field 'counts' is a map, which is not supported, as its order on the wire is "
                + "not defined: use a repeated message with a key and a value"
        ),
        Refusal(
            "signed message as a submessage",
            """
            message Ballot { option (cabinet.rpc.signed) = true; }
            message CastRequest {
              repeated Ballot ballots = 1;
            }
            """,
            "4:3: the field 'ballots' embeds the signed message 'Ballot': what is signed travels "
                + "as the bytes that were signed, so make the field bytes"
        ),
        Refusal(
            "257 fields",
            "message Wide {\n"
                + (1...257).map { "  bool b\($0) = \($0);\n" }.joined() + "}",
            "2:1: the message 'Wide' has 257 fields, and 256 is the most: put some of them into a "
                + "message of their own"
        ),
        Refusal(
            "type that no module has",
            sources: [
                "example.proto": """
                syntax = "proto3";
                package example;
                import "google/protobuf/timestamp.proto";
                message Event {
                  google.protobuf.Timestamp at = 1;
                }
                """
            ],
            errors: "--cabinet_out: example.proto:5:3: the field 'at' refers to "
                + "'google.protobuf.Timestamp', for which no code is generated here: pass "
                + "'google/protobuf/timestamp.proto' to protoc as well, or name the module with its "
                + "Swift by the option import"
        ),
    ]

    @Test("256 fields are not too many")
    func widestMessage() throws {
        let fields = (1...256).map { "  bool b\($0) = \($0);\n" }.joined()
        let outcome = try Protoc.run(["wide.proto": Protoc.file("message Wide {\n\(fields)}")])
        #expect(outcome.errors == "")
        #expect(outcome.status == 0)
    }

    @Test("A message that occurs twice without a cycle is accepted")
    func diamond() throws {
        let outcome = try Protoc.run([
            "diamond.proto": Protoc.file(
                """
                message Top { Left left = 1; Right right = 2; repeated Bottom bottoms = 3; }
                message Left { Bottom bottom = 1; }
                message Right { Bottom bottom = 1; }
                message Bottom {}
                """
            )
        ])
        #expect(outcome.errors == "")
    }

    @Test("An `optional` field of proto3 is supported")
    func explicitPresence() throws {
        let outcome = try Protoc.run([
            "example.proto": Protoc.file("message Item { optional uint32 count = 1; }")
        ])
        #expect(outcome.errors == "")
        #expect(outcome.files["example.pb.swift"]?.contains("var count: UInt32? = nil") == true)
        #expect(outcome.files["include/example.pb-c.h"]?.contains("has_count;") == true)
    }
}
