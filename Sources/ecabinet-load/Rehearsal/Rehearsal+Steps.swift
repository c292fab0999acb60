import CabinetLoad
import CabinetRPC

/// What only one process can do on a timeline, but for polls.
extension Rehearsal {
    /// Members come and go.
    func play(_ presence: Scenario.Presence, at begin: Duration) async {
        let count = max(1, Int((presence.perSecond * (presence.duration / .seconds(1))).rounded()))
        let interval = presence.duration / Double(count)
        let plan = (0..<count).map { (begin + interval * $0, ()) }
        recorder.plan(.commands, count)
        await own.each(plan) { planned, _ in
            do throws(RPCError) {
                self.own.answered(try await self.scene.publishSmall())
                self.recorder.succeeded(.commands, planned: planned, end: self.time.now)
            } catch {
                self.recorder.failed(.commands, planned: planned, error)
            }
        }
    }

    /// The server ends and starts again.
    func play(_ restart: Scenario.Restart) async {
        let begin = time.now
        recorder.plan(.commands, 1)
        recorder.mark(restart.way == .kill ? "server killed" : "server stopped", at: begin)
        do {
            try await server.restart(restart.way)
            recorder.mark("server started", at: time.now)
            recorder.succeeded(.commands, planned: begin, end: time.now)
        } catch {
            recorder.mark("the server did not start: \(error)", at: time.now)
            recorder.update {
                $0.broken = $0.broken ?? "the server could not be started again: \(error)"
            }
        }
    }
}
