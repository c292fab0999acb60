import Testing

/// The program as protoc, or a reader who tries it, runs it.
@Suite struct CommandLineTests {
    private static let item = ["example.proto": Protoc.file("message Item {}")]

    @Test("A bad option is refused through protoc", arguments: refusals)
    func isRefused(_ refusal: Refusal) throws {
        try refusal.check()
    }

    private static let refusals: [Refusal] = [
        Refusal(
            "unknown option",
            sources: item,
            options: "c_module=C,color=red",
            errors: "--cabinet_out: unknown option 'color'; the options are c_module, visibility, "
                + "services, swift_dir, c_dir, schema, swift_module, import, registry and "
                + "protoc_gen_c"
        ),
        Refusal(
            "bad value",
            sources: item,
            options: "c_module=C,services=neither",
            errors: "--cabinet_out: the option services takes one of both, client, server, none, "
                + "not 'neither'"
        ),
        Refusal(
            "no options",
            sources: item,
            options: "",
            errors: "--cabinet_out: the option c_module is missing: the module that the "
                + "generated C will be compiled in, for example --cabinet_opt=c_module=CExample"
        ),
        Refusal(
            "protoc-gen-c not found",
            sources: item,
            options: "c_module=C,protoc_gen_c=protoc-gen-nowhere",
            errors: """
                /usr/bin/env: ‘protoc-gen-nowhere’: No such file or directory
                --cabinet_out: protoc-gen-nowhere was not found: install protobuf-c-compiler, or \
                name the program with the option protoc_gen_c
                """
        ),
        Refusal(
            "protoc-gen-c fails",
            sources: item,
            options: "c_module=C,protoc_gen_c=false",
            errors: "--cabinet_out: false failed with status 1"
        ),
        Refusal(
            "protoc-gen-c is another program",
            sources: item,
            options: "c_module=C,protoc_gen_c=hostname",
            errors: "--cabinet_out: hostname wrote no CodeGeneratorResponse"
        ),
    ]

    @Test("With --help the program explains itself", arguments: ["--help", "-h"])
    func help(_ argument: String) throws {
        let outcome = try Program.run(Program.plugin, [argument])
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        #expect(outcome.output.contains("protoc --plugin=protoc-gen-cabinet=PATH"))
        for option in [
            "c_module", "visibility", "services", "swift_dir", "c_dir", "schema", "swift_module",
            "import",
            "registry", "protoc_gen_c",
        ] {
            #expect(outcome.output.contains("\n  \(option)="), "\(option)")
        }
    }

    @Test("An argument that it does not know gives the usage and status 64")
    func unknownArgument() throws {
        let outcome = try Program.run(Program.plugin, ["example.proto"])
        #expect(outcome.status == 64)
        #expect(outcome.output == "")
        #expect(outcome.errors.contains("protoc --plugin=protoc-gen-cabinet=PATH"))
    }

    @Test(
        "What is no request gives one line and status 65",
        arguments: [[0xff], [0x0a, 0x05, 0x61]]
    )
    func garbage(_ input: [UInt8]) throws {
        let outcome = try Program.run(Program.plugin, [], input: input)
        #expect(outcome.status == 65)
        #expect(outcome.output == "")
        #expect(
            outcome.errors == "protoc-gen-cabinet: standard input is no CodeGeneratorRequest: "
                + "protoc runs this program, as in 'protoc --cabinet_out=. "
                + "--cabinet_opt=c_module=CExample example.proto'\n"
        )
    }

    @Test("An empty standard input, as of a reader who just starts it, gives status 65")
    func emptyInput() throws {
        let outcome = try Program.run(Program.plugin, [])
        #expect(outcome.status == 65)
        #expect(outcome.errors.hasPrefix("protoc-gen-cabinet: standard input is no CodeGenerator"))
    }
}
