internal import CabinetAPI
public import CabinetCodec
internal import CabinetRPC

/// An input of the decoding target: two bytes that choose a message type, and then the message.
public enum FuzzInput {
    /// What the first two bytes, little-endian and modulo the count, are an index of.
    ///
    /// A type that is added to the schema moves those after it. The corpus is only a start for the
    /// fuzzer, so that does no harm; `scripts/fuzz seeds` writes it again.
    public static let messageTypes: [any Message.Type] =
        CabinetSchema.messageTypes + RPCSchema.messageTypes

    /// Takes an input apart. `nil` where it is too short to choose a type.
    public static func parse(
        _ input: UnsafeRawBufferPointer
    ) -> (type: any Message.Type, bytes: UnsafeRawBufferPointer)? {
        guard input.count >= 2 else { return nil }
        let choice = Int(input[0]) | Int(input[1]) << 8
        return (
            messageTypes[choice % messageTypes.count],
            UnsafeRawBufferPointer(rebasing: input.dropFirst(2))
        )
    }

    /// The input that is that message.
    public static func input<M: Message>(_ message: M) -> [UInt8] {
        guard let index = messageTypes.firstIndex(where: { $0 == M.self }) else {
            preconditionFailure("\(M.fullName) is in no schema")
        }
        return [UInt8(index & 0xff), UInt8(index >> 8)] + message.serialized()
    }
}
