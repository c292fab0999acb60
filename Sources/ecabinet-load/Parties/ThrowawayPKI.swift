import CabinetTLS
import Foundation

/// A certificate authority for a trial on one machine, with a certificate for a server and one for a
/// client.
///
/// Its keys are not encrypted and nobody keeps a list of what it has signed: nothing that matters may
/// trust it.
struct ThrowawayPKI {
    let folder: URL

    /// Makes the folder if it is not there.
    init(folder path: String) throws {
        folder = URL(fileURLWithPath: path)
        if FileManager.default.fileExists(atPath: path) {
            guard FileManager.default.fileExists(atPath: folder.appending(path: "ca.pem").path)
            else {
                throw Failure(
                    .wrongFile,
                    "\(path) is there, but holds no ca.pem: name a folder that is not there yet"
                )
            }
            return
        }
        try Self.make(folder)
    }

    func files(of side: String) -> TLSFiles {
        TLSFiles(
            certificateChain: folder.appending(path: "\(side).pem").path,
            privateKey: folder.appending(path: "\(side).key").path,
            trustedAuthorities: folder.appending(path: "ca.pem").path
        )
    }

    /// Makes all of it beside its place first, so that whoever finds it finds it complete.
    private static func make(_ folder: URL) throws {
        let unfinished = folder.deletingLastPathComponent().appending(
            path: ".\(folder.lastPathComponent)-\(UUID().uuidString)"
        )
        let files = FileManager.default
        defer { try? files.removeItem(at: unfinished) }
        do {
            try files.createDirectory(
                at: unfinished,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            for command in commands { try openssl(command, in: unfinished) }
            do {
                try files.moveItem(at: unfinished, to: folder)
            } catch CocoaError.fileWriteFileExists {
                // Another process was faster; its certificates are as good.
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .wrongFile,
                "no certificates could be made in \(folder.path): \(error.localizedDescription)"
            )
        }
    }

    private static let commands: [[String]] = {
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        func request(_ name: String, _ extensions: [String]) -> [String] {
            ["req", "-x509"] + key + ["-days", "365", "-subj", "/O=e-Cabinet trial/CN=\(name)"]
                + ["-keyout", "\(name).key", "-out", "\(name).pem"]
                + extensions.flatMap { ["-addext", $0] }
        }
        let byAuthority = ["-CA", "ca.pem", "-CAkey", "ca.key"]
        return [
            request("ca", ["keyUsage=critical,keyCertSign,cRLSign"]),
            request(
                "server",
                [
                    "basicConstraints=critical,CA:FALSE", "extendedKeyUsage=serverAuth",
                    "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1",
                ]
            ) + byAuthority,
            request(
                "client",
                ["basicConstraints=critical,CA:FALSE", "extendedKeyUsage=clientAuth"]
            ) + byAuthority,
        ]
    }()

    private static func openssl(_ arguments: [String], in folder: URL) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let explanation = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(
                .wrongFile,
                "the openssl command made no certificate: it is needed in version 3 for --pki\n"
                    + String(decoding: explanation, as: UTF8.self)
            )
        }
    }
}
