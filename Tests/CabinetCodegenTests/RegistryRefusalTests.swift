import Testing

/// The record of published method numbers, seen through protoc.
@Suite struct RegistryRefusalTests {
    @Test("A schema that contradicts the registry is refused", arguments: refusals)
    func isRefused(_ refusal: Refusal) throws {
        try refusal.check()
    }

    private static let schema = Protoc.file(
        """
        message M {}
        service S {
          rpc Get(M) returns (M) { option (cabinet.rpc.method_id) = 7; }
          rpc Put(M) returns (M) { option (cabinet.rpc.method_id) = 8; }
        }
        """
    )

    private static func registry(_ title: String, _ text: String, _ errors: String) -> Refusal {
        Refusal(
            title,
            sources: ["example.proto": schema],
            options: "c_module=CExample,registry=methods.registry",
            others: ["methods.registry": text],
            errors: "--cabinet_out: \(errors)"
        )
    }

    private static let refusals: [Refusal] = [
        registry(
            "a changed number",
            "6 example.S.Get\n",
            "example.proto:4:3: the number of 'example.S.Get' was published as 6 and is now 7: a "
                + "method keeps its number"
        ),
        registry(
            "the number of a removed method",
            "# Gone since:\n8 example.S.Delete\n",
            "example.proto:5:3: the number 8 of 'example.S.Put' was published as that of "
                + "'example.S.Delete': take a number that no method has had"
        ),
        registry(
            "a malformed line",
            "7 example.S.Get\neight example.S.Put\n",
            "methods.registry:2:1: expected a number from 1 to 65535 and the full name of a method, "
                + "neither of which has occurred"
        ),
        registry(
            "a number twice",
            "7 example.S.Get\n\n7 example.S.Put\n",
            "methods.registry:3:1: expected a number from 1 to 65535 and the full name of a method, "
                + "neither of which has occurred"
        ),
    ]

    @Test("New methods are added to the registry, and gone ones stay in it")
    func addsMethods() throws {
        let outcome = try Protoc.run(
            ["example.proto": Self.schema],
            options: "c_module=CExample,registry=record/methods.registry",
            others: ["record/methods.registry": "300 example.S.Gone\n7 example.S.Get\n"]
        )
        #expect(outcome.errors == "")
        let lines = outcome.files["methods.registry"]?.split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
        #expect(lines == ["7 example.S.Get", "8 example.S.Put", "300 example.S.Gone"])
    }

    @Test("An empty registry is begun")
    func begins() throws {
        let outcome = try Protoc.run(
            ["example.proto": Self.schema],
            options: "c_module=CExample,registry=methods.registry",
            others: ["methods.registry": ""]
        )
        #expect(outcome.errors == "")
        #expect(outcome.files["methods.registry"]?.hasSuffix("\n8 example.S.Put\n") == true)
    }
}
