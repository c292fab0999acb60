/// The names that protoc-gen-c 1.4 gives to what it generates, so that the Swift code can call it.
///
/// Source of the rules: protoc-gen-c's `FullNameToC`, `FullNameToLower` and `FieldName`.
enum CNames {
    /// The struct of a message: `cabinet.v1.CastBallotRequest` → `Cabinet__V1__CastBallotRequest`.
    static func structure(_ fullName: String) -> String {
        fullName.split(separator: ".").map(camel).joined(separator: "__")
    }

    /// The prefix of the functions of a message: `cabinet__v1__cast_ballot_request`.
    static func functionPrefix(_ fullName: String) -> String {
        fullName.split(separator: ".").map(lower).joined(separator: "__")
    }

    /// The name under which a field is given to protoc-gen-c: its own, unless that is taken.
    static func renamed(_ fieldName: String) -> String {
        takenMembers.contains(fieldName.lowercased()) ? fieldName + "_" : fieldName
    }

    /// The member of the struct that holds a field.
    static func member(_ fieldName: String) -> String {
        let name = renamed(fieldName).lowercased()
        return cppKeywords.contains(name) ? name + "_" : name
    }

    /// Whether the field is set.
    static func presence(_ fieldName: String) -> String { "has_" + member(fieldName) }
    /// How many elements a repeated field has.
    static func count(_ fieldName: String) -> String { "n_" + member(fieldName) }
    /// Which member of a `oneof` is set.
    static func oneofCase(_ oneofName: String) -> String { lower(oneofName[...]) + "_case" }

    /// The enum that tells which member of a `oneof` is set, by the full name of the `oneof`.
    static func oneofCaseType(_ fullName: String) -> String { structure(fullName) + "Case" }

    /// The constant of that enum for one member.
    static func oneofConstant(_ fieldName: String, of oneof: String) -> String {
        (functionPrefix(oneof) + "_" + lower(renamed(fieldName)[...])).uppercased()
    }

    private static func camel(_ piece: Substring) -> String {
        var result = ""
        var nextIsUpper = true
        for character in piece {
            if character == "_" {
                nextIsUpper = true
            } else if nextIsUpper {
                result += character.uppercased()
                nextIsUpper = false
            } else {
                result.append(character)
            }
        }
        return result
    }

    private static func lower(_ piece: Substring) -> String {
        var result = ""
        var wasUpper = true
        for character in piece {
            if character.isUppercase {
                if !wasUpper { result += "_" }
                result += character.lowercased()
                wasUpper = true
            } else {
                result.append(character)
                wasUpper = false
            }
        }
        return result
    }

    /// What a member of a struct cannot be called, and protoc-gen-c does not know of.
    private static let takenMembers: Set<String> = [
        // The first member of every struct is protobuf-c's own.
        "base",
        // Swift has its own meaning for these after a dot.
        "init", "self",
        // Keywords of C, and macros that a compiler or <assert.h> defines.
        "alignas", "alignof", "constexpr", "i386", "linux", "nullptr", "restrict", "static_assert",
        "thread_local", "typeof", "typeof_unqual", "unix",
    ]

    private static let cppKeywords: Set<String> = [
        "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char",
        "class", "compl", "const", "const_cast", "continue", "default", "delete", "do", "double",
        "dynamic_cast", "else", "enum", "explicit", "extern", "false", "float", "for", "friend",
        "goto", "if", "inline", "int", "long", "mutable", "namespace", "new", "not", "not_eq",
        "operator", "or", "or_eq", "private", "protected", "public", "register",
        "reinterpret_cast", "return", "short", "signed", "sizeof", "static", "static_cast",
        "struct", "switch", "template", "this", "throw", "true", "try", "typedef", "typeid",
        "typename", "union", "unsigned", "using", "virtual", "void", "volatile", "wchar_t", "while",
        "xor", "xor_eq",
    ]
}
