import Foundation
import TLSTestSupport

/// A connection that ends for nothing that it is told: OpenSSL's client, which does not know the protocol.
final class StubbornClient {
    private let process = Process()
    private let input = Pipe()

    init(port: Int) throws {
        let pki = PKI.shared
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = [
            "s_client", "-quiet", "-connect", "127.0.0.1:\(port)", "-alpn", "cabinet/1",
            "-CAfile", pki.path("ca.pem"), "-cert", pki.path("client.pem"),
            "-key", pki.path("client.key"),
        ]
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit { stop() }

    func stop() {
        if process.isRunning { process.terminate() }
        try? input.fileHandleForReading.close()
        try? input.fileHandleForWriting.close()
    }
}
