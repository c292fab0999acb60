import Foundation
import NIOCore
import TLSTestSupport

/// A client that breaks the rules of TLS that CWP/1 has: `openssl s_client`, which can.
enum StrangeClient {
    /// Connects, says nothing, and waits for the server to end the connection.
    ///
    /// - Returns: What the server has said.
    static func run(
        to address: SocketAddress,
        version: String?,
        protocolName: String?,
        certificate: String?
    ) throws -> [UInt8] {
        let pki = PKI.shared
        var arguments = [
            "s_client", "-quiet", "-connect", "127.0.0.1:\(address.port ?? 0)",
            "-CAfile", pki.path("ca.pem"),
        ]
        if let version {
            arguments.append("-tls" + version.replacingOccurrences(of: ".", with: "_"))
        }
        if let protocolName { arguments += ["-alpn", protocolName] }
        if let certificate {
            arguments += [
                "-cert", pki.path("\(certificate).pem"), "-key", pki.path("\(certificate).key"),
            ]
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let output = Pipe()
        process.standardInput = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Array(bytes)
    }

    /// What the client says of a handshake that succeeds.
    static func report(to address: SocketAddress) throws -> String {
        let pki = PKI.shared
        let (_, output) = try TLSTestSupport.run(
            "/bin/bash",
            [
                "-c",
                // It ends when the server does not wait for HELLO any more. The tickets have come then.
                """
                openssl s_client -ign_eof -connect 127.0.0.1:\(address.port ?? 0) \
                    -alpn cabinet/1 -CAfile '\(pki.path("ca.pem"))' \
                    -cert '\(pki.path("client2.pem"))' -key '\(pki.path("client2.key"))' </dev/null
                """,
            ]
        )
        return output
    }
}
