import Testing

/// What is no proto3, seen through protoc.
@Suite struct SyntaxRefusalTests {
    @Test("A file that is not proto3 is refused", arguments: refusals)
    func isRefused(_ refusal: Refusal) throws {
        try refusal.check()
    }

    private static let refusals: [Refusal] = [
        Refusal(
            "proto2",
            sources: ["old.proto": #"syntax = "proto2"; package old; message M {}"#],
            errors: "--cabinet_out: old.proto:1:1: only proto3 is supported, and this file is "
                + "proto2"
        ),
        Refusal(
            "group in proto2",
            sources: [
                "old.proto": """
                syntax = "proto2";
                package old;
                message M { optional group G = 1 { optional int32 x = 1; } }
                """
            ],
            errors: "--cabinet_out: old.proto:1:1: only proto3 is supported, and this file is "
                + "proto2"
        ),
        Refusal(
            "group in proto3",
            sources: [
                "new.proto": """
                syntax = "proto3";
                package new;
                message M { repeated group G = 1 { int32 x = 1; } }
                """
            ],
            errors: """
                new.proto:3:22: Groups are not supported in proto3 syntax.
                """
        ),
    ]
}
