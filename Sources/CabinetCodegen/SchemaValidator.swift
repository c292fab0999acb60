/// Refuses what the codec and the protocol do not support. Each refusal names its place.
struct SchemaValidator {
    private let schema: Schema
    private let messages: [String: MessageType]

    /// - Throws: ``CodegenError`` for the first problem, in the order of the files.
    static func validate(_ schema: Schema) throws(CodegenError) {
        let validator = SchemaValidator(schema)
        for file in schema.filesToGenerate {
            try validator.validate(file)
        }
        try validator.validateMethodNumbers()
    }

    private init(_ schema: Schema) {
        self.schema = schema
        messages = Dictionary(
            Schema.allMessages(of: schema.files).map { ($0.declaration.fullName, $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    private func validate(_ file: SchemaFile) throws(CodegenError) {
        guard file.syntax == "proto3" else {
            throw CodegenError(
                "only proto3 is supported, and this file is \(file.syntax)",
                at: SourcePlace(file: file.name, line: 1, column: 1)
            )
        }
        for message in file.messages.flatMap(\.selfAndNested) {
            try validate(message)
        }
        for service in file.services {
            for method in service.methods { try validate(method, in: file.package) }
        }
    }

    // MARK: - Messages

    private func validate(_ message: MessageType) throws(CodegenError) {
        let place = message.declaration.place
        // The scanner notes what has occurred in a set of 256.
        guard message.fields.count <= 256 else {
            throw CodegenError(
                "the message '\(message.declaration.name)' has \(message.fields.count) fields, and "
                    + "256 is the most: put some of them into a message of their own",
                at: place
            )
        }
        for field in message.fields {
            try validate(field)
        }
        if let cycle = cycle(from: message) {
            throw CodegenError(
                "the message '\(message.declaration.name)' contains itself "
                    + "(\(cycle.joined(separator: " → "))): the depth of what a peer sends would "
                    + "have no bound; refer to the inner ones by an id or an index",
                at: place
            )
        }
    }

    private func validate(_ field: Field) throws(CodegenError) {
        let name = field.declaration.name
        switch field.kind {
        case .group:
            throw CodegenError(
                "the field '\(name)' is a group, which is not supported: use a message",
                at: field.declaration.place
            )
        case .message(let fullName):
            guard let type = messages[fullName] else { return }
            if type.isMapEntry {
                throw CodegenError(
                    "the field '\(name)' is a map, which is not supported, as its order on the wire "
                        + "is not defined: use a repeated message with a key and a value",
                    at: field.declaration.place
                )
            }
            if type.isSigned {
                throw CodegenError(
                    "the field '\(name)' embeds the signed message '\(type.declaration.name)': what "
                        + "is signed travels as the bytes that were signed, so make the field bytes",
                    at: field.declaration.place
                )
            }
        default:
            return
        }
    }

    /// The names along a cycle of submessages that leads from a message back to itself.
    private func cycle(from message: MessageType) -> [String]? {
        let target = message.declaration.fullName
        var visited: Set<String> = []

        func path(from message: MessageType) -> [String]? {
            for field in message.fields {
                guard case .message(let fullName) = field.kind else { continue }
                if fullName == target { return [message.declaration.name] }
                guard visited.insert(fullName).inserted, let next = messages[fullName] else {
                    continue
                }
                if let rest = path(from: next) { return [message.declaration.name] + rest }
            }
            return nil
        }
        return path(from: message).map { $0 + [message.declaration.name] }
    }

    // MARK: - Methods

    /// The standard services of CWP/1, and the numbers that are theirs alone.
    private enum Standard {
        static let package = "cabinet.rpc"
        static let numbers: ClosedRange<UInt64> = 60_000...65_535
    }

    private func validate(_ method: Method, in package: String) throws(CodegenError) {
        let name = method.declaration.name
        let place = method.declaration.place
        guard method.number != 0 else {
            throw CodegenError(
                "the method '\(name)' has no number: give it "
                    + "'option (cabinet.rpc.method_id) = N;' with an N that no method has had",
                at: place
            )
        }
        guard method.number <= 65_535 else {
            throw CodegenError(
                "the number \(method.number) of the method '\(name)' is above 65535",
                at: place
            )
        }
        guard Standard.numbers.contains(method.number) == (package == Standard.package) else {
            throw CodegenError(
                package == Standard.package
                    ? "the method '\(name)' of a standard service has the number "
                        + "\(method.number), and theirs are 60000 to 65535"
                    : "the number \(method.number) of the method '\(name)' is of those that belong "
                        + "to the standard services of CWP/1: take one below 60000",
                at: place
            )
        }
        guard Method.Idempotency(rawValue: method.idempotency) != nil else {
            throw CodegenError(
                "the method '\(name)' has the unknown idempotency \(method.idempotency)",
                at: place
            )
        }
        guard method.streamKind <= 1 else {
            throw CodegenError(
                "the method '\(name)' has the unknown stream kind \(method.streamKind)",
                at: place
            )
        }
        for fullName in [method.request, method.response] where messages[fullName]?.isSigned == true
        {
            throw CodegenError(
                "the method '\(name)' carries the signed message '\(fullName)' itself: what is signed "
                    + "travels as the bytes that were signed, in a field of a request or response",
                at: place
            )
        }
        if method.streamKind == 1, method.isClientStreaming || !method.isServerStreaming {
            throw CodegenError(
                "the method '\(name)' is a channel, so it takes one request and returns a stream",
                at: place
            )
        }
    }

    /// Numbers are unique among all services that protoc passed, imported ones included.
    private func validateMethodNumbers() throws(CodegenError) {
        var owners: [UInt64: Method] = [:]
        for file in schema.files {
            for method in file.services.flatMap(\.methods) where method.number != 0 {
                if let owner = owners.updateValue(method, forKey: method.number) {
                    throw CodegenError(
                        "the method number \(method.number) of '\(method.declaration.fullName)' "
                            + "is that of '\(owner.declaration.fullName)' already",
                        at: method.declaration.place
                    )
                }
            }
        }
    }
}
