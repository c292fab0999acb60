import CabinetLoad
import CabinetLocks
import CommandSupport
import Foundation

/// The server of a rehearsal: one that is there, or one that the harness runs itself for as long as it
/// lasts. What its process takes is looked at from time to time, where it is on this machine.
actor ServerUnderTest {
    /// How it is made to end and start again.
    enum Control {
        case own(ServerProcess)
        /// A command of the shell.
        case command(String)
        case none
    }

    /// For a command that restarts a server.
    private static let commandLimit = Duration.seconds(120)

    private let control: Control
    private let givenProcess: Int32?
    private let givenMetrics: MetricsPage?
    private var figures = ServerFigures()
    /// Processor time of processes that have ended, and the newest of the one that runs.
    private var earlierTime = Duration.zero
    private var currentTime = Duration.zero
    private var timeAtBegin = Duration.zero

    /// - Parameters:
    ///   - process: The number of its process, where it is on this machine and is not the harness's own.
    ///   - metrics: Where it says how it is.
    init(_ control: sending Control, process: Int32?, metrics: MetricsPage?) {
        self.control = control
        givenProcess = process
        givenMetrics = metrics
    }

    private var process: Int32? {
        if case .own(let server) = control { return server.processNumber }
        return givenProcess
    }

    private var metrics: MetricsPage? {
        if case .own(let server) = control { return server.metrics.map(MetricsPage.init) }
        return givenMetrics
    }

    // MARK: - Restarts

    /// - Throws: ``Failure`` where it does not start again.
    func restart(_ way: Scenario.Restart.Way) async throws {
        switch control {
        case .own(let server):
            look(at: nil)
            switch way {
            case .kill: server.kill()
            case .stop: try await server.stop()
            }
            earlierTime += currentTime
            currentTime = .zero
            try await server.start()
        case .command(let command):
            try await Self.run(command, way)
        case .none:
            throw Failure(.requestsFailed, "nobody can restart this server")
        }
    }

    private static func run(_ command: String, _ way: Scenario.Restart.Way) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        var environment = ProcessInfo.processInfo.environment
        environment["ECABINET_RESTART"] = way.rawValue
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        // Standard output is for reports.
        process.standardOutput = FileHandle.standardError
        try process.run()
        let end = ContinuousClock.now + commandLimit
        while process.isRunning {
            guard ContinuousClock.now < end else {
                process.terminate()
                throw Failure(
                    .requestsFailed,
                    "the command did not end within \(Int(commandLimit / .seconds(1))) seconds"
                )
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        guard process.terminationStatus == 0 else {
            throw Failure(
                .requestsFailed,
                "the command ended with the code \(process.terminationStatus)"
            )
        }
    }

    /// Ends the server where it is the harness's own.
    func end() {
        if case .own(let server) = control { server.end() }
    }

    // MARK: - Figures

    /// From here on its figures are those of the run.
    func begin() async {
        look(at: nil)
        timeAtBegin = earlierTime + currentTime
        figures = ServerFigures()
        figures.before = await metrics?.read()
    }

    /// Looks at its process.
    ///
    /// - Parameter time: Since the beginning of the run; with `nil` memory and descriptors are left out.
    func look(at time: Duration?) {
        guard let process else { return }
        if let now = try? ProcessClock(of: process).now() { currentTime = now }
        guard let time, figures.residentKiB.count < TimeSeries.maximumPoints * 2 else { return }
        figures.processor.append((time, currentTime))
        if let kib = try? ProcessMemory(of: process).residentKiB() {
            figures.residentKiB.append((time, kib))
        }
        let descriptors = try? FileManager.default.contentsOfDirectory(
            atPath: "/proc/\(process)/fd"
        )
        if let descriptors { figures.descriptors.append((time, descriptors.count)) }
    }

    /// What there is to say of the run.
    func taken() async -> ServerFigures {
        look(at: nil)
        if process != nil { figures.processorTime = earlierTime + currentTime - timeAtBegin }
        figures.after = await metrics?.read()
        return figures
    }
}
