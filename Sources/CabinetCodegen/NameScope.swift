/// The names that exist in one scope of the generated code, and what each was made from.
struct NameScope {
    private let language: String
    private let remedy: String
    private var owners: [String: String] = [:]

    /// - Parameters:
    ///   - language: In which the names are; for the error.
    ///   - remedy: What the reader of the error is to do.
    init(language: String, remedy: String = "rename one") {
        self.language = language
        self.remedy = remedy
    }

    /// Takes a name for a declaration.
    ///
    /// - Parameter label: What the error calls the declaration; its own name unless given.
    /// - Throws: ``CodegenError`` where another declaration has the name.
    mutating func claim(
        _ name: String,
        for declaration: Declaration,
        label: String? = nil
    ) throws(CodegenError) {
        let label = label ?? declaration.name
        if let owner = owners.updateValue(label, forKey: name) {
            throw CodegenError(
                "'\(owner)' and '\(label)' both become '\(name)' in \(language): \(remedy)",
                at: declaration.place
            )
        }
    }
}
