/// `ecabinetd` with a data folder and throw-away certificates of its own.
struct CabinetServer {
    let running: Running
    let target: String
    let pki: String
    let folder: TemporaryFolder

    init() throws {
        let folder = TemporaryFolder()
        let pki = folder.path("pki")
        // It makes the certificates.
        let echo = try Running(["echo-server", "--listen", "127.0.0.1:0", "--pki", pki])
        try echo.wait { $0.output.contains("\n") }
        echo.kill()
        try self.init(folder, pki: pki, listen: "127.0.0.1:0")
    }

    private init(_ folder: TemporaryFolder, pki: String, listen: String) throws {
        self.folder = folder
        self.pki = pki
        running = try Running(
            [
                "--name", "cabinet.example", "--data", folder.path("data"),
                "--listen", listen, "--log-level", "warning",
                "--tls-certificate", "\(pki)/server.pem", "--tls-key", "\(pki)/server.key",
                "--tls-authorities", "\(pki)/ca.pem",
                "--administrator-certificate", "\(pki)/client.pem",
            ],
            program: "ecabinetd"
        )
        try running.wait { $0.output.contains("\n") }
        target = String(running.output.dropFirst("listening on ".count).dropLast())
    }

    /// Kills the server, and starts another with its data and its address.
    func restarted() throws -> CabinetServer {
        running.kill()
        return try CabinetServer(folder, pki: pki, listen: target)
    }

    func saturate(_ arguments: [String]) throws -> Load.Outcome {
        try Load.run(["saturate", "--target", target, "--pki", pki] + arguments)
    }
}
