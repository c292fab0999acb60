internal import CProtobufC

/// A handle to the C descriptor of a message type. For generated code.
public struct MessageDescriptor: @unchecked Sendable {
    // Sendable because it points to a constant that protoc-gen-c emitted: it is never written.
    let pointer: UnsafeRawPointer

    /// Takes the descriptor from a message that `initialize` has set up.
    ///
    /// The generated C initializer stores the descriptor's address in the message. Swift imports
    /// the constant itself as a value, whose address would be that of a copy.
    public init<C>(of type: C.Type, initialize: (UnsafeMutablePointer<C>) -> Void) {
        let message = UnsafeMutablePointer<C>.allocate(capacity: 1)
        defer { message.deallocate() }
        initialize(message)
        let base = UnsafeRawPointer(message).assumingMemoryBound(to: ProtobufCMessage.self)
        pointer = UnsafeRawPointer(base.pointee.descriptor)
    }

    var c: UnsafePointer<ProtobufCMessageDescriptor> {
        pointer.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
    }
}
