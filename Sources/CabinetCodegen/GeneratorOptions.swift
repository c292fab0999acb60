/// The parameters of the generator, as in `--cabinet_opt=c_module=CExample,visibility=public`.
public struct GeneratorOptions: Sendable, Equatable {
    public enum Visibility: String, Sendable, CaseIterable {
        case `public`, `package`, `internal`
    }

    public enum Services: String, Sendable, CaseIterable {
        case both, client, server, none
    }

    /// The module that the generated C is compiled in, and that the generated Swift imports.
    public var cModule = ""
    /// The access level of the generated Swift.
    public var visibility = Visibility.internal
    /// Which side of the services is generated.
    public var services = Services.both
    /// The folder of the generated Swift, in the output folder.
    public var swiftFolder = ""
    /// The folder of the generated C, in the output folder.
    public var cFolder = ""
    /// The name of the Swift enum that holds the schema's hash and lists its messages.
    public var schemaName = "Schema"
    /// The module that the generated Swift is a part of, where that is one of those that it would
    /// import; empty otherwise.
    public var swiftModule = ""
    /// Modules that the generated Swift imports besides: those of imported schemas.
    public var importedModules: [String] = []
    /// The file that records the numbers of published methods; empty for none.
    public var registryPath = ""
    /// The program protoc-gen-c.
    public var cPluginPath = "protoc-gen-c"

    public init() {}

    /// Reads protoc's parameter string.
    ///
    /// - Throws: ``CodegenError`` for an unknown option, a value that it does not take, or where
    ///   `c_module` is missing.
    public init(parameter: String) throws(CodegenError) {
        for option in parameter.split(separator: ",") {
            let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
            let value = parts.count == 2 ? parts[1] : ""
            switch parts[0] {
            case "c_module": cModule = try Self.identifier(parts[0], value)
            case "visibility": visibility = try Self.choice(parts[0], value)
            case "services": services = try Self.choice(parts[0], value)
            case "swift_dir": swiftFolder = value
            case "c_dir": cFolder = value
            case "schema": schemaName = try Self.identifier(parts[0], value)
            case "swift_module": swiftModule = try Self.identifier(parts[0], value)
            case "import": importedModules.append(try Self.identifier(parts[0], value))
            case "registry": registryPath = value
            case "protoc_gen_c": cPluginPath = value
            default:
                throw CodegenError(
                    "unknown option '\(parts[0])'; the options are c_module, visibility, services, "
                        + "swift_dir, c_dir, schema, swift_module, import, registry and "
                        + "protoc_gen_c"
                )
            }
        }
        guard !cPluginPath.isEmpty, !cPluginPath.hasPrefix("-") else {
            throw CodegenError("the option protoc_gen_c takes the path of a program")
        }
        guard !cModule.isEmpty else {
            throw CodegenError(
                "the option c_module is missing: the module that the generated C will be compiled "
                    + "in, for example --cabinet_opt=c_module=CExample"
            )
        }
    }

    private static func identifier(
        _ name: String,
        _ value: String
    ) throws(CodegenError) -> String {
        let isIdentifier =
            value.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
            && value.first?.isNumber == false
        guard isIdentifier else {
            throw CodegenError("the option \(name) takes a Swift identifier, not '\(value)'")
        }
        return value
    }

    private static func choice<Choice>(
        _ name: String,
        _ value: String
    ) throws(CodegenError) -> Choice
    where Choice: RawRepresentable<String> & CaseIterable {
        guard let choice = Choice(rawValue: value) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw CodegenError("the option \(name) takes one of \(choices), not '\(value)'")
        }
        return choice
    }
}
