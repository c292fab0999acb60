internal import COpenSSLShims
internal import NIOCore

/// Both ends of the BIO that an SSL reads ciphertext from and writes it to: the buffer that the
/// socket's read has filled, and the one that the socket's next write takes.
final class CiphertextBuffers {
    // Checked for exclusive access in debug builds alone: see TLSHandler.
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    private var received = ByteBuffer()
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    var toSend = ByteBuffer()
    /// What was handed to the channel last.
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    private var sent = ByteBuffer()

    var receivedByteCount: Int { received.readableBytes }

    /// Takes what the socket has read. It is not copied: the one before has been used up.
    func receive(_ buffer: ByteBuffer) {
        if received.readableBytes == 0 {
            received = buffer
        } else {
            received.writeImmutableBuffer(buffer)
        }
    }

    /// Lets go of the socket's buffer, so that it can be used again.
    func releaseReceived() {
        if received.readableBytes == 0 { received = ByteBuffer() }
    }

    /// Takes what is to be sent, and begins a new buffer.
    func takeToSend() -> ByteBuffer {
        sent = ByteBuffer()
        swap(&sent, &toSend)
        return sent
    }

    /// The memory of what was sent last, for use again.
    func takeSent() -> ByteBuffer {
        var buffer = ByteBuffer()
        swap(&buffer, &sent)
        return buffer
    }

    /// Makes a BIO on these buffers; whoever owns it must keep them alive longer.
    func makeBIO() -> OpaquePointer? {
        guard let method = Self.method, let bio = BIO_new(method.pointer) else { return nil }
        BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        BIO_set_init(bio, 1)
        return bio
    }

    private static func of(_ bio: OpaquePointer?) -> CiphertextBuffers? {
        guard let bio, let data = BIO_get_data(bio) else { return nil }
        return Unmanaged<CiphertextBuffers>.fromOpaque(data).takeUnretainedValue()
    }

    private func read(into bytes: UnsafeMutablePointer<CChar>, count: Int) -> Int {
        received.readWithUnsafeReadableBytes { readable in
            let taken = min(count, readable.count)
            if let base = readable.baseAddress, taken > 0 {
                UnsafeMutableRawPointer(bytes).copyMemory(from: base, byteCount: taken)
            }
            return taken
        }
    }

    /// `@unchecked Sendable`: it is immutable once it is made.
    private struct Method: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    /// Made once, and never freed; `nil` where there is no memory.
    private static let method: Method? = {
        let type = BIO_get_new_index() | BIO_TYPE_SOURCE_SINK
        guard let method = BIO_meth_new(type, "cabinet ciphertext") else { return nil }
        BIO_meth_set_read(method) { bio, bytes, count in
            guard let bio, let bytes, count > 0 else { return 0 }
            cabinet_BIO_clear_retry_flags(bio)
            let taken = CiphertextBuffers.of(bio)?.read(into: bytes, count: Int(count)) ?? 0
            if taken > 0 { return Int32(taken) }
            cabinet_BIO_set_retry_read(bio)
            return -1
        }
        BIO_meth_set_write(method) { bio, bytes, count in
            guard let bio, let bytes, count > 0, let buffers = CiphertextBuffers.of(bio)
            else { return 0 }
            cabinet_BIO_clear_retry_flags(bio)
            buffers.toSend.writeBytes(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
            return count
        }
        BIO_meth_set_ctrl(method) { _, command, _, _ in
            // What is written is never held back, so flushing always succeeds.
            command == BIO_CTRL_FLUSH ? 1 : 0
        }
        return Method(pointer: method)
    }()
}
