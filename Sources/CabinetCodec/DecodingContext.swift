/// What generated code has to keep to while it copies one message out of its C form.
@usableFromInline
struct DecodingContext {
    /// Bytes that elements of repeated submessages may still take.
    @usableFromInline
    var remainingValueBytes: Int

    /// What they might take at the beginning, for the error.
    @usableFromInline
    let maxValueBytes: Int

    /// Whether what the reader does not know is refused: unknown fields, and numbers of enums.
    @usableFromInline
    let refusesUnknown: Bool
}
