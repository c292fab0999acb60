import CabinetClient
import CabinetLedger
import CommandSupport

/// A command of this program that somebody is told, to be pasted into a shell.
enum ToldCommand {
    /// Verifies a file or a folder with the key that was believed here, wherever the shell is.
    ///
    /// - Parameter path: Absolute.
    static func verify(_ path: String, _ installation: TrustedInstallation) -> String {
        [program, "verify", "--log-key", "\(installation.key)", path].map(\.shellWord)
            .joined(separator: " ")
    }

    /// As it was called: where that was by its path, the shell may know no other.
    private static var program: String {
        let called = CommandLine.arguments.first ?? ""
        return called.contains("/") ? called : "ecabinet"
    }
}
