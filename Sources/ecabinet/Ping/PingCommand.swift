import ArgumentParser
import CabinetRPC

/// `ecabinet ping`.
struct PingCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "ping",
        abstract:
            "Asks a server whether it is there: latency, certificate, what both sides agreed on.",
        discussion: """
            Any certificate that the server accepts will do, also one that the directory does not know. A \
            latency is the time of one call of cabinet.rpc.HealthService.Check, there and back.
            """
    )

    @Option(help: ArgumentHelp("How many calls.", valueName: "number"))
    var count = 10

    @Option(help: ArgumentHelp("The pause between calls.", valueName: "time"))
    var interval = WaitingTime(.milliseconds(100))

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    private static let mostCalls = 100_000

    func validate() throws {
        guard (1...Self.mostCalls).contains(count) else {
            throw ValidationError("--count is a number from 1 to \(Self.mostCalls).")
        }
    }

    func run(on console: Console) async throws {
        let clock = ContinuousClock()
        let begin = clock.now
        try await connection.withSession(console) { session in
            let greeting = try await session.rpc.greeting()
            let connecting = clock.now - begin
            let health = HealthService.Client(session.rpc)
            var latencies: [Duration] = []
            var isServing = true
            for number in 1...count {
                let sent = clock.now
                let answer = try await health.check(HealthCheckRequest())
                latencies.append(clock.now - sent)
                isServing = answer.status == .serving
                if number < count { try await clock.sleep(for: interval.duration) }
            }
            try console.show(
                PingReport(
                    address: session.address,
                    greeting: greeting,
                    isServing: isServing,
                    connecting: connecting,
                    latencies: latencies
                )
            )
        }
    }
}
