import Foundation
import Testing

@testable import ecabinet

/// How the program ends, for scripts.
@Suite struct ExitStatusTests {
    @Test("Every exit code that is documented is met, and no other is")
    func everyCode() async throws {
        let installation = try await Installation()
        var found: [Int32: Ecabinet.Outcome] = [:]
        for arguments in [
            ["completions", "fish"],
            ["call", "cabinet.v1.MeetingService.GetMeeting", #"{"meeting_id": "x"}"#],
            ["call"],
            ["call", "cabinet.v1.DirectoryService.GetSelf", "{"],
            ["call", "cabinet.v1.DirectoryService.GetSelf", "@/nowhere"],
            ["ping", "--server", "127.0.0.1:1"],
            ["ping", "--authorities", try await Self.otherAuthority(installation)],
            ["ping", "--profile", "nobody"],
        ] {
            let outcome = try await installation.run(arguments)
            found[outcome.status] = outcome
        }
        for outcome in [
            try await Ecabinet.run(["completions", "bash"], outputPath: "/dev/full"),
            try await RunningShell.runUnread(["completions", "bash"]),
            try await Self.interrupted(installation),
            try await Self.mistakeOfTheServer(installation),
        ] {
            found[outcome.status] = outcome
        }
        try await Self.notConfirmed(installation)
        let all = Set(ecabinet.ExitStatus.allCases.map(\.rawValue))
        #expect(Set(found.keys) == all.subtracting([ecabinet.ExitStatus.notConfirmed.rawValue]))
    }

    private static func otherAuthority(_ installation: Installation) async throws -> String {
        let folder = installation.folder.path("other")
        let made = try await Ecabinet.run(["pki", "create", "--pki", folder])
        try #require(made.status == 0, "\(made)")
        return "\(folder)/ca.pem"
    }

    private static func interrupted(
        _ installation: Installation
    ) async throws -> Ecabinet.Outcome {
        let running = try installation.start(["call", "cabinet.rpc.HealthService.Watch"])
        try await running.wait { $0.output.contains("SERVING") }
        running.send(SIGINT)
        let outcome = try await running.outcome()
        #expect(outcome.errors.contains("error: interrupted\n"), "\(outcome)")
        return outcome
    }

    private static func mistakeOfTheServer(
        _ installation: Installation
    ) async throws -> Ecabinet.Outcome {
        let server = try await DiagnosticsServer(installation.pki)
        let outcome = try await installation.run([
            "call", "cabinet.v1.DiagnosticsService.ReturnStatus",
            #"{"status": {"code": 13, "message": "hỏng"}}"#, "--server", server.address,
        ])
        await server.stop()
        #expect(outcome.errors.contains("hỏng"), "\(outcome)")
        return outcome
    }

    /// The question of a command that takes nothing back, answered with no.
    private static func notConfirmed(_ installation: Installation) async throws {
        let terminal = try Terminal(
            [
                "ledger", "accept-restoration", "--meeting", "x", "--log-key",
                installation.folder.path("data/log-key.vkey"),
            ],
            environment: installation.environment
        )
        try await terminal.wait { $0.contains("[y/N]") }
        try terminal.type("n\n")
        try await terminal.end(ecabinet.ExitStatus.notConfirmed.rawValue)
    }
}
