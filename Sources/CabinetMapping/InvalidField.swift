public import CabinetModel

/// A field that does not map: where it is in its message, and what it breaks.
///
/// The same mapping reads requests, entries of a log, events and snapshots. What a wrong field means
/// differs: to a caller FIELD_INVALID, in a log that it is damaged.
public struct InvalidField: Error, Hashable, Sendable {
    /// Field names of the schema with indices, from the outermost message down, such as
    /// `admissions[3].weight`.
    public private(set) var path: String

    /// What the value has to be, in English.
    public let rule: String

    /// Whether each value is within its bounds, and those of a poll's rule contradict each other.
    public let isContradictoryRule: Bool

    init(_ path: StaticString, _ rule: String, isContradictoryRule: Bool = false) {
        self.path = "\(path)"
        self.rule = rule
        self.isContradictoryRule = isContradictoryRule
    }

    /// A field of the schema whose path was found by the codec.
    init(path: String, rule: String) {
        self.path = path
        self.rule = rule
        isContradictoryRule = false
    }

    /// The same seen from the enclosing message.
    func inside(_ field: StaticString, at index: Int? = nil) -> InvalidField {
        var copy = self
        let step = index.map { "\(field)[\($0)]" } ?? "\(field)"
        let isIndex = path.isEmpty || path.hasPrefix("[")
        copy.path = isIndex ? step + path : "\(step).\(path)"
        return copy
    }

    /// What a caller is answered: POLL_RULE_INVALID for values that contradict each other, otherwise
    /// FIELD_INVALID.
    public var rejection: Rejection {
        isContradictoryRule
            ? .pollRuleInvalid(rule: rule) : .fieldInvalid(field: path, rule: rule)
    }
}

extension InvalidField: CustomStringConvertible {
    public var description: String { "\(path): \(rule)" }
}

/// Makes a value of a field.
func field<Value>(
    _ name: StaticString,
    _ value: @autoclosure () throws(InvalidValue) -> Value
) throws(InvalidField) -> Value {
    do {
        return try value()
    } catch {
        throw InvalidField(name, error.rule)
    }
}

/// Maps a message that is a field of another.
func nested<Value>(
    _ name: StaticString,
    _ value: @autoclosure () throws(InvalidField) -> Value
) throws(InvalidField) -> Value {
    do {
        return try value()
    } catch {
        throw error.inside(name)
    }
}

/// Maps the elements of a repeated field.
func repeated<Element, Value>(
    _ name: StaticString,
    _ elements: [Element],
    _ map: (Element) throws(InvalidField) -> Value
) throws(InvalidField) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
        do {
            values.append(try map(element))
        } catch {
            throw error.inside(name, at: index)
        }
    }
    return values
}

/// A message that has to be there.
func required<Value>(_ name: StaticString, _ value: Value?) throws(InvalidField) -> Value {
    guard let value else { throw InvalidField(name, "the field is required") }
    return value
}
