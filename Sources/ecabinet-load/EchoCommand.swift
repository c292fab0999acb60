import ArgumentParser
import CabinetRPC
import CabinetTLS
import CommandSupport
import Logging
import NIOCore
import NIOPosix

/// Loads a server with `cabinet.v1.DiagnosticsService.Echo`, and measures what its callers see.
struct EchoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo",
        abstract: "Loads a server with calls of Echo, and measures them.",
        discussion: """
            Each of --connections keeps --in-flight calls under way for --duration seconds: whoever \
            gets an answer calls again. What is measured is the time from the call to its decoded \
            answer as a user of the Swift client has it, in the client's own process: it has the client's \
            work in it, and its waiting for the processor where there are more calls than the client \
            can make. Calls of the first second, or of --warm-up, do not count. A call is made once, \
            without the client's attempts to repeat it; an answer with another payload is an error.

            Because each answer makes room for the next call, a server that stalls is asked less: the \
            percentiles are those of the calls that were made, not of calls at a steady rate.

            When all connections are made it says so on standard error.

            With --json one object goes to standard output:
              requests, errors          calls that have ended, and those of them that failed
              first_error               what the first of them failed of, or null
              seconds, rate_per_s       how long it was measured, and requests in a second
              latency_us                p50, p90, p99, p999 and max, in microseconds, to three digits
              target, connections, in_flight, payload_bytes     what was asked for

            \(Failure.documentation)
            """
    )

    @Option(help: ArgumentHelp("The server.", valueName: "host:port"))
    var target: HostAndPort

    @OptionGroup(title: "Certificates")
    var certificates: CertificateOptions

    @Option(
        help: ArgumentHelp(
            "Connections, each of which has handshake and slots.",
            valueName: "number"
        )
    )
    var connections = 50

    @Option(help: ArgumentHelp("Calls under way on each connection.", valueName: "number"))
    var inFlight = 1

    @Option(help: ArgumentHelp("Bytes of each payload.", valueName: "bytes"))
    var payload = 60

    @Option(help: ArgumentHelp("Seconds that are measured.", valueName: "seconds"))
    var duration = 10.0

    @Option(help: ArgumentHelp("Seconds before that.", valueName: "seconds"))
    var warmUp = 1.0

    @Option(help: ArgumentHelp("Event loops of the client.", valueName: "number"))
    var threads = 1

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (1...100_000).contains(connections) else {
            throw ValidationError("--connections is a number from 1 to 100000.")
        }
        guard (1...65_536).contains(inFlight), connections * inFlight <= 1_000_000 else {
            throw ValidationError("--in-flight is at least 1, and with --connections a million.")
        }
        guard (0...16_384).contains(payload) else {
            throw ValidationError("--payload is a number of bytes from 0 to 16384.")
        }
        guard (0.1...86_400).contains(duration), (0...3_600).contains(warmUp) else {
            throw ValidationError("--duration is 0.1 to 86400 seconds, and --warm-up up to 3600.")
        }
        guard (1...256).contains(threads) else {
            throw ValidationError("--threads is a number from 1 to 256.")
        }
    }

    func run() async throws {
        try await Failure.reporting {
            try FileDescriptors.allow(connections: connections)
            let report = try await measure()
            Output.say(json ? try report.jsonLine : report.text)
            guard report.requests > 0 else {
                throw Failure(.requestsFailed, "no call ended in the time that was measured")
            }
            if report.errors > 0 {
                throw Failure(
                    .requestsFailed,
                    "\(report.errors) of \(report.requests) calls failed, the first of: "
                        + (report.firstError ?? "an unknown cause")
                )
            }
        }
    }

    private func measure() async throws -> EchoReport {
        let tls = try certificates.clientContext()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let figures: Result<EchoLoad.Figures, any Error>
        do {
            figures = .success(try await load(tls, group))
        } catch {
            figures = .failure(error)
        }
        try await group.shutdownGracefully()
        return EchoReport(
            try figures.get(),
            target: target,
            connections: connections,
            inFlight: inFlight,
            payloadBytes: payload
        )
    }

    /// When it returns, no client needs the event loops any more.
    private func load(
        _ tls: TLSClientContext,
        _ group: MultiThreadedEventLoopGroup
    ) async throws -> EchoLoad.Figures {
        var configuration = RPCClientConfiguration()
        configuration.retry.maxAttempts = 1
        configuration.maxWaitingCalls = max(configuration.maxWaitingCalls, inFlight)
        configuration.agent = "ecabinet-load echo"
        let logger = Logger(label: "ecabinet-load") { _ in SwiftLogNoOpLogHandler() }
        let load = EchoLoad(
            clients: (0..<connections).map { _ in
                RPCClient(
                    host: target.host,
                    port: target.port,
                    tls: tls,
                    configuration: configuration,
                    group: group,
                    logger: logger
                )
            },
            inFlight: inFlight,
            payloadBytes: payload,
            warmUp: .seconds(warmUp),
            duration: .seconds(duration)
        )
        return try await load.run {
            Output.complain(
                "\(connections) connections to \(target), \(inFlight) calls under way on each"
            )
        }
    }
}
