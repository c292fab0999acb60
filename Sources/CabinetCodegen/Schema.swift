/// The schema as the generator sees it: what protoc parsed, with the comments and places of the
/// source attached to the elements that they belong to.
public struct Schema: Sendable {
    /// Every file that protoc passed, each after those that it imports.
    public var files: [SchemaFile]

    /// The files that code is to be generated for.
    public var filesToGenerate: [SchemaFile] {
        files.filter(\.isToBeGenerated)
    }

    /// Every message of the given files, outer before nested.
    static func allMessages(of files: [SchemaFile]) -> [MessageType] {
        files.flatMap { $0.messages.flatMap(\.selfAndNested) }
    }
}

/// Where an element stands in its proto file. Line and column count from 1.
public struct SourcePlace: Sendable, Hashable {
    public var file: String
    public var line: Int
    public var column: Int
}

/// What elements of a schema have in common.
public struct Declaration: Sendable, Hashable {
    /// The name as the schema has it.
    public var name: String
    /// The name with package and enclosing messages, without a leading dot.
    public var fullName: String
    /// The comment that stands directly above, or else behind, one string for each line; empty where
    /// there is none.
    public var comment: [String]
    public var place: SourcePlace
    public var isDeprecated = false
}

public struct SchemaFile: Sendable {
    /// The path that protoc knows the file by.
    public var name: String
    public var package: String
    /// `proto2`, `proto3` or `editions`.
    public var syntax: String
    /// The standard file option `swift_prefix`, put before the names of top-level types.
    public var swiftPrefix: String
    public var dependencies: [String]
    public var isToBeGenerated: Bool
    public var messages: [MessageType]
    public var enums: [EnumType]
    public var services: [Service]

    /// The path of the Swift of the messages and enums; `nil` where there are none.
    var messagesPath: String? { messages.isEmpty && enums.isEmpty ? nil : "\(baseName).pb.swift" }

    /// The path of the Swift of the services; `nil` where there are none.
    var servicesPath: String? { services.isEmpty ? nil : "\(baseName).rpc.swift" }

    private var baseName: Substring {
        name.hasSuffix(".proto") ? name.dropLast(".proto".count) : name[...]
    }
}

public struct MessageType: Sendable {
    public var declaration: Declaration
    public var fields: [Field]
    public var oneofs: [Oneof]
    public var messages: [MessageType]
    public var enums: [EnumType]
    /// The option `cabinet.rpc.signed`.
    public var isSigned: Bool
    /// Whether protoc made the message up for a `map` field.
    public var isMapEntry: Bool

    var selfAndNested: [MessageType] { [self] + messages.flatMap(\.selfAndNested) }
}

public struct Field: Sendable {
    public enum Kind: Sendable, Hashable {
        case double, float, int32, int64, uint32, uint64, sint32, sint64
        case fixed32, fixed64, sfixed32, sfixed64, bool, string, bytes
        /// With the full name of the message.
        case message(String)
        /// With the full name of the enum.
        case enumeration(String)
        case group
    }

    public var declaration: Declaration
    public var number: Int32
    public var kind: Kind
    public var isRepeated: Bool
    /// Declared `optional`: the Swift property tells an absent value from the default.
    public var hasExplicitPresence: Bool
    /// The index of the field's `oneof` in its message.
    public var oneofIndex: Int?

    var isMessage: Bool {
        if case .message = kind { true } else { false }
    }
}

public struct Oneof: Sendable {
    public var declaration: Declaration
    /// Made up by protoc for an `optional` field.
    public var isSynthetic: Bool
}

public struct EnumType: Sendable {
    public var declaration: Declaration
    public var values: [EnumValue]
}

public struct EnumValue: Sendable {
    public var declaration: Declaration
    public var number: Int32
}

public struct Service: Sendable {
    public var declaration: Declaration
    public var methods: [Method]
}

public struct Method: Sendable {
    public enum Kind: Sendable, Hashable {
        case unary, clientStreaming, serverStreaming, bidirectional
        /// Subscribes to a broadcast channel.
        case channel
    }

    /// The values of `cabinet.rpc.Idempotency`.
    public enum Idempotency: UInt64, Sendable {
        case unspecified = 0
        case safe = 1
        case keyed = 2
    }

    public var declaration: Declaration
    /// The full name of the request message.
    public var request: String
    /// The full name of the response message.
    public var response: String
    public var isClientStreaming: Bool
    public var isServerStreaming: Bool
    /// The option `cabinet.rpc.method_id`; 0 where it is missing.
    public var number: UInt64
    /// The raw value of the option `cabinet.rpc.idempotency`.
    public var idempotency: UInt64
    /// The raw value of the option `cabinet.rpc.stream_kind`.
    public var streamKind: UInt64

    public var kind: Kind {
        switch (isClientStreaming, isServerStreaming) {
        case (false, false): .unary
        case (true, false): .clientStreaming
        case (false, true): streamKind == 1 ? .channel : .serverStreaming
        case (true, true): .bidirectional
        }
    }
}
