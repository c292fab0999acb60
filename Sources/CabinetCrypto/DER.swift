/// What an OpenSSL `i2d_…` function writes; nil where it fails.
func encodeDER(
    _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
) -> [UInt8]? {
    let count = Int(encode(nil))
    guard count > 0 else { return nil }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
        var cursor = buffer.baseAddress
        initializedCount = max(0, Int(encode(&cursor)))
    }
}

/// Runs an OpenSSL `d2i_…` function; also says how many bytes it consumed.
func decodeDER(
    _ encoded: [UInt8],
    _ decode: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> OpaquePointer?
) -> (OpaquePointer?, consumed: Int) {
    encoded.withUnsafeBufferPointer { buffer in
        var cursor = buffer.baseAddress
        let object = decode(&cursor, buffer.count)
        guard let start = buffer.baseAddress, let cursor else { return (object, 0) }
        return (object, cursor - start)
    }
}
