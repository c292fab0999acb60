import CabinetClient
import CabinetModel
import CabinetTLS
import Foundation
import Glibc

extension Profile {
    /// What of a profile could not be used if a command needed it now: files that are not there, and files
    /// that do not go together. They may come later.
    var warnings: [Warning] {
        let absent = files.filter { !Self.isReadableFile($0.path) }
        let warnings = absent.map { Warning(absent: $0.path, $0.option) }
        let unreadable = Set(absent.map(\.path))
        func isThere(_ paths: String?...) -> Bool {
            paths.allSatisfy { $0.map { !unreadable.contains($0) } ?? true }
        }
        return warnings
            + [
                isThere(certificate, key, authorities, revocationLists)
                    ? Self.warning { try checkConnection() } : nil,
                isThere(signingKey, signingCertificate)
                    ? Self.warning { try checkSigning() } : nil,
                isThere(logKey) ? Self.warning { try checkLogKey() } : nil,
            ].compactMap(\.self)
    }

    /// Whether it is a file that can be read at once: a pipe would have the command wait.
    private static func isReadableFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            && FileManager.default.isReadableFile(atPath: path)
    }

    /// The files that it names, by the options that name them.
    private var files: [(option: String, path: String)] {
        let logKeyFile = logKey.flatMap { TrustedInstallation.isKey($0) ? nil : $0 }
        let named = [
            ("--certificate", certificate), ("--key", key), ("--authorities", authorities),
            ("--revocation-lists", revocationLists), ("--log-key", logKeyFile),
            ("--signing-key", signingKey), ("--signing-certificate", signingCertificate),
        ]
        return named.compactMap { option, path in path.map { (option, $0) } }
    }

    private static func warning(_ check: () throws -> Void) -> Warning? {
        do {
            try check()
            return nil
        } catch {
            return Warning(unusable: Failure(reporting: error))
        }
    }

    private func checkConnection() throws {
        guard let certificate, let key, let authorities else { return }
        _ = try TLSClientContext(
            TLSFiles(
                certificateChain: certificate,
                privateKey: key,
                trustedAuthorities: authorities,
                revocationLists: revocationLists
            )
        )
    }

    private func checkSigning() throws {
        guard let signingKey, let signingCertificate else { return }
        // Whose they are does not matter for whether they go together.
        _ = try BallotSigner(
            try PrincipalID(typed: member ?? "member", .principal),
            privateKeyPEM: try Files.text(signingKey),
            certificatePEM: try Files.text(signingCertificate)
        )
    }

    private func checkLogKey() throws {
        guard let logKey else { return }
        _ = try TrustedInstallation(keyOrFile: logKey)
    }
}

extension Warning {
    fileprivate init(absent path: String, _ option: String) {
        self.init(
            "FILE_UNREADABLE",
            Phrase(
                "\(path) cannot be read yet (\(option))",
                vi: "chưa đọc được \(path) (\(option))"
            ),
            attributes: [.init("option", .string(option)), .init("file", .string(path))]
        )
    }

    /// What a command would fail with.
    fileprivate init(unusable failure: Failure) {
        let cause = failure.cause
        self.init(
            failure.reason,
            Phrase(
                [failure.happened.english, cause?.english].compactMap(\.self)
                    .joined(separator: ": "),
                vi: [failure.happened.vietnamese, cause?.vietnamese].compactMap(\.self)
                    .joined(separator: ": ")
            ),
            attributes: failure.attributes
        )
    }
}
