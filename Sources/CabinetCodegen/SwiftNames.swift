/// The Swift names of what a schema declares.
struct SwiftNames: Sendable {
    /// The Swift names of all messages and enums of a schema, by full name.
    private let types: [String: String]

    init(_ schema: Schema) {
        var types: [String: String] = [:]

        func add(_ type: EnumType, scope: String) {
            types[type.declaration.fullName] =
                scope + Self.type(type.declaration.name, suffix: "Enum")
        }
        func add(_ message: MessageType, scope: String) {
            let name = scope + Self.type(message.declaration.name, suffix: "Message")
            types[message.declaration.fullName] = name
            for nested in message.messages { add(nested, scope: name + ".") }
            for nested in message.enums { add(nested, scope: name + ".") }
        }
        for file in schema.files {
            for message in file.messages { add(message, scope: file.swiftPrefix) }
            for type in file.enums { add(type, scope: file.swiftPrefix) }
        }
        self.types = types
    }

    /// The name by which a message or an enum is referred to, `Outer.Inner` where it is nested.
    func qualified(_ fullName: String) -> String {
        types[fullName] ?? fullName
    }

    /// The name with which a message or an enum is declared in its scope.
    func declared(_ fullName: String) -> String {
        String(qualified(fullName).split(separator: ".").last ?? "")
    }

    /// The name of a service's namespace.
    static func service(_ service: Service, of file: SchemaFile) -> String {
        file.swiftPrefix + type(service.declaration.name, suffix: "Service")
    }

    // MARK: - Members

    /// A property: `meeting_id` → `meetingID`.
    static func property(_ name: String) -> String {
        escaped(lowerCamel(name.split(separator: "_").map(String.init)))
    }

    /// A member of a `oneof`: as a property, but not what the enclosing `Optional` has.
    static func oneofCase(_ name: String) -> String {
        let name = property(name)
        return name == "none" || name == "some" ? name + "_" : name
    }

    /// A method: `CastBallot` → `castBallot`.
    static func method(_ name: String) -> String {
        let name = lowerCamel(words(ofCamel: name))
        // `Methods.all` lists the methods.
        return name == "all" ? name + "_" : escaped(name)
    }

    /// The enum that a `oneof` becomes: `body` → `Body`.
    static func oneofType(_ name: String) -> String {
        type(name, suffix: "Oneof")
    }

    /// The case of an enum value, without the enum's name in front: `CHOICE_YES` of `Choice` → `yes`.
    static func enumCase(_ value: String, of type: String) -> String {
        let words = value.split(separator: "_").map { $0.lowercased() }
        let prefix = self.words(ofCamel: type).map { $0.lowercased() }
        var rest = words[...]
        // The prefix is compared without its word boundaries, as `GoAway` may be `GOAWAY`.
        let prefixText = prefix.joined()
        var taken = ""
        while let word = rest.first, taken.count < prefixText.count {
            taken += word
            rest = rest.dropFirst()
        }
        // A digit cannot begin a name: there the value keeps the name of its enum.
        let isPrefixed = taken == prefixText && rest.first?.first?.isNumber == false
        let name = lowerCamel(Array(isPrefixed ? rest : words[...]))
        return name == "unrecognized" || name == "allCases" ? name + "_" : escaped(name)
    }

    /// A member's name where it follows a dot: there, keywords need no backticks.
    static func reference(_ name: String) -> String {
        name.first == "`" ? String(name.dropFirst().dropLast()) : name
    }

    // MARK: - Words

    /// Words that are written in capitals, unless a name begins with them.
    private static let initialisms: [String: String] = [
        "id": "ID", "ids": "IDs", "url": "URL", "urls": "URLs", "tls": "TLS", "utc": "UTC",
    ]

    private static func lowerCamel(_ words: [String]) -> String {
        guard let first = words.first else { return "__" }
        let isCamel = first.contains { $0.isLowercase }
        let head = isCamel ? first.prefix(1).lowercased() + first.dropFirst() : first.lowercased()
        let name = head + upperCamel(Array(words.dropFirst()))
        return name.first?.isNumber == true ? "_" + name : name
    }

    private static func upperCamel(_ words: [String]) -> String {
        words.map { word in
            initialisms[word.lowercased()] ?? word.prefix(1).uppercased() + word.dropFirst()
        }.joined()
    }

    /// `GoAwayReason` → `Go`, `Away`, `Reason`; `HTTPStatus` → `HTTP`, `Status`.
    private static func words(ofCamel name: String) -> [String] {
        let characters = Array(name)
        var words: [String] = []
        var word = ""
        for (index, character) in characters.enumerated() {
            if character == "_" {
                if !word.isEmpty { words.append(word) }
                word = ""
                continue
            }
            let followsLower = index > 0 && !characters[index - 1].isUppercase
            let precedesLower = index + 1 < characters.count && characters[index + 1].isLowercase
            if character.isUppercase, !word.isEmpty, followsLower || precedesLower {
                words.append(word)
                word = ""
            }
            word.append(character)
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    // MARK: - Reserved names

    /// A type whose name generated code needs for something else gets a suffix.
    private static func type(_ name: String, suffix: String) -> String {
        let words = name.split(separator: "_").map(String.init)
        let name =
            words.count > 1 ? upperCamel(words) : name.prefix(1).uppercased() + name.dropFirst()
        return reservedTypes.contains(name) ? name + suffix : name
    }

    private static let reservedTypes: Set<String> = [
        // Swift's own.
        "Any", "Array", "Bool", "Double", "Error", "Float", "Hashable", "Int", "Int32", "Int64",
        "Never", "Optional", "Protocol", "Result", "Self", "Sendable", "String", "Type", "UInt32",
        "UInt64", "UInt8", "Void",
        // Of CabinetCodec.
        "EncodingArena", "Message", "MessageDecodingError", "MessageDescriptor", "MessageEnum",
        "RawMessage", "SchemaFile",
        // Of CabinetRPC.
        "BidirectionalMethod", "CallContext", "CallOptions", "ChannelMethod",
        "ChannelSubscription", "ClientStreamingMethod", "MessageReader", "MessageWriter",
        "MethodDescription", "MethodRegistrar", "RPCCaller", "RPCError", "ResumeToken",
        "ServerStreamingMethod", "ServiceHandler", "Subscription", "UnaryMethod",
        // In the namespace of every service, where they would hide a message of that name.
        "Client", "Handler", "Methods", "SimpleHandler",
    ]

    private static func escaped(_ name: String) -> String {
        if keywords.contains(name) { return "`\(name)`" }
        // An expression cannot begin with this one.
        if name == "await" { return "`await`" }
        // Words that even backticks do not free for a member, and members of the protocols that a
        // message conforms to.
        return ["self", "init", "hashValue", "rawValue", "Type"].contains(name) ? name + "_" : name
    }

    private static let keywords: Set<String> = [
        "Any", "Self", "as", "associatedtype", "break", "case", "catch", "class", "continue",
        "default", "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false",
        "fileprivate", "for", "func", "guard", "if", "import", "in", "inout", "internal", "is",
        "let", "nil", "operator", "precedencegroup", "private", "protocol", "public", "repeat",
        "rethrows", "return", "static", "struct", "subscript", "super", "switch", "throw", "throws",
        "true", "try", "typealias", "var", "where", "while",
    ]
}
