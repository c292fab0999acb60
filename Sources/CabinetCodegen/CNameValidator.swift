/// Refuses names that differ in the schema and become one in the C that protoc-gen-c writes.
struct CNameValidator {
    /// C has one scope for the types and constants of all files.
    private var global = NameScope(language: "C")

    /// - Throws: ``CodegenError`` for the first clash, in the order of the files.
    static func validate(_ schema: Schema) throws(CodegenError) {
        var validator = CNameValidator()
        for message in Schema.allMessages(of: schema.filesToGenerate) {
            try validator.validate(message)
        }
    }

    private mutating func validate(_ message: MessageType) throws(CodegenError) {
        let fullName = message.declaration.fullName
        try claim(CNames.structure(fullName), for: message.declaration)
        try claim(CNames.functionPrefix(fullName) + "__init", for: message.declaration)
        for (index, oneof) in message.oneofs.enumerated() where !oneof.isSynthetic {
            let fullName = oneof.declaration.fullName
            try claim(CNames.oneofCaseType(fullName), for: oneof.declaration)
            for field in message.fields where field.oneofIndex == index {
                try claim(
                    CNames.oneofConstant(field.declaration.name, of: fullName),
                    for: field.declaration
                )
            }
        }
        try validateMembers(of: message)
    }

    private mutating func claim(
        _ name: String,
        for declaration: Declaration
    ) throws(CodegenError) {
        try global.claim(name, for: declaration, label: declaration.fullName)
    }

    /// The members of a struct: one or two for each field, one more for each `oneof`, whose fields
    /// are members of a union without a name.
    private func validateMembers(of message: MessageType) throws(CodegenError) {
        var members = NameScope(language: "C")
        for field in message.fields {
            let name = field.declaration.name
            try members.claim(CNames.member(name), for: field.declaration)
            if field.isRepeated {
                try members.claim(CNames.count(name), for: field.declaration)
            } else if field.oneofIndex == nil, !field.isMessage {
                try members.claim(CNames.presence(name), for: field.declaration)
            }
        }
        for oneof in message.oneofs where !oneof.isSynthetic {
            try members.claim(CNames.oneofCase(oneof.declaration.name), for: oneof.declaration)
        }
    }
}
