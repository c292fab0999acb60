internal import CProtobufC

/// Finds the descriptor of a field by its number. Encoders write fields in order, so the next
/// descriptor, or the same again, is tried first.
struct FieldLookup {
    private let descriptor: UnsafePointer<ProtobufCMessageDescriptor>

    /// The fields in the order of their numbers.
    let fields: UnsafeBufferPointer<ProtobufCFieldDescriptor>

    private var next: Int = 0

    init(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>) {
        self.descriptor = descriptor
        fields = UnsafeBufferPointer(
            start: descriptor.pointee.fields,
            count: Int(descriptor.pointee.n_fields)
        )
    }

    /// The field with that number, and its index in ``fields``.
    mutating func field(
        _ number: UInt32
    ) -> (field: UnsafePointer<ProtobufCFieldDescriptor>, index: Int)? {
        guard let first = fields.baseAddress else { return nil }
        if next < fields.count, first[next].id == number {
            next += 1
        } else if next == 0 || first[next - 1].id != number {
            guard let found = protobuf_c_message_descriptor_get_field(descriptor, number) else {
                return nil
            }
            next = found - first + 1
        }
        return (first + (next - 1), next - 1)
    }
}

/// Which singular fields of a message have occurred.
///
/// A message has at most 256 fields; the generator refuses more.
struct SeenFields {
    private var words: InlineArray<4, UInt64> = .init(repeating: 0)

    /// Notes a singular field, and says whether it may be here: neither it nor another member of its
    /// `oneof` has occurred.
    mutating func insert(_ index: Int, of fields: UnsafeBufferPointer<ProtobufCFieldDescriptor>)
        -> Bool
    {
        guard index < 256, !contains(index) else { return false }
        if fields[index].isInOneof, containsSibling(of: index, of: fields) {
            return false
        }
        words[index >> 6] |= Self.bit(index)
        return true
    }

    private func contains(_ index: Int) -> Bool {
        words[index >> 6] & Self.bit(index) != 0
    }

    /// The bit in its word.
    private static func bit(_ index: Int) -> UInt64 {
        1 &<< UInt64(truncatingIfNeeded: index)
    }

    /// The members of a `oneof` share one quantifier, the number of the member that is set.
    private func containsSibling(
        of index: Int,
        of fields: UnsafeBufferPointer<ProtobufCFieldDescriptor>
    ) -> Bool {
        let quantifier = fields[index].quantifier_offset
        return fields.indices.contains { other in
            fields[other].isInOneof
                && fields[other].quantifier_offset == quantifier && contains(other)
        }
    }
}

extension ProtobufCFieldDescriptor {
    fileprivate var isInOneof: Bool {
        flags & UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue) != 0
    }
}
