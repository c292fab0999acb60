/// A value that breaks the rule of its type.
///
/// Whoever makes values of a request turns it into FIELD_INVALID with the field's path.
public struct InvalidValue: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the value has to be, in English.
    public let rule: String

    public init(_ rule: String) {
        self.rule = rule
    }

    public var description: String { rule }
}
