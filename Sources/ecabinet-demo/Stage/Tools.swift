import Foundation

/// The programs that the demo runs.
struct Tools: Sendable {
    let server: String
    let client: String
    /// None of the server's code is in these.
    let minutesVerifier: String
    let openssl: String
    let bash: String

    /// - Throws: ``DemoFailure`` that names the first that is missing.
    init(programs: String?, verifiers: String) throws(DemoFailure) {
        let folder = programs ?? Self.ownFolder
        server = try Self.found("\(folder)/ecabinetd")
        client = try Self.found("\(folder)/ecabinet")
        minutesVerifier = try Self.found("\(verifiers)/verify-minutes")
        openssl = try Self.inPath("openssl")
        bash = try Self.inPath("bash")
        // What the README of minutes calls, beside openssl.
        for name in ["python3", "sha256sum", "diff"] { _ = try Self.inPath(name) }
    }

    private static var ownFolder: String {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().path
    }

    private static func found(_ path: String) throws(DemoFailure) -> String {
        let path = URL(fileURLWithPath: path).standardizedFileURL.path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw missing(path) }
        return path
    }

    private static func inPath(_ name: String) throws(DemoFailure) -> String {
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        for folder in folders.split(separator: ":") {
            let path = "\(folder)/\(name)"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw missing(name)
    }

    private static func missing(_ name: String) -> DemoFailure {
        DemoFailure(
            .notReady,
            vi: "không có \(name); scripts/demo cài đặt và biên dịch những gì còn thiếu",
            en: "there is no \(name); scripts/demo installs and builds what is missing"
        )
    }
}
