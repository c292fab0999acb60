internal import COpenSSLShims

/// OpenSSL's queue of errors, one for each thread.
///
/// A result of an `SSL_*` call is read from the queue, so the queue is emptied before the call:
/// otherwise another connection's error becomes this one's (SSL_get_error(3)).
enum ErrorQueue {
    /// Looking is ten times cheaper than clearing, and the queue is empty almost always.
    @inline(__always)
    static func clear() {
        if ERR_peek_error() != 0 { ERR_clear_error() }
    }

    /// An error's parts.
    struct Entry {
        let library: Int32
        let reason: Int32
        let text: String

        /// The alert that the peer sent, where that is what happened.
        var alert: Int32? {
            library == ERR_LIB_SSL && reason > SSL_AD_REASON_OFFSET
                ? reason - SSL_AD_REASON_OFFSET : nil
        }

        func `is`(_ library: Int32, _ reason: Int32) -> Bool {
            self.library == library && self.reason == reason
        }
    }

    /// Empties the queue, oldest error first.
    static func drain() -> [Entry] {
        var entries: [Entry] = []
        while case let code = ERR_get_error(), code != 0 {
            entries.append(
                Entry(
                    library: ERR_GET_LIB(code),
                    reason: ERR_GET_REASON(code),
                    text: ERR_reason_error_string(code).map { String(cString: $0) } ?? "\(code)"
                )
            )
        }
        return entries
    }

    /// Empties the queue into one line.
    static func drainText() -> String {
        let texts = drain().map(\.text)
        return texts.isEmpty ? "no further information" : texts.joined(separator: ", ")
    }
}
