/// The messages and enums of a schema that a server has told of.
struct DescriptorSet: Sendable {
    /// By their full names.
    private(set) var messages: [String: MessageShape] = [:]
    /// By their full names.
    private(set) var enums: [String: EnumShape] = [:]
    /// Messages, fields, oneofs, enums and values: one may take two bytes, and some hundred here.
    private var partCount = 0
    private static let maxParts = 100_000

    func message(_ name: String) throws(DescriptorError) -> MessageShape {
        guard let message = messages[name] else { throw .unknownType(name) }
        return message
    }

    func enumeration(_ name: String) throws(DescriptorError) -> EnumShape {
        guard let found = enums[name] else { throw .unknownType(name) }
        return found
    }
}

/// A message: what its fields are.
struct MessageShape: Hashable, Sendable {
    let name: String
    /// In the order of their numbers.
    let fields: [FieldShape]
    /// The names of the oneofs, by which a field refers to its own.
    let oneofs: [String]
    /// The places of the fields, by their numbers: a message may have as many elements as bytes.
    private let places: [Int32: Int]

    init(name: String, fields: [FieldShape], oneofs: [String]) {
        self.name = name
        self.fields = fields
        self.oneofs = oneofs
        places = Dictionary(
            fields.enumerated().map { ($0.element.number, $0.offset) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The field with a name of the schema, or of JSON.
    func field(_ name: String) -> FieldShape? {
        fields.first { $0.name == name } ?? fields.first { $0.jsonName == name }
    }

    func field(_ number: Int32) -> FieldShape? { places[number].map { fields[$0] } }
}

/// A field of a message.
struct FieldShape: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case double, float, int32, int64, uint32, uint64, sint32, sint64
        case fixed32, fixed64, sfixed32, sfixed64, bool, string, bytes
        /// With the full name.
        case message(String)
        /// With the full name.
        case enumeration(String)
    }

    let name: String
    let jsonName: String
    let number: Int32
    let kind: Kind
    let isRepeated: Bool
    /// Whether an absent value is something else than the default.
    let hasPresence: Bool
    /// The index of the oneof that it is in.
    let oneof: Int?

    var isPacked: Bool {
        switch kind {
        case .string, .bytes, .message: false
        default: isRepeated
        }
    }
}

/// An enum: names and numbers.
struct EnumShape: Sendable {
    let name: String
    let values: [(name: String, number: Int32)]

    func number(_ name: String) -> Int32? { values.first { $0.name == name }?.number }

    func name(_ number: Int32) -> String? { values.first { $0.number == number }?.name }
}

/// A schema that cannot be used.
enum DescriptorError: Error, Hashable, Sendable {
    /// The bytes are no descriptors.
    case malformed
    /// There is more of it than of any schema.
    case tooLarge
    /// A type is named that is not there.
    case unknownType(String)
    /// A field is of a kind that CWP/1 does not carry, as a group.
    case unsupportedField(String)
}

extension DescriptorError: CustomStringConvertible {
    var description: String {
        switch self {
        case .malformed: "the server's schema cannot be read"
        case .tooLarge: "the server's schema is larger than any is"
        case .unknownType(let name): "the server's schema has no «\(name)»"
        case .unsupportedField(let name): "the field «\(name)» is of a kind that is not supported"
        }
    }
}

// MARK: - Reading

extension DescriptorSet {
    /// Reads a serialized `google.protobuf.FileDescriptorSet` of proto3 files.
    init(serialized bytes: [UInt8]) throws(DescriptorError) {
        for file in try DescriptorFields(bytes[...]).messages(1) {
            let fields = try DescriptorFields(file)
            let package = try fields.name(2)
            for message in fields.messages(4) { try add(message, in: package, depth: 0) }
            for found in fields.messages(5) { try addEnum(found, in: package) }
        }
    }

    private static let maxDepth = 32

    private mutating func add(
        _ bytes: ArraySlice<UInt8>,
        in scope: String,
        depth: Int
    ) throws(DescriptorError) {
        guard depth < Self.maxDepth else { throw .malformed }
        let fields = try DescriptorFields(bytes)
        let name = try Self.joined(scope, fields.name(1))
        var shapes: [FieldShape] = []
        try count(1 + fields.messages(2).count + fields.messages(8).count)
        for field in fields.messages(2) { shapes.append(try FieldShape(field)) }
        var oneofs: [String] = []
        for oneof in fields.messages(8) { oneofs.append(try DescriptorFields(oneof).name(1)) }
        messages[name] = MessageShape(
            name: name,
            fields: shapes.sorted { $0.number < $1.number },
            oneofs: oneofs
        )
        for message in fields.messages(3) { try add(message, in: name, depth: depth + 1) }
        for found in fields.messages(4) { try addEnum(found, in: name) }
    }

    private mutating func addEnum(
        _ bytes: ArraySlice<UInt8>,
        in scope: String
    ) throws(DescriptorError) {
        let fields = try DescriptorFields(bytes)
        let name = try Self.joined(scope, fields.name(1))
        var values: [(name: String, number: Int32)] = []
        try count(1 + fields.messages(2).count)
        for value in fields.messages(2) {
            let parts = try DescriptorFields(value)
            values.append(
                (try parts.name(1), Int32(truncatingIfNeeded: parts.number(2) ?? 0))
            )
        }
        enums[name] = EnumShape(name: name, values: values)
    }

    private mutating func count(_ parts: Int) throws(DescriptorError) {
        partCount += parts
        guard partCount <= Self.maxParts else { throw .tooLarge }
    }

    private static func joined(_ scope: String, _ name: String) -> String {
        scope.isEmpty ? name : "\(scope).\(name)"
    }
}

extension FieldShape {
    /// Reads a `FieldDescriptorProto`.
    fileprivate init(_ bytes: ArraySlice<UInt8>) throws(DescriptorError) {
        let fields = try DescriptorFields(bytes)
        name = try fields.name(1)
        let jsonName = try fields.name(10)
        self.jsonName = jsonName.isEmpty ? name : jsonName
        guard let number = fields.number(3).flatMap({ Int32(exactly: $0) }), number > 0 else {
            throw .malformed
        }
        self.number = number
        isRepeated = fields.number(4) == 3
        // Names are absolute: with a dot in front.
        let typeName = try String(fields.name(6).drop { $0 == "." })
        guard let kind = Self.kind(fields.number(5) ?? 0, typeName) else {
            throw .unsupportedField(name)
        }
        self.kind = kind
        oneof = fields.number(9).flatMap { Int(exactly: $0) }
        var isMessage = false
        if case .message = kind { isMessage = true }
        hasPresence = !isRepeated && (isMessage || oneof != nil)
    }

    /// The values of `FieldDescriptorProto.Type`.
    private static func kind(_ type: UInt64, _ typeName: String) -> Kind? {
        switch type {
        case 1: .double
        case 2: .float
        case 3: .int64
        case 4: .uint64
        case 5: .int32
        case 6: .fixed64
        case 7: .fixed32
        case 8: .bool
        case 9: .string
        case 11: .message(typeName)
        case 12: .bytes
        case 13: .uint32
        case 14: .enumeration(typeName)
        case 15: .sfixed32
        case 16: .sfixed64
        case 17: .sint32
        case 18: .sint64
        default: nil
        }
    }
}

/// The fields of one descriptor, by their numbers.
private struct DescriptorFields {
    private var values: [Int32: [ProtoReader.Value]] = [:]

    init(_ bytes: ArraySlice<UInt8>) throws(DescriptorError) {
        var reader = ProtoReader(bytes)
        do throws(ProtoError) {
            while let field = try reader.next() {
                values[field.number, default: []].append(field.value)
            }
        } catch {
            throw .malformed
        }
    }

    func messages(_ number: Int32) -> [ArraySlice<UInt8>] {
        (values[number] ?? []).compactMap { value in
            if case .bytes(let bytes) = value { bytes } else { nil }
        }
    }

    /// A name, which may have dots in it; empty where there is none.
    func name(_ number: Int32) throws(DescriptorError) -> String {
        guard let bytes = messages(number).last else { return "" }
        // Names are printed as they are: whatever a terminal would not take for text is none.
        guard bytes.allSatisfy(Self.isOfName) else { throw .malformed }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    func number(_ number: Int32) -> UInt64? {
        guard case .varint(let value)? = values[number]?.last else { return nil }
        return value
    }
}
