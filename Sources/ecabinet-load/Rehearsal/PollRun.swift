import CabinetAPI
import CabinetLoad
import CabinetModel

/// A poll of a rehearsal: it is opened, members vote at the times that were planned, and it is closed.
struct PollRun: Sendable {
    private let rehearsal: Rehearsal
    private let votes: PollVotes
    private let name: String

    /// - Parameters:
    ///   - votes: Those of this process.
    ///   - name: The identifier of the poll.
    init(_ rehearsal: Rehearsal, _ votes: PollVotes, called name: String) {
        self.rehearsal = rehearsal
        self.votes = votes
        self.name = name
    }

    private var recorder: RunRecorder { rehearsal.recorder }
    private var time: LoopTime { rehearsal.time }
    private var assembly: Assembly { rehearsal.scene.assembly }

    /// - Throws: ``Failure`` where an agent fails. Whatever the server does wrong is put down.
    func play() async throws {
        let open = await command("\(name) opens", planned: votes.at) {
            try await assembly.openPoll($0)
        }
        guard let open else { return }
        let delay = time.now - votes.at
        recorder.mark("\(name) opens", at: time.now)
        // Its members vote a second after the plan, and later than that if it is later.
        if delay > Scenario.Poll.lead { recorder.update { $0.latePolls += 1 } }
        var acknowledged: RunRecord.Acknowledged
        do {
            async let others = rehearsal.agents.vote(votes, in: open)
            acknowledged = try await votes.cast(in: open)
            acknowledged.add(try await others)
        } catch let failure as Failure {
            throw failure
        } catch {
            return recorder.failed(.commands, planned: votes.at, error)
        }
        try Task.checkCancellation()
        let tally = await command("\(name) closes", planned: time.now) { poll in
            guard let tally = try await assembly.closePoll(poll).verdict?.tally else {
                throw Failure(.requestsFailed, "the closed poll has no tally")
            }
            return tally
        }
        guard let tally else { return }
        recorder.mark("\(name) closes", at: time.now)
        recorder.update {
            $0.polls.append(
                RunRecord.PollOutcome(
                    poll: name,
                    counted: RunRecord.Choices(tally),
                    acknowledged: acknowledged
                )
            )
        }
    }

    /// Makes a call of the secretary, and measures it.
    private func command<Result>(
        _ what: String,
        planned begin: Duration,
        _ body: (PollID) async throws -> Result
    ) async -> Result? {
        recorder.plan(.commands, 1)
        do {
            let result = try await body(try PollID(name))
            recorder.succeeded(.commands, planned: begin, end: time.now)
            return result
        } catch {
            recorder.mark("\(what): \(error)", at: time.now)
            recorder.failed(.commands, planned: begin, error)
            return nil
        }
    }
}

extension RunRecord.Choices {
    fileprivate init(_ tally: CabinetAPI.Tally) {
        func members(_ count: CabinetAPI.ChoiceCount?) -> Int {
            count.map { Int($0.roomMembers) + Int($0.remoteMembers) } ?? 0
        }
        self.init(
            yes: members(tally.yes),
            no: members(tally.no),
            abstain: members(tally.abstain)
        )
    }
}
