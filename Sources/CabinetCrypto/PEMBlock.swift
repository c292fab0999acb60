internal import COpenSSL

/// A block of a PEM text (RFC 7468).
struct PEMBlock {
    let label: String
    let bytes: [UInt8]

    /// Whether headers say that the bytes are encrypted (RFC 1421, section 4.6.1.1).
    let isEncrypted: Bool

    /// The first block whose label is not among those to skip.
    init(
        firstIn text: String,
        skipping skipped: Set<String> = [],
        source: KeyError.Source
    ) throws(KeyError) {
        let memory = try MemoryFile()
        try memory.write(text, source: source)
        var block = try Self.next(in: memory, source: source)
        while skipped.contains(block.label) {
            block = try Self.next(in: memory, source: source)
        }
        self = block
    }

    private init(label: String, bytes: [UInt8], isEncrypted: Bool) {
        self.label = label
        self.bytes = bytes
        self.isEncrypted = isEncrypted
    }

    private static func next(
        in memory: borrowing MemoryFile,
        source: KeyError.Source
    ) throws(KeyError) -> PEMBlock {
        var name: UnsafeMutablePointer<CChar>?
        var header: UnsafeMutablePointer<CChar>?
        var data: UnsafeMutablePointer<UInt8>?
        var count = 0
        defer {
            // OPENSSL_free and OPENSSL_clear_free are macros over these.
            CRYPTO_free(name, nil, 0)
            CRYPTO_free(header, nil, 0)
            CRYPTO_clear_free(data, max(0, count), nil, 0)
        }
        guard PEM_read_bio(memory.bio, &name, &header, &data, &count) == 1,
            let name, let header, let data
        else {
            let failure = ErrorQueue.drain(after: "PEM_read_bio")
            throw failure.isNoStartLine
                ? .unexpectedPEMLabel(source, label: "") : .malformed(source, failure)
        }
        return PEMBlock(
            label: String(cString: name),
            bytes: [UInt8](UnsafeBufferPointer(start: data, count: count)),
            isEncrypted: String(cString: header).contains("ENCRYPTED")
        )
    }
}

/// A memory BIO, which is what OpenSSL reads and writes PEM with.
struct MemoryFile: ~Copyable {
    let bio: OpaquePointer

    /// An empty file. Its memory is wiped when it is released.
    init() throws(KeyError) {
        ErrorQueue.clear()
        guard let bio = BIO_new(BIO_s_secmem()) else {
            throw .library(ErrorQueue.drain(after: "BIO_new"))
        }
        self.bio = bio
    }

    deinit {
        BIO_free(bio)
    }

    /// Appends `text`, which is copied.
    func write(_ text: String, source: KeyError.Source) throws(KeyError) {
        let limit = KeyLimits.maximumPEMBytes
        let bytes = Array(text.utf8)
        guard bytes.count <= limit else {
            throw .tooLong(source, byteCount: bytes.count, limit: limit)
        }
        // That an empty text holds no key is found out by whoever reads it.
        guard bytes.isEmpty || BIO_write(bio, bytes, Int32(bytes.count)) == bytes.count else {
            throw .library(ErrorQueue.drain(after: "BIO_write"))
        }
    }

    /// All that was written.
    consuming func contents() -> [UInt8] {
        let capacity = BIO_ctrl_pending(bio)
        return [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initializedCount in
            initializedCount = max(0, Int(BIO_read(bio, buffer.baseAddress, Int32(capacity))))
        }
    }
}

extension OpenSSLFailure {
    /// Whether a PEM reader found no «-----BEGIN».
    var isNoStartLine: Bool {
        // ERR_GET_LIB and ERR_GET_REASON are inline functions of err.h.
        ERR_GET_LIB(numericCast(code)) == ERR_LIB_PEM
            && ERR_GET_REASON(numericCast(code)) == PEM_R_NO_START_LINE
    }
}
