/// Refuses references to types that the generated Swift could not make: those to a type that no
/// module has, and those whose name means another type where they stand.
struct ReferenceValidator {
    private let names: SwiftNames
    private let importsModules: Bool
    /// The messages and enums that code is generated for, those at the top level by Swift name.
    private var own: [String: Declaration] = [:]
    /// The file of each message and enum, by full name.
    private var files: [String: SchemaFile] = [:]
    /// The full name of the outermost message around each message and enum, or its own.
    private var outermost: [String: String] = [:]

    /// - Parameter importsModules: Whether the generated Swift imports modules of other schemas.
    /// - Throws: ``CodegenError`` for the first such reference, in the order of the files.
    static func validate(
        _ schema: Schema,
        names: SwiftNames,
        importsModules: Bool
    ) throws(CodegenError) {
        let validator = ReferenceValidator(schema, names, importsModules)
        for file in schema.filesToGenerate {
            for message in file.messages { try validator.validate(message, within: []) }
            for method in file.services.flatMap(\.methods) {
                for type in [method.request, method.response] {
                    try validator.validate("method", method.declaration, refersTo: type, within: [])
                }
            }
        }
    }

    private init(_ schema: Schema, _ names: SwiftNames, _ importsModules: Bool) {
        self.names = names
        self.importsModules = importsModules
        for file in schema.files {
            for message in file.messages {
                add(message.declaration, of: file, isOwn: file.isToBeGenerated)
                let all = message.selfAndNested
                for type in all.map(\.declaration) + all.flatMap(\.enums).map(\.declaration) {
                    files[type.fullName] = file
                    outermost[type.fullName] = message.declaration.fullName
                }
            }
            for type in file.enums {
                add(type.declaration, of: file, isOwn: file.isToBeGenerated)
            }
        }
    }

    private mutating func add(_ type: Declaration, of file: SchemaFile, isOwn: Bool) {
        files[type.fullName] = file
        outermost[type.fullName] = type.fullName
        if isOwn { own[names.declared(type.fullName)] = type }
    }

    private func validate(
        _ message: MessageType,
        within scopes: [MessageType]
    ) throws(CodegenError) {
        let scopes = scopes + [message]
        for field in message.fields {
            switch field.kind {
            case .message(let type), .enumeration(let type):
                try validate("field", field.declaration, refersTo: type, within: scopes)
            default: break
            }
        }
        for nested in message.messages { try validate(nested, within: scopes) }
    }

    private func validate(
        _ noun: String,
        _ declaration: Declaration,
        refersTo type: String,
        within scopes: [MessageType]
    ) throws(CodegenError) {
        let reference = "the \(noun) '\(declaration.name)' refers to '\(type)'"
        if let file = files[type], !file.isToBeGenerated, !importsModules {
            throw CodegenError(
                "\(reference), for which no code is generated here: pass '\(file.name)' to protoc "
                    + "as well, or name the module with its Swift by the option import",
                at: declaration.place
            )
        }
        // The generated Swift names a type from the module's scope inwards. A type of an enclosing
        // message, or of this module, that has the name of the first step hides it.
        let name = names.qualified(type)
        let first = String(name.prefix { $0 != "." })
        func hidden(by scope: String, _ other: String) -> CodegenError {
            CodegenError(
                "\(reference), which is '\(name)' in Swift, and in \(scope) "
                    + (name == first ? "that" : "'\(first)'") + " is \(other): rename one",
                at: declaration.place
            )
        }
        for scope in scopes.reversed() {
            if let other = nestedType(first, in: scope) {
                throw hidden(by: "'\(scope.declaration.name)'", other)
            }
        }
        if let other = own[first], other.fullName != outermost[type] {
            throw hidden(by: "this module", "'\(other.fullName)'")
        }
    }

    /// What is declared directly in a message with a name in Swift.
    private func nestedType(_ name: String, in message: MessageType) -> String? {
        func hasName(_ type: Declaration) -> Bool { names.declared(type.fullName) == name }

        if let nested = message.messages.first(where: { hasName($0.declaration) }) {
            return "the nested message '\(nested.declaration.name)'"
        }
        if let nested = message.enums.first(where: { hasName($0.declaration) }) {
            return "the nested enum '\(nested.declaration.name)'"
        }
        let oneof = message.oneofs.first {
            !$0.isSynthetic && SwiftNames.oneofType($0.declaration.name) == name
        }
        return oneof.map { "the oneof '\($0.declaration.name)'" }
    }
}
