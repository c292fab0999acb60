import CabinetLoad
import CommandSupport
import Glibc
import LoadAPI

/// Looks at a rehearsal while it takes place: the server's process, and a line for whoever waits.
///
/// On a terminal it is one line that changes, elsewhere a line every few seconds.
struct RunWatch {
    private static let interval = Duration.seconds(1)
    /// Between two lines where there is no terminal, in looks.
    private static let looksPerLine = 5

    private let rehearsal: Rehearsal
    private let isTerminal = isatty(STDERR_FILENO) == 1

    init(_ rehearsal: Rehearsal) { self.rehearsal = rehearsal }

    /// Goes on until the task is cancelled.
    func watch() async {
        let spacing = max(
            1,
            Int(rehearsal.scenario.plannedDuration / .seconds(TimeSeries.maximumPoints))
        )
        var looks = 0
        var recent = RunRecorder.Recent()
        var since = rehearsal.time.now
        while true {
            let next = Self.interval * (looks + 1)
            do {
                try await Task.sleep(for: max(.zero, next - rehearsal.time.now))
            } catch {
                break
            }
            looks += 1
            if looks.isMultiple(of: spacing) {
                await rehearsal.server.look(at: rehearsal.time.now)
            }
            recent.add(rehearsal.recorder.takeRecent())
            guard isTerminal || looks.isMultiple(of: Self.looksPerLine) else { continue }
            let now = rehearsal.time.now
            await say(recent, over: now - since, at: now)
            recent = RunRecorder.Recent()
            since = now
        }
        // The report begins on a line of its own.
        if isTerminal { Output.complain("") }
    }

    private func say(
        _ recent: RunRecorder.Recent,
        over duration: Duration,
        at now: Duration
    ) async {
        let record = rehearsal.recorder.record
        let others = rehearsal.agents.progress
        // What other processes say may be anything.
        let ballots = UInt64(record.ballots.succeeded).addingClamped(others.ballots)
        let errors = UInt64(record.errors).addingClamped(others.errors)
        let live =
            ((try? await rehearsal.scene.group.liveCount()) ?? 0) + Int(others.liveFollowers)
        let line = [
            "\(Int(now / .seconds(1))) s",
            "ballots \(ballots) of \(rehearsal.scenario.plannedBallots)",
            recent.ballots.count == 0
                ? nil
                : "\(rate(recent.ballots.count, duration)) a second, \(recent.ballots.summary)",
            recent.reads.count == 0
                ? nil
                : "reads \(rate(recent.reads.count, duration)) a second, \(recent.reads.summary)",
            rehearsal.scenario.followers == 0
                ? nil : "\(live) of \(rehearsal.scenario.followers) follow",
            "errors \(errors)",
        ].compactMap(\.self).joined(separator: " · ")
        if isTerminal {
            Output.progress(line)
        } else {
            Output.complain(line)
        }
    }

    private func rate(_ count: Int, _ duration: Duration) -> Double {
        inTenths(Double(count) / max(0.001, duration / .seconds(1)))
    }
}

extension RunRecorder.Recent {
    fileprivate mutating func add(_ other: RunRecorder.Recent) {
        ballots.add(other.ballots)
        reads.add(other.reads)
    }
}

extension LatencyHistogram {
    fileprivate var summary: String {
        "p50 \(inTenths(percentile(50) / .milliseconds(1))) ms, "
            + "p99 \(inTenths(percentile(99) / .milliseconds(1))) ms"
    }
}
