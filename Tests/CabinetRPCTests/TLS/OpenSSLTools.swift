import Foundation
import TLSTestSupport

/// The command line of OpenSSL as a client.
enum OpenSSL {
    /// Who it is where it has a certificate.
    static let certificate = ["-cert", "client.pem", "-key", "client.key", "-CAfile", "ca.pem"]

    /// Connects.
    ///
    /// - Parameter waitsForServer: Whether the server is to end the connection.
    /// - Returns: What it prints.
    static func client(
        _ port: Int,
        _ arguments: [String],
        waitsForServer: Bool = true
    ) throws -> String {
        let result = try run(
            "/usr/bin/env",
            ["timeout", "10", "openssl", "s_client", "-connect", "127.0.0.1:\(port)"]
                + (waitsForServer ? ["-ign_eof"] : []) + arguments,
            in: PKI.shared.folder
        )
        return result.output
    }
}

/// sslscan, which asks a server for everything that it might speak.
enum SSLScan {
    private static let program = "/usr/bin/sslscan"

    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

    /// What it says of each version: enabled or disabled.
    static func versions(of port: Int) throws -> [String: String] {
        let result = try run(program, ["--no-colour", "127.0.0.1:\(port)"])
        var versions: [String: String] = [:]
        for line in result.output.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 2, ["enabled", "disabled"].contains(words[1]) else { continue }
            versions[String(words[0])] = String(words[1])
        }
        return versions
    }
}
