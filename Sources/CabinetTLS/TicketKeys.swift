internal import COpenSSLShims
internal import CabinetLocks

/// The keys that session tickets are encrypted with (RFC 5077, section 5.5, asks for rotation).
///
/// A key encrypts for a time, and decrypts for as long again. It is forgotten when the next but one is
/// made, and nothing that was recorded with it can be decrypted by whoever takes the server later.
final class TicketKeys: Sendable {
    struct Key: Sendable {
        /// Stands in the ticket, so that the server knows its key again.
        let name: [UInt8]
        let cipherKey: [UInt8]
        let macKey: [UInt8]
        let madeAt: WallTime

        /// `nil` where there is no randomness.
        init?(madeAt: WallTime) {
            var bytes = [UInt8](repeating: 0, count: 80)
            guard RAND_priv_bytes(&bytes, Int32(bytes.count)) == 1 else { return nil }
            name = Array(bytes[..<16])
            cipherKey = Array(bytes[16..<48])
            macKey = Array(bytes[48...])
            self.madeAt = madeAt
        }
    }

    private struct Ring {
        var current: Key?
        var previous: Key?
    }

    /// Seconds for which a key encrypts.
    let seconds: Int64
    private let ring = Guarded(Ring())

    init(seconds: Int64) {
        self.seconds = min(max(1, seconds), TLSContextOptions.maxTicketKeySeconds)
    }

    /// The key to encrypt with; `nil` where there is no randomness, and so no ticket.
    func encryptionKey(at now: WallTime) -> Key? {
        ring.withLock { ring in
            if let current = ring.current, isWithin(seconds, of: current, now) { return current }
            ring.previous = ring.current
            ring.current = Key(madeAt: now)
            return ring.current
        }
    }

    /// The key with that name, unless it is too old.
    func decryptionKey(named name: UnsafeBufferPointer<UInt8>, at now: WallTime) -> Key? {
        ring.withLock { ring in
            for key in [ring.current, ring.previous] {
                if let key, name.elementsEqual(key.name) {
                    return isWithin(2 * seconds, of: key, now) ? key : nil
                }
            }
            return nil
        }
    }

    /// A key from the future was made before the clock was set back: it is not used any more.
    private func isWithin(_ seconds: Int64, of key: Key, _ now: WallTime) -> Bool {
        now >= key.madeAt && now < key.madeAt.advanced(bySeconds: seconds)
    }
}
