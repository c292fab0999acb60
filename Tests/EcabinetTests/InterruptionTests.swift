import Foundation
import Testing

@testable import CabinetMinutes
@testable import ecabinet

/// Ctrl-C, and what of a command is left after it.
@Suite struct InterruptionTests {
    private struct Failed: Error, Equatable {}

    /// Runs something, and has signals come.
    private func heed(
        _ signals: AsyncStream<Int32>,
        _ clock: HeldClock = HeldClock(),
        _ unfinished: UnfinishedFiles = UnfinishedFiles(),
        endAtOnce: @escaping @Sendable () -> Void = {},
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await Interruption.heeding(
            signals,
            clock: clock,
            unfinished: unfinished,
            endAtOnce: endAtOnce,
            body
        )
    }

    @Test("What came of a command all the same is told, and is not hidden by the signal")
    func resultIsTold() async throws {
        let (signals, signal) = AsyncStream.makeStream(of: Int32.self)
        try await heed(signals) {
            signal.yield(SIGINT)
            while !Task.isCancelled { await Task.yield() }
        }
        let (others, other) = AsyncStream.makeStream(of: Int32.self)
        await #expect(throws: Failed.self) {
            try await heed(others) {
                other.yield(SIGINT)
                while !Task.isCancelled { await Task.yield() }
                throw Failed()
            }
        }
    }

    @Test("Where nothing came of it the command was interrupted")
    func interrupted() async throws {
        let (signals, signal) = AsyncStream.makeStream(of: Int32.self)
        signal.yield(SIGTERM)
        let error = await #expect(throws: CancellationError.self) {
            try await heed(signals) {
                while true { try await Task.sleep(for: .seconds(3_600)) }
            }
        }
        let failure = Failure(reporting: try #require(error))
        #expect(failure.reason == "INTERRUPTED")
        #expect(failure.status == .interrupted)
        #expect(failure.advice != nil)
    }

    @Test(
        "A command that does not end after a signal is ended, and leaves no unfinished file",
        arguments: [true, false]
    )
    func endsAtOnce(bySecondSignal: Bool) async throws {
        let folder = TestFolder()
        let unfinished = UnfinishedFiles()
        let clock = HeldClock()
        let (signals, signal) = AsyncStream.makeStream(of: Int32.self)
        let (ends, end) = AsyncStream.makeStream(of: [String].self)
        let names: @Sendable () -> [String] = { folder.names }
        let work: @Sendable () async throws -> Void = {
            let finished = try NewFile(folder.path("a"), existing: .stays, among: unfinished)
            try finished.write([1])
            try finished.finish()
            let file = try NewFile(folder.path("b"), existing: .isReplaced, among: unfinished)
            try file.write([1, 2])
            #expect(names().count == 2)
            signal.yield(SIGINT)
            while !Task.isCancelled { await Task.yield() }
            // It does not heed that it was cancelled.
            if bySecondSignal { signal.yield(SIGINT) } else { clock.release() }
            // Whoever is cancelled waits for nothing more itself.
            let left = await Task.detached { await ends.first { _ in true } }.value
            #expect(left == ["a"])
            // Nor can another be begun now.
            #expect(throws: Failure.self) {
                try NewFile(folder.path("c"), existing: .stays, among: unfinished)
            }
            #expect(throws: MinutesFileError.self) {
                try unfinished.minutes.perform(.create, folder.path("d")) {}
            }
            withExtendedLifetime(file) {}
        }
        try await heed(signals, clock, unfinished, endAtOnce: { end.yield(names()) }, work)
        #expect(names() == ["a"])
    }

    @Test(
        "An export that is interrupted leaves nothing, whatever the signal",
        arguments: [[SIGINT], [SIGINT, SIGINT], [SIGTERM], [SIGHUP]]
    )
    func export(_ signals: [Int32]) async throws {
        let hall = try await Hall(members: ["m1"])
        try await hall.schedule()
        let exports = TestFolder()
        let proxy = try StallingProxy(to: hall.installation.address) {
            !exports.names.isEmpty
        }
        let export = try RunningProgram(
            "ecabinet",
            [
                "ledger", "export", exports.path("x"), "--meeting", Hall.meeting, "--json",
                "--server", proxy.address,
            ],
            environment: hall.environment(of: "auditor")
        )
        try await export.wait { _ in !exports.names.isEmpty }
        for signal in signals { export.send(signal) }
        let outcome = try await export.outcome()
        #expect(outcome.status == 130, "\(outcome)")
        #expect(exports.names.isEmpty)
        if signals.count == 1 {
            #expect(try outcome.errorJSON()["reason"] == .string("INTERRUPTED"), "\(outcome)")
        }
    }

    @Test("Minutes that are interrupted twice are whole or not there, and nothing is beside them")
    func minutes() async throws {
        let hall = try await Hall(members: ["m1"])
        try await hall.schedule()
        let log = hall.folder.path("x.cabinet-log")
        try await hall.text(["ledger", "export", log, "--meeting", Hall.meeting], as: "auditor")
        let written = TestFolder()
        let making = try RunningProgram(
            "ecabinet",
            ["ledger", "minutes", written.path("m"), "--tar", "--log", log],
            environment: hall.environment(of: "auditor")
        )
        // Each file is brought onto the disk before the next is begun, so that there mostly is time.
        try await making.wait { _ in !written.names.isEmpty }
        making.send(SIGINT)
        making.send(SIGTERM)
        let outcome = try await making.outcome()
        #expect([0, 130].contains(outcome.status), "\(outcome)")
        #expect([[], ["m", "m.tar"]].contains(written.names), "\(written.names)")
        for name in written.names {
            try await hall.text(["verify", written.path(name), "--log-key", hall.logKey])
        }
    }

    @Test("Under nohup the end of the terminal does not end a command")
    func nohup() async throws {
        let hall = try await Hall(members: ["m1"])
        try await hall.schedule()
        let program = Bundle.main.bundleURL.appendingPathComponent("ecabinet").path
        let watching = try RunningProgram(
            "/bin/bash",
            ["-c", "trap '' HUP; exec \"$0\" \"$@\"", program, "watch", Hall.meeting, "--json"],
            environment: hall.environment(of: "s")
        )
        try await watching.wait { $0.output.contains("MEETING") }
        watching.send(SIGHUP)
        try await hall.text(["attend", "check-in", "room", "m1"])
        try await watching.wait { $0.output.contains("IN_ROOM") }
        // Nor is what it keeps taken for the ballots of a member.
        let kept = try await hall.json(["receipt", "list"], as: "s")
        #expect(kept["receipts"] == .array([]))
        watching.send(SIGTERM)
        #expect(try await watching.outcome().status == 130)
    }
}

/// A clock whose sleepers wait until somebody wakes them.
private final class HeldClock: Clock, Sendable {
    typealias Instant = ContinuousClock.Instant

    private let (wakes, wake) = AsyncStream.makeStream(of: Void.self)

    var now: Instant { ContinuousClock().now }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        for await _ in wakes { return }
        throw CancellationError()
    }

    func release() { wake.yield() }
}

/// A way to a server that gives no answers any more from some moment on.
private final class StallingProxy: Sendable {
    let address: String
    private let descriptor: Int32

    /// - Parameter isStalled: Whether no more answers are let through.
    init(to server: String, isStalled: @escaping @Sendable () -> Bool) throws {
        let listening = try Loopback.listen()
        descriptor = listening.descriptor
        address = "127.0.0.1:\(listening.port)"
        let target = server.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
        Thread.detachNewThread {
            while case let client = accept(listening.descriptor, nil, nil), client >= 0 {
                guard let server = try? Loopback.connect(target) else { break }
                Thread.detachNewThread { Loopback.pump(client, server) { false } }
                Thread.detachNewThread { Loopback.pump(server, client, isStalled) }
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }
}
