internal import CLibFuzzer
internal import CabinetCodec
internal import FuzzInput

@main
struct FuzzDecode {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        let status = LLVMFuzzerRunDriver(&count, &arguments) { fuzzDecode($0, $1) }
        guard status == 0 else { fatalError("libFuzzer ends with \(status)") }
    }
}

/// libFuzzer's entry point: decodes whatever comes, and stops where what holds for all bytes does
/// not hold.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDecode(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    guard let (type, bytes) = FuzzInput.parse(input) else { return -1 }
    check(type, bytes)
    return 0
}

private func check<M: Message>(_ type: M.Type, _ bytes: UnsafeRawBufferPointer) {
    var decoder = MessageDecoder()
    let message: M
    do {
        message = try decoder.decode(M.self, from: bytes)
    } catch {
        require(
            error.reason != .refusedByProtobufC,
            "protobuf-c refuses what the scanner accepts: \(error)"
        )
        require(error.messageName == M.fullName, "the error does not name its message: \(error)")
        if let offset = error.byteOffset {
            require(0...bytes.count ~= offset, "the error is not in the bytes: \(error)")
        }
        return
    }
    let encoded = message.serialized()
    do {
        // The same decoder: an earlier message leaves nothing in the arena that shows.
        let again = try decoder.decode(M.self, from: encoded)
        require(again == message, "decoding what was encoded gives another message")
        require(again.serialized() == encoded, "encoding twice gives other bytes")
    } catch {
        fatalError("what was encoded cannot be decoded: \(error)")
    }
}

private func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition { fatalError(message()) }
}
