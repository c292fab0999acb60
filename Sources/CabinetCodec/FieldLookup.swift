internal import CProtobufC

/// Finds the descriptor of a field by its number. Encoders write fields in order, so the next
/// descriptor, or the same again, is tried first.
struct FieldLookup {
    private let descriptor: UnsafePointer<ProtobufCMessageDescriptor>
    private var next: Int = 0

    init(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>) {
        self.descriptor = descriptor
    }

    mutating func field(_ number: UInt32) -> UnsafePointer<ProtobufCFieldDescriptor>? {
        let count = Int(descriptor.pointee.n_fields)
        guard let fields = descriptor.pointee.fields else { return nil }
        if next < count, fields[next].id == number {
            next += 1
            return fields + (next - 1)
        }
        if next > 0, fields[next - 1].id == number {
            return fields + (next - 1)
        }
        guard let field = protobuf_c_message_descriptor_get_field(descriptor, number) else {
            return nil
        }
        next = field - fields + 1
        return field
    }
}

/// Which singular fields of a message have occurred.
///
/// A message has at most 256 fields; the generator refuses more.
struct SeenFields {
    private var words: InlineArray<4, UInt64> = .init(repeating: 0)

    /// Notes a singular field, and says whether it may be here: neither it nor another member of its
    /// `oneof` has occurred.
    mutating func insert(
        _ field: UnsafePointer<ProtobufCFieldDescriptor>,
        of descriptor: UnsafePointer<ProtobufCMessageDescriptor>
    ) -> Bool {
        guard let fields = descriptor.pointee.fields else { return false }
        let index = field - fields
        guard index < 256, !contains(index) else { return false }
        if field.pointee.isInOneof {
            // The members of a oneof share one quantifier, the number of the member that is set.
            for other in 0..<Int(descriptor.pointee.n_fields)
            where fields[other].isInOneof
                && fields[other].quantifier_offset == field.pointee.quantifier_offset
                && contains(other)
            {
                return false
            }
        }
        words[index / 64] |= 1 &<< UInt64(index % 64)
        return true
    }

    private func contains(_ index: Int) -> Bool {
        words[index / 64] & (1 &<< UInt64(index % 64)) != 0
    }
}

extension ProtobufCFieldDescriptor {
    fileprivate var isInOneof: Bool {
        flags & UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue) != 0
    }
}
