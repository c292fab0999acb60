import Testing

/// Methods that the protocol does not support, seen through protoc.
@Suite struct MethodRefusalTests {
    @Test("A method that the protocol cannot carry is refused at its place", arguments: refusals)
    func isRefused(_ refusal: Refusal) throws {
        try refusal.check()
    }

    /// A schema with one service of the given methods, from line 4 on.
    private static func service(_ methods: String) -> String {
        "message M {}\nservice S {\n\(methods)\n}"
    }

    private static let refusals: [Refusal] = [
        Refusal(
            "no number",
            service("  rpc Get(M) returns (M);"),
            "4:3: the method 'Get' has no number: give it 'option (cabinet.rpc.method_id) = N;' "
                + "with an N that no method has had"
        ),
        Refusal(
            "the number 0",
            service("  rpc Get(M) returns (M) { option (cabinet.rpc.method_id) = 0; }"),
            "4:3: the method 'Get' has no number: give it 'option (cabinet.rpc.method_id) = N;' "
                + "with an N that no method has had"
        ),
        Refusal(
            "a number beyond 16 bits",
            service("  rpc Get(M) returns (M) { option (cabinet.rpc.method_id) = 65536; }"),
            "4:3: the number 65536 of the method 'Get' is above 65535"
        ),
        Refusal(
            "a number of the standard services",
            service("  rpc Get(M) returns (M) { option (cabinet.rpc.method_id) = 60000; }"),
            "4:3: the number 60000 of the method 'Get' is of those that belong to the standard "
                + "services of CWP/1: take one below 60000"
        ),
        Refusal(
            "the last number of the standard services",
            service("  rpc Get(M) returns (M) { option (cabinet.rpc.method_id) = 65535; }"),
            "4:3: the number 65535 of the method 'Get' is of those that belong to the standard "
                + "services of CWP/1: take one below 60000"
        ),
        Refusal(
            "one number twice in a service",
            service(
                """
                  rpc Get(M) returns (M) { option (cabinet.rpc.method_id) = 7; }
                  rpc Put(M) returns (M) { option (cabinet.rpc.method_id) = 7; }
                """
            ),
            "5:3: the method number 7 of 'example.S.Put' is that of 'example.S.Get' already"
        ),
        Refusal(
            "one number in two services",
            """
            message M {}
            service S { rpc Get(M) returns (M) { option (cabinet.rpc.method_id) = 7; } }
            service T { rpc Get(M) returns (M) { option (cabinet.rpc.method_id) = 7; } }
            """,
            "4:13: the method number 7 of 'example.T.Get' is that of 'example.S.Get' already"
        ),
        Refusal(
            "a signed request",
            """
            message M {}
            message Signed { option (cabinet.rpc.signed) = true; }
            service S { rpc Get(Signed) returns (M) { option (cabinet.rpc.method_id) = 7; } }
            """,
            "4:13: the method 'Get' carries the signed message 'example.Signed' itself: what is "
                + "signed travels as the bytes that were signed, in a field of a request or response"
        ),
        Refusal(
            "a signed response",
            """
            message M {}
            message Signed { option (cabinet.rpc.signed) = true; }
            service S { rpc Get(M) returns (stream Signed) { option (cabinet.rpc.method_id) = 7; } }
            """,
            "4:13: the method 'Get' carries the signed message 'example.Signed' itself: what is "
                + "signed travels as the bytes that were signed, in a field of a request or response"
        ),
        Refusal(
            "an option of somebody else's with the same number",
            sources: [
                "example.proto": """
                syntax = "proto3"; package example; import "google/protobuf/descriptor.proto";
                extend google.protobuf.MethodOptions { uint32 acl_level = 52001; }
                message M {}
                service S { rpc Get(M) returns (M) { option (acl_level) = 7; } }
                """
            ],
            errors: "--cabinet_out: example.proto:4:13: the method 'Get' has no number: give it "
                + "'option (cabinet.rpc.method_id) = N;' with an N that no method has had"
        ),
        Refusal(
            "a registry that is not there",
            sources: ["example.proto": Protoc.file("message M {}")],
            options: "c_module=CExample,registry=missing.registry",
            errors: "--cabinet_out: the registry missing.registry does not exist; an empty file "
                + "begins one"
        ),
        Refusal(
            "a program that is an option",
            sources: ["example.proto": Protoc.file("message M {}")],
            options: "c_module=CExample,protoc_gen_c=-Stouch x",
            errors: "--cabinet_out: the option protoc_gen_c takes the path of a program"
        ),
        Refusal(
            "a unary channel",
            service(
                """
                  rpc Get(M) returns (M) {
                    option (cabinet.rpc.method_id) = 7;
                    option (cabinet.rpc.stream_kind) = STREAM_KIND_CHANNEL;
                  }
                """
            ),
            "4:3: the method 'Get' is a channel, so it takes one request and returns a stream"
        ),
        Refusal(
            "a client-streaming channel",
            service(
                """
                  rpc Put(stream M) returns (M) {
                    option (cabinet.rpc.method_id) = 7;
                    option (cabinet.rpc.stream_kind) = STREAM_KIND_CHANNEL;
                  }
                """
            ),
            "4:3: the method 'Put' is a channel, so it takes one request and returns a stream"
        ),
        Refusal(
            "a bidirectional channel",
            service(
                """
                  rpc Talk(stream M) returns (stream M) {
                    option (cabinet.rpc.method_id) = 7;
                    option (cabinet.rpc.stream_kind) = STREAM_KIND_CHANNEL;
                  }
                """
            ),
            "4:3: the method 'Talk' is a channel, so it takes one request and returns a stream"
        ),
    ]

    @Test("A number is refused that a method of an imported file has")
    func numberOfAnImportedMethod() throws {
        let outcome = try Protoc.run(
            [
                "base.proto": Protoc.file(
                    Self.service("  rpc Get(M) returns (M) { option (cabinet.rpc.method_id) = 7; }")
                ),
                "example.proto": """
                syntax = "proto3";
                package other;
                import "base.proto";
                import "cabinet/rpc/options.proto";
                service T {
                  rpc Put(example.M) returns (example.M) { option (cabinet.rpc.method_id) = 7; }
                }
                """,
            ],
            generating: ["example.proto"],
            options: "c_module=CExample,import=Base"
        )
        #expect(
            outcome.errors == "--cabinet_out: example.proto:6:3: the method number 7 of "
                + "'other.T.Put' is that of 'example.S.Get' already\n"
        )
        #expect(outcome.status == 1)
    }

    @Test("The smallest and the largest number are accepted")
    func extremes() throws {
        let outcome = try Protoc.run([
            "example.proto": Protoc.file(
                """
                message M {}
                service S {
                  rpc First(M) returns (M) { option (cabinet.rpc.method_id) = 1; }
                  rpc Last(M) returns (M) { option (cabinet.rpc.method_id) = 59999; }
                }
                """
            )
        ])
        #expect(outcome.errors == "")
        #expect(outcome.status == 0)
    }

    @Test(
        "A standard service takes its own numbers, and no others",
        arguments: [(60_000, true), (65_535, true), (59_999, false), (1, false)]
    )
    func standardServices(_ number: Int, _ isAccepted: Bool) throws {
        let outcome = try Protoc.run([
            "more.proto": """
            syntax = "proto3";
            package cabinet.rpc;
            import "cabinet/rpc/options.proto";
            message M {}
            service S { rpc Get(M) returns (M) { option (method_id) = \(number); } }
            """
        ])
        let refusal =
            "--cabinet_out: more.proto:5:13: the method 'Get' of a standard service has the number "
            + "\(number), and theirs are 60000 to 65535\n"
        #expect(outcome.errors == (isAccepted ? "" : refusal))
    }
}
