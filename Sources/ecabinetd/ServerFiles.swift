import CabinetCrypto
import CabinetTLS
import Foundation

/// The files that the settings name.
enum ServerFiles {
    /// Makes a folder for its owner alone, where there is none.
    static func makeFolder(_ path: String) throws(ServerFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw ServerFailure(
                .store,
                "the data folder \(path) cannot be made: \(error.localizedDescription)"
            )
        }
    }

    static func text(_ path: String) throws(ServerFailure) -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ServerFailure(
                .wrongFile,
                "\(path) cannot be read: \(error.localizedDescription)"
            )
        }
    }

    /// The first certificate of a PEM file.
    static func certificate(_ path: String) throws(ServerFailure) -> SignerCertificate {
        let pem = try text(path)
        do {
            return try SignerCertificate(pem: pem)
        } catch {
            throw ServerFailure(.wrongFile, "\(path): \(error)")
        }
    }

    static func issuers(_ path: String) throws(ServerFailure) -> TrustedIssuers {
        let pem = try text(path)
        do {
            return try TrustedIssuers(pem: pem)
        } catch {
            throw ServerFailure(.wrongFile, "\(path): \(error)")
        }
    }

    static func logKey(_ path: String) throws(ServerFailure) -> Ed25519PrivateKey {
        let pem = try text(path)
        do {
            return try Ed25519PrivateKey(pem: pem)
        } catch {
            throw ServerFailure(.wrongFile, "\(path): \(error)")
        }
    }

    /// Makes a log key for its owner alone, durable before the first log is signed with it. An existing
    /// file is left as it is.
    static func makeLogKey(_ path: String) throws(ServerFailure) {
        let pem: String
        do throws(KeyError) {
            pem = try Ed25519PrivateKey.generate().pem()
        } catch {
            throw ServerFailure(.internalError, "no log key could be made: \(error)")
        }
        try write(pem, to: path)
    }

    private static func write(_ text: String, to path: String) throws(ServerFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw ServerFailure(
                .wrongFile,
                "\(path) cannot be made: \(String(cString: strerror(errno)))"
            )
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data(text.utf8))
            try file.synchronize()
        } catch {
            throw ServerFailure(
                .wrongFile,
                "\(path) cannot be written: \(error.localizedDescription)"
            )
        }
    }
}
