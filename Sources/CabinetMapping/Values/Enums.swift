internal import CabinetCodec
internal import CabinetModel

// The enums of the model have the numbers of the schema.

/// A value that the schema and the model know.
///
/// - Throws: ``InvalidValue`` for UNSPECIFIED and for a number that is not known.
func known<Value: RawRepresentable>(
    _ value: some MessageEnum
) throws(InvalidValue) -> Value where Value.RawValue == Int32 {
    guard let known = Value(rawValue: value.rawValue) else {
        throw InvalidValue("the value is one that the schema knows and allows here")
    }
    return known
}

/// A value that may be absent: UNSPECIFIED.
func knownOrUnspecified<Value: RawRepresentable>(
    _ value: some MessageEnum
) throws(InvalidValue) -> Value? where Value.RawValue == Int32 {
    value.rawValue == 0 ? nil : try known(value)
}

extension MessageEnum {
    /// The value with the same number; UNSPECIFIED for `nil`.
    init<Value: RawRepresentable>(_ value: Value?) where Value.RawValue == Int32 {
        self.init(rawValue: value?.rawValue ?? 0)
    }
}
