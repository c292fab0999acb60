/// A C message in an arena, without its type. For generated code, which knows the type.
///
/// Strings and bytes are structs `ProtobufCBinaryData` in C. Generated code passes them on without
/// naming that type, so that it imports no more than the module of its own C.
///
/// The functions below copy fields out of a C message. `field` is the field's name in the schema; it
/// is used only where an error needs a place.
public struct RawMessage {
    public let pointer: UnsafeMutableRawPointer

    /// Set while a message is decoded.
    @usableFromInline
    let context: UnsafeMutablePointer<DecodingContext>?

    /// A message that was built for encoding.
    @inlinable
    public init(_ pointer: UnsafeMutableRawPointer) {
        self.pointer = pointer
        context = nil
    }

    @usableFromInline
    init(_ pointer: UnsafeMutableRawPointer, _ context: UnsafeMutablePointer<DecodingContext>?) {
        self.pointer = pointer
        self.context = context
    }

    /// The message as the C struct that protoc-gen-c declares for it.
    @inlinable
    public func bound<C>(to type: C.Type) -> UnsafeMutablePointer<C> {
        pointer.assumingMemoryBound(to: type)
    }

    // MARK: - Singular fields

    @inlinable
    public static func bytes<C>(_ value: C) -> [UInt8] {
        [UInt8](BinaryData(value).buffer)
    }

    /// - Throws: ``MessageDecodingError/Reason/invalidUTF8``.
    @inlinable
    public static func string<C>(
        _ value: C,
        field: StaticString
    ) throws(MessageDecodingError) -> String {
        guard let string = string(validating: BinaryData(value)) else {
            throw invalidUTF8(field, index: nil)
        }
        return string
    }

    /// - Throws: ``MessageDecodingError/Reason/unknownEnumValue`` in a signed message.
    @inlinable
    public func enumeration<E: MessageEnum>(
        _ number: Int32,
        as type: E.Type = E.self,
        field: StaticString
    ) throws(MessageDecodingError) -> E {
        let value = E(rawValue: number)
        if let context, context.pointee.refusesUnknown {
            try Self.requireKnown(value, field, index: nil)
        }
        return value
    }

    @inlinable
    public func message<M: Message, C>(
        _ pointer: UnsafeMutablePointer<C>?,
        as type: M.Type = M.self,
        field: StaticString
    ) throws(MessageDecodingError) -> M? {
        guard let pointer else { return nil }
        do {
            return try M(_decoding: RawMessage(pointer, context))
        } catch {
            throw error.inside("\(field)")
        }
    }

    // MARK: - Repeated fields

    /// The elements of a repeated field whose C and Swift types are the same.
    @inlinable
    public static func array<Element>(
        _ elements: UnsafeMutablePointer<Element>?,
        _ count: Int
    ) -> [Element] {
        [Element](UnsafeBufferPointer(start: elements, count: count))
    }

    /// The elements of a repeated `bool`: an `int` in C.
    @inlinable
    public static func booleans(_ elements: UnsafeMutablePointer<Int32>?, _ count: Int) -> [Bool] {
        UnsafeBufferPointer(start: elements, count: count).map { $0 != 0 }
    }

    /// - Throws: ``MessageDecodingError/Reason/unknownEnumValue`` in a signed message.
    @inlinable
    public func enums<E: MessageEnum>(
        _ elements: UnsafeMutablePointer<Int32>?,
        _ count: Int,
        field: StaticString
    ) throws(MessageDecodingError) -> [E] {
        let values = UnsafeBufferPointer(start: elements, count: count).map { E(rawValue: $0) }
        if let context, context.pointee.refusesUnknown {
            for (index, value) in values.enumerated() {
                try Self.requireKnown(value, field, index: index)
            }
        }
        return values
    }

    @inlinable
    public static func byteArrays<C>(
        _ elements: UnsafeMutablePointer<C>?,
        _ count: Int
    ) -> [[UInt8]] {
        UnsafeBufferPointer(start: elements, count: count).map { bytes($0) }
    }

    /// - Throws: ``MessageDecodingError/Reason/invalidUTF8``.
    @inlinable
    public static func strings<C>(
        _ elements: UnsafeMutablePointer<C>?,
        _ count: Int,
        field: StaticString
    ) throws(MessageDecodingError) -> [String] {
        var strings: [String] = []
        strings.reserveCapacity(count)
        for (index, element) in UnsafeBufferPointer(start: elements, count: count).enumerated() {
            guard let string = string(validating: BinaryData(element)) else {
                throw invalidUTF8(field, index: index)
            }
            strings.append(string)
        }
        return strings
    }

    /// - Throws: ``MessageDecodingError/Reason/valueTooLarge(limit:)``, and what an element throws.
    @inlinable
    public func messages<M: Message, C>(
        _ elements: UnsafeMutablePointer<UnsafeMutablePointer<C>?>?,
        _ count: Int,
        as type: M.Type = M.self,
        field: StaticString
    ) throws(MessageDecodingError) -> [M] {
        try charge(count, stride: MemoryLayout<M>.stride, field)
        var messages: [M] = []
        messages.reserveCapacity(count)
        for (index, element) in UnsafeBufferPointer(start: elements, count: count).enumerated() {
            guard let element else { continue }
            do {
                messages.append(try M(_decoding: RawMessage(element, context)))
            } catch {
                throw error.inside("\(field)", index: index)
            }
        }
        return messages
    }

    // MARK: -

    /// Takes the memory of an array's elements from what the message may have.
    ///
    /// In C an element of a repeated submessage is a pointer; in Swift it holds the submessages that
    /// it may have, so that an empty one can take a hundred times its bytes.
    @usableFromInline
    func charge(
        _ count: Int,
        stride: Int,
        _ field: StaticString
    ) throws(MessageDecodingError) {
        guard let context else { return }
        let (byteCount, overflow) = count.multipliedReportingOverflow(by: stride)
        guard !overflow, byteCount <= context.pointee.remainingValueBytes else {
            throw MessageDecodingError(.valueTooLarge(limit: context.pointee.maxValueBytes))
                .inside("\(field)")
        }
        context.pointee.remainingValueBytes -= byteCount
    }

    @usableFromInline
    static func requireKnown<E: MessageEnum>(
        _ value: E,
        _ field: StaticString,
        index: Int?
    ) throws(MessageDecodingError) {
        guard E.allCases.contains(value) else {
            throw MessageDecodingError(.unknownEnumValue).inside("\(field)", index: index)
        }
    }

    /// By way of `UTF8Span`: `String(validating:as:)` looks up generic metadata each time, which takes
    /// longer than the validation of a short string.
    @usableFromInline
    static func string(validating data: BinaryData) -> String? {
        guard let span = try? UTF8Span(validating: data.buffer.span) else { return nil }
        return String(copying: span)
    }

    @usableFromInline
    static func invalidUTF8(_ field: StaticString, index: Int?) -> MessageDecodingError {
        MessageDecodingError(.invalidUTF8).inside("\(field)", index: index)
    }
}
