import Foundation

/// Sockets on loopback.
enum Loopback {
    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = port.bigEndian
        return address
    }

    private static let length = socklen_t(MemoryLayout<sockaddr_in>.size)

    private static func withSocketAddress<Value>(
        _ address: inout sockaddr_in,
        _ body: (UnsafeMutablePointer<sockaddr>) -> Value
    ) -> Value {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }

    /// A socket that listens, on a port that the system chooses.
    static func listen() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = address(0)
        var length = length
        let isBound = withSocketAddress(&address) { address in
            bind(descriptor, address, length) == 0 && Foundation.listen(descriptor, 8) == 0
                && getsockname(descriptor, address, &length) == 0
        }
        guard isBound else { throw POSIXError(.EADDRINUSE) }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    static func connect(_ port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = address(port)
        let isConnected = withSocketAddress(&address) {
            Foundation.connect(descriptor, $0, length) == 0
        }
        guard isConnected else { throw POSIXError(.ECONNREFUSED) }
        return descriptor
    }

    /// Hands on what comes, until it ends or nothing more is to be handed on.
    static func pump(_ from: Int32, _ to: Int32, _ isStalled: () -> Bool) {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(from, &bytes, bytes.count), count > 0 {
            // What stands still is not closed either.
            if isStalled() { return }
            guard send(to, bytes, count, Int32(MSG_NOSIGNAL)) == count else { break }
        }
        shutdown(to, Int32(SHUT_WR))
    }
}

/// Something that listens on loopback and is no server of e-Cabinet.
final class Listener: Sendable {
    let port: UInt16
    private let descriptor: Int32

    /// - Parameter answer: What it says to whoever connects, before it ends the connection; `nil` where it
    ///   says nothing for as long as it lives.
    init(answering answer: String?) throws {
        (descriptor, port) = try Loopback.listen()
        let descriptor = descriptor
        guard let answer else { return }
        Thread.detachNewThread {
            while case let connection = accept(descriptor, nil, nil), connection >= 0 {
                _ = Array(answer.utf8).withUnsafeBytes {
                    write(connection, $0.baseAddress, $0.count)
                }
                close(connection)
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }
}
