/// Refuses names that differ in the schema and become one in the generated Swift.
struct SwiftNameValidator {
    private let schema: Schema
    private let names: SwiftNames
    private let schemaName: String

    /// - Parameter schemaName: The enum that the generator adds for the schema as a whole.
    /// - Throws: ``CodegenError`` for the first clash, in the order of the files.
    static func validate(
        _ schema: Schema,
        names: SwiftNames,
        schemaName: String
    ) throws(CodegenError) {
        let validator = SwiftNameValidator(schema: schema, names: names, schemaName: schemaName)
        try validator.validateFileNames()
        try validator.validateTopLevel()
        for file in schema.filesToGenerate {
            for type in file.enums { try validator.validate(type) }
            for message in file.messages.flatMap(\.selfAndNested) {
                try validator.validate(message)
            }
            for service in file.services { try validator.validate(service) }
        }
    }

    // MARK: - The module

    /// swiftc refuses two files of one name in a module, in whatever folders they are.
    private func validateFileNames() throws(CodegenError) {
        var owners: [String: String] = [:]
        for file in schema.filesToGenerate {
            for path in [file.messagesPath, file.servicesPath] {
                guard let name = path?.split(separator: "/").last.map(String.init) else { continue }
                if let owner = owners.updateValue(file.name, forKey: name) {
                    throw CodegenError(
                        "'\(owner)' and '\(file.name)' both become '\(name)', and Swift takes a "
                            + "file name once in a module: rename one",
                        at: SourcePlace(file: file.name, line: 1, column: 1)
                    )
                }
            }
        }
    }

    private func validateTopLevel() throws(CodegenError) {
        var module = NameScope(
            language: "Swift",
            remedy: "rename one, or give one file 'option swift_prefix'"
        )
        for file in schema.filesToGenerate {
            let types = file.messages.map(\.declaration) + file.enums.map(\.declaration)
            let named =
                types.map { (declaration: $0, name: names.declared($0.fullName)) }
                + file.services.map {
                    (declaration: $0.declaration, name: SwiftNames.service($0, of: file))
                }
            for (declaration, name) in named {
                guard name != schemaName else {
                    throw CodegenError(
                        "'\(declaration.fullName)' becomes '\(name)' in Swift, which is the enum "
                            + "with the schema's hash: rename one, the latter by the option schema",
                        at: declaration.place
                    )
                }
                try module.claim(name, for: declaration, label: declaration.fullName)
            }
            for message in file.messages {
                try validateDifferenceFromC(message.declaration)
            }
        }
    }

    /// The generated Swift refers to the C struct by its name alone.
    private func validateDifferenceFromC(_ message: Declaration) throws(CodegenError) {
        let name = names.declared(message.fullName)
        guard CNames.structure(message.fullName) != name else {
            throw CodegenError(
                "the message '\(message.name)' has the name '\(name)' both in C and in Swift: put "
                    + "the file into a package, as in 'package example;'",
                at: message.place
            )
        }
    }

    // MARK: - Members

    private func validate(_ type: EnumType) throws(CodegenError) {
        var cases = NameScope(language: "Swift")
        var numbers: [String: Int32] = [:]
        for value in type.values {
            let name = SwiftNames.enumCase(value.declaration.name, of: type.declaration.name)
            // An alias that becomes the name of its own number adds nothing.
            if numbers[name] == value.number { continue }
            numbers[name] = value.number
            try cases.claim(name, for: value.declaration)
        }
    }

    private func validate(_ message: MessageType) throws(CodegenError) {
        let oneofs = message.oneofs.filter { !$0.isSynthetic }.map(\.declaration)

        var types = NameScope(language: "Swift")
        for oneof in oneofs {
            try types.claim(SwiftNames.oneofType(oneof.name), for: oneof)
        }
        for nested in message.enums {
            try types.claim(names.declared(nested.declaration.fullName), for: nested.declaration)
            try validate(nested)
        }
        for nested in message.messages {
            try types.claim(names.declared(nested.declaration.fullName), for: nested.declaration)
        }

        var properties = NameScope(language: "Swift")
        var cases = [Int: NameScope]()
        for field in message.fields {
            let name = field.declaration.name
            if let index = field.oneofIndex {
                try cases[index, default: NameScope(language: "Swift")]
                    .claim(SwiftNames.oneofCase(name), for: field.declaration)
            } else {
                try properties.claim(SwiftNames.property(name), for: field.declaration)
            }
        }
        for oneof in oneofs {
            try properties.claim(SwiftNames.property(oneof.name), for: oneof)
        }
    }

    private func validate(_ service: Service) throws(CodegenError) {
        var methods = NameScope(language: "Swift")
        for method in service.methods {
            try methods.claim(
                SwiftNames.method(method.declaration.name),
                for: method.declaration
            )
        }
    }
}
