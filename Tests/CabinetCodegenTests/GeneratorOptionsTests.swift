import Testing

@testable import CabinetCodegen

@Suite struct GeneratorOptionsTests {
    @Test("What is not given has its default")
    func defaults() throws {
        let options = try GeneratorOptions(parameter: "c_module=CExample")
        var expected = GeneratorOptions()
        expected.cModule = "CExample"
        #expect(options == expected)
        #expect(options.visibility == .internal)
        #expect(options.services == .both)
        #expect(options.schemaName == "Schema")
        #expect(options.cPluginPath == "protoc-gen-c")
    }

    @Test("Every option is read")
    func allOptions() throws {
        let options = try GeneratorOptions(
            parameter: "c_module=CExample,visibility=package,services=client,swift_dir=s/t,c_dir=c,"
                + "schema=ExampleSchema,swift_module=Three,import=One,import=Two,registry=r=1,protoc_gen_c=/bin/gen-c"
        )
        #expect(options.cModule == "CExample")
        #expect(options.visibility == .package)
        #expect(options.services == .client)
        #expect(options.swiftFolder == "s/t")
        #expect(options.cFolder == "c")
        #expect(options.schemaName == "ExampleSchema")
        #expect(options.swiftModule == "Three")
        #expect(options.importedModules == ["One", "Two"])
        #expect(options.registryPath == "r=1")
        #expect(options.cPluginPath == "/bin/gen-c")
    }

    @Test(
        "What an option does not take is refused",
        arguments: [
            (
                "c_module=C,visibility=private",
                "the option visibility takes one of public, package, internal, not 'private'"
            ),
            (
                "c_module=C,services",
                "the option services takes one of both, client, server, none, not ''"
            ),
            (
                "c_module=C,schema=My Schema",
                "the option schema takes a Swift identifier, not 'My Schema'"
            ),
            ("c_module=C.h", "the option c_module takes a Swift identifier, not 'C.h'"),
            ("c_module=C,import=", "the option import takes a Swift identifier, not ''"),
            (
                "c_module=C,color=red",
                "unknown option 'color'; the options are c_module, visibility, services, swift_dir, "
                    + "c_dir, schema, swift_module, import, registry and protoc_gen_c"
            ),
            (
                "visibility=public",
                "the option c_module is missing: the module that the generated C will be compiled "
                    + "in, for example --cabinet_opt=c_module=CExample"
            ),
        ]
    )
    func refusals(_ parameter: String, _ message: String) {
        #expect(throws: CodegenError(message)) { try GeneratorOptions(parameter: parameter) }
    }
}
