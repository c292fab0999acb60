internal import COpenSSL

/// A call of OpenSSL that failed, with what OpenSSL says about it.
public struct OpenSSLFailure: Hashable, Sendable, CustomStringConvertible {
    /// The name of the function that failed.
    public let call: String

    /// OpenSSL's packed error code; 0 where it gave none.
    public let code: UInt

    /// OpenSSL's text for the code; empty where it gave none. For people, not stable.
    public let text: String

    public var description: String {
        text.isEmpty ? "\(call) failed without a reason" : "\(call) failed: \(text)"
    }
}

/// The calling thread's queue of OpenSSL errors.
///
/// The queue belongs to the thread, not to the operation, and the TLS sessions of the same thread
/// read it. Whoever calls OpenSSL clears it before, and leaves nothing in it after a failure.
enum ErrorQueue {
    /// Empties the queue. `ERR_peek_error` first, because it is ten times cheaper than clearing.
    static func clear() {
        if ERR_peek_error() != 0 { ERR_clear_error() }
    }

    /// Empties the queue after a failed call, and returns its newest error: the outermost layer's,
    /// which names what the caller asked for.
    static func drain(after call: StaticString) -> OpenSSLFailure {
        let code = ERR_peek_last_error()
        var text = ""
        if code != 0 {
            text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
                ERR_error_string_n(code, buffer.baseAddress, buffer.count)
                return buffer.baseAddress.map { String(cString: $0) } ?? ""
            }
        }
        clear()
        return OpenSSLFailure(call: "\(call)", code: UInt(code), text: text)
    }
}
