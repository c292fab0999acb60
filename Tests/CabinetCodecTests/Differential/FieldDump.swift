import CabinetCodec

@testable import CabinetCodegen

/// What the fields of a decoded message are, by their names in the schema, as text.
///
/// It looks at the Swift value alone, by reflection. So a field that is decoded into the wrong
/// property, and encoded from the wrong one again, does not go unseen.
struct FieldDump {
    private let messages: [String: MessageType]

    init(_ protoc: Protoc) {
        messages = Dictionary(
            uniqueKeysWithValues: protoc.messages.map { ($0.declaration.fullName, $0) }
        )
    }

    static func of(_ number: Double) -> String { "d" + String(number.bitPattern, radix: 16) }
    static func of(_ number: Float) -> String { "f" + String(number.bitPattern, radix: 16) }
    static func of(_ bytes: [UInt8]) -> String {
        "x" + bytes.map { String($0, radix: 16) }.joined(separator: ".")
    }

    func dump(_ message: any Message) -> String {
        guard let type = messages[Swift.type(of: message).fullName] else { return "?" }
        let properties = Dictionary(
            uniqueKeysWithValues: Mirror(reflecting: message).children.map {
                ($0.label ?? "", $0.value)
            }
        )
        func property(_ name: String) -> Any? {
            properties[SwiftNames.reference(SwiftNames.property(name))]
        }
        let fields = type.fields.compactMap { field -> (number: Int32, text: String)? in
            let name = field.declaration.name
            if let index = field.oneofIndex {
                guard let choice = property(type.oneofs[index].declaration.name).flatMap(unwrap),
                    let member = Mirror(reflecting: choice).children.first,
                    member.label == SwiftNames.reference(SwiftNames.property(name))
                else { return nil }
                return (field.number, "\(name)=\(text(member.value))")
            }
            guard let value = property(name) else { return (field.number, "\(name) is missing") }
            guard let value = unwrap(value) else { return nil }
            let text = text(value)
            let hasPresence = field.hasExplicitPresence || value is any Message
            if !hasPresence, Self.defaults.contains(text) { return nil }
            return (field.number, "\(name)=\(text)")
        }
        return "{" + fields.sorted { $0.number < $1.number }.map(\.text).joined(separator: ";")
            + "}"
    }

    private static let defaults: Set<String> = ["0", "d0", "f0", "false", "x", "[]"]

    private func text(_ value: Any) -> String {
        switch value {
        case let message as any Message: dump(message)
        case let number as Double: Self.of(number)
        case let number as Float: Self.of(number)
        case let string as String: Self.of(Array(string.utf8))
        case let bytes as [UInt8]: Self.of(bytes)
        case let value as any MessageEnum: "\(value.rawValue)"
        case let list as [Any]: "[" + list.map(text).joined(separator: ",") + "]"
        default: "\(value)"
        }
    }

    /// The value in an optional; a value that is none is itself.
    private func unwrap(_ value: Any) -> Any? {
        let mirror = Mirror(reflecting: value)
        guard mirror.displayStyle == .optional else { return value }
        return mirror.children.first?.value
    }
}
