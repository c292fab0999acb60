extension SchemaFile {
    /// What a file imports and declares.
    public struct Contents: Sendable, Hashable {
        /// The names of the files that it imports.
        public var dependencies: [String] = []
        /// The full names of its messages, enums, services and methods.
        public var symbols: [String] = []
    }

    /// What the file imports and declares.
    ///
    /// - Complexity: O(*n*) in the size of the descriptor.
    public var contents: Contents {
        serialized.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return Contents() }
            do {
                return try Contents(ofFile: WireCursor(start, to: bytes.count))
            } catch {
                preconditionFailure("generated code holds a malformed descriptor: \(error)")
            }
        }
    }
}

/// The numbers of the fields that are read, from `google/protobuf/descriptor.proto`.
private enum FieldNumber {
    static let name: UInt32 = 1

    enum File {
        static let package: UInt32 = 2
        static let dependency: UInt32 = 3
        static let message: UInt32 = 4
        static let enumeration: UInt32 = 5
        static let service: UInt32 = 6
    }

    enum Message {
        static let message: UInt32 = 3
        static let enumeration: UInt32 = 4
    }

    enum Service {
        static let method: UInt32 = 2
    }
}

extension SchemaFile.Contents {
    fileprivate init(ofFile file: WireCursor) throws(MessageDecodingError) {
        // The package stands before the declarations that it is a part of the names of.
        var package = ""
        try file.forEachText { number, text throws(MessageDecodingError) in
            switch number {
            case FieldNumber.File.package: package = text.string
            case FieldNumber.File.dependency: dependencies.append(text.string)
            case FieldNumber.File.message: try addMessage(text, in: package)
            case FieldNumber.File.enumeration: _ = try add(text, in: package)
            case FieldNumber.File.service: try addService(text, in: package)
            default: break
            }
        }
    }

    private mutating func addMessage(
        _ message: WireCursor,
        in scope: String
    ) throws(MessageDecodingError) {
        let name = try add(message, in: scope)
        try message.forEachText { number, text throws(MessageDecodingError) in
            switch number {
            case FieldNumber.Message.message: try addMessage(text, in: name)
            case FieldNumber.Message.enumeration: _ = try add(text, in: name)
            default: break
            }
        }
    }

    private mutating func addService(
        _ service: WireCursor,
        in scope: String
    ) throws(MessageDecodingError) {
        let name = try add(service, in: scope)
        try service.forEachText { number, text throws(MessageDecodingError) in
            if number == FieldNumber.Service.method { _ = try add(text, in: name) }
        }
    }

    /// Adds the full name of a declaration, and returns it.
    private mutating func add(
        _ declaration: WireCursor,
        in scope: String
    ) throws(MessageDecodingError) -> String {
        var name = scope
        try declaration.forEachText { number, text in
            if number == FieldNumber.name { name += (name.isEmpty ? "" : ".") + text.string }
        }
        symbols.append(name)
        return name
    }
}

extension WireCursor {
    /// Calls `body` with each field that has a length.
    fileprivate func forEachText(
        _ body: (UInt32, WireCursor) throws(MessageDecodingError) -> Void
    ) throws(MessageDecodingError) {
        var cursor = self
        while !cursor.isAtEnd {
            let (number, wireType) = try cursor.readTag()
            if wireType == .lengthDelimited {
                try body(number, try cursor.readLengthDelimited())
            } else {
                try cursor.skipValue(of: wireType)
            }
        }
    }
}
