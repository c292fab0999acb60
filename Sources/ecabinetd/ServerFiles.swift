import CabinetCrypto
import CabinetStore
import CabinetTLS
import Foundation

/// The files that the settings name.
enum ServerFiles {
    /// Makes a folder for its owner alone, where there is none. It is there after a loss of power too,
    /// as what is kept in it will be.
    static func makeFolder(_ path: String) throws(ServerFailure) {
        do {
            let missing = missingFolders(path)
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            for folder in missing { try synchronizeFolder(of: folder) }
        } catch {
            throw ServerFailure(
                .store,
                "the data folder \(path) cannot be made: \(error.localizedDescription)"
            )
        }
    }

    /// The folder and those above it that are not there, the innermost first.
    private static func missingFolders(_ path: String) -> [String] {
        var missing: [String] = []
        var url = URL(fileURLWithPath: path)
        while url.path != "/", !FileManager.default.fileExists(atPath: url.path) {
            missing.append(url.path)
            url.deleteLastPathComponent()
        }
        return missing
    }

    /// Looks whether a folder that has a log key has a database as well. The database comes first, so that
    /// one that is missing or empty has been lost; SQLite would begin a new one in its place, and all
    /// meetings would be gone without a word.
    static func checkDatabase(in folder: String) throws(ServerFailure) {
        let names = [logKeyName, verifierKeyName]
        guard names.contains(where: { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }),
            !hasDatabase(folder)
        else { return }
        throw ServerFailure(
            .store,
            "\(databasePath(folder)) is missing or empty, and the folder has a log key, which is made after "
                + "it: put the database back from a copy; a new installation begins in a new folder"
        )
    }

    /// - Throws: ``ServerFailure`` where a folder has no database, and what is to be done needs one.
    static func requireDatabase(in folder: String) throws(ServerFailure) {
        guard hasDatabase(folder) else {
            throw ServerFailure(.store, "there is no database \(databasePath(folder))")
        }
    }

    private static func databasePath(_ folder: String) -> String {
        "\(folder)/\(SQLiteEventStore.fileName)"
    }

    private static func hasDatabase(_ folder: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: databasePath(folder))
        return attributes?[.size] as? UInt64 ?? 0 >= SQLiteEventStore.leastFileBytes
    }

    /// The name of the file with the log key, in the data folder.
    static let logKeyName = "log-key.pem"

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

    /// Makes a log key for its owner alone, durable before the first log is signed with it. The file is
    /// there as a whole or not at all. An existing file is left as it is.
    ///
    /// Nobody else may make one in the folder at the same time.
    static func makeLogKey(_ path: String) throws(ServerFailure) {
        let pem: String
        do throws(KeyError) {
            pem = try Ed25519PrivateKey.generate().pem()
        } catch {
            throw ServerFailure(.internalError, "no log key could be made: \(error)")
        }
        let unfinished = path + ".new"
        do {
            try write(pem, to: unfinished)
            // Unlike a rename, a link replaces nothing.
            try check(link(unfinished, path))
            try check(unlink(unfinished))
            try synchronizeFolder(of: path)
        } catch {
            throw ServerFailure(
                .wrongFile,
                "\(path) cannot be made: \(error.localizedDescription)"
            )
        }
    }

    /// Writes the key that verifies the logs, for the operator to hand out.
    static func writeVerifierKey(_ key: String, in folder: String) throws(ServerFailure) {
        let path = "\(folder)/\(verifierKeyName)"
        do {
            try "\(key)\n".write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw ServerFailure(
                .store,
                "\(path) cannot be written: \(error.localizedDescription)"
            )
        }
    }

    /// The name of the file with the key that verifies the logs, in the data folder.
    private static let verifierKeyName = "log-key.vkey"

    /// Writes a file, and what a process that was killed had written of it before is gone.
    private static func write(_ text: String, to path: String) throws {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC
        let descriptor = open(path, flags, 0o600)
        try check(descriptor)
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try file.write(contentsOf: Data(text.utf8))
        try file.synchronize()
    }

    private static func synchronizeFolder(of path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        try check(descriptor)
        defer { close(descriptor) }
        try check(fsync(descriptor))
    }

    /// - Throws: What the system says, where a call of it has failed.
    private static func check(_ result: Int32) throws {
        guard result < 0 else { return }
        throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
}
