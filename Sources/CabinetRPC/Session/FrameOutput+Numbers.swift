internal import CabinetWire

extension FrameOutput {
    /// Appends a frame whose body is one number.
    mutating func append(number: UInt64, _ type: FrameType, id: UInt32, _ loop: LoopContext) {
        append(
            FrameHeader(type: type, id: id, bodyByteCount: SequenceBody.byteCount),
            loop
        ) { span in
            SequenceBody.write(number, to: &span)
        }
    }
}
