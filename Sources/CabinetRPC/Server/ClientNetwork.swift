internal import Glibc
internal import NIOCore

/// Whom the connections of a client are counted for: its IPv4 address, or its IPv6 network.
///
/// A site has at least 64 bits of IPv6 to itself (RFC 6177), so by addresses it would be as many clients
/// as it likes.
enum ClientNetwork {
    static func name(of address: SocketAddress?) -> String {
        guard let text = address?.ipAddress else { return "unknown" }
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return text }
        // IPv4 on a socket of IPv6 (RFC 4291, section 2.5.5.2).
        if bytes.prefix(12) == Array(repeating: 0, count: 10) + [0xff, 0xff] {
            return bytes.suffix(4).map { "\($0)" }.joined(separator: ".")
        }
        let groups = stride(from: 0, to: 8, by: 2).map {
            String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
        }
        return groups.joined(separator: ":") + "::/64"
    }
}
