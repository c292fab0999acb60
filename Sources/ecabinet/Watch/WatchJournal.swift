import CabinetClient
import CabinetLedger
import CabinetModel

extension Session {
    /// Runs something with what this profile has seen of logs while it watched, and closes it at the end.
    ///
    /// It is apart from the journals of members, which one process has at a time: who watches does not keep
    /// a member from voting. Where another window of the same profile watches, this one remembers what it
    /// sees itself, and no more.
    func withWatchJournal<Value>(
        _ body: (any CheckpointJournal) async throws -> Value
    ) async throws -> Value {
        let owner = try PrincipalID("watch")
        let folder = try settings.watchFolder()
        let journal: SQLiteBallotJournal
        do throws(JournalError) {
            journal = try SQLiteBallotJournal(folder: folder, of: owner)
        } catch {
            guard error.kind == .locked else { throw error }
            return try await body(MemoryBallotJournal())
        }
        do {
            let value = try await body(journal)
            await journal.close()
            return value
        } catch {
            await journal.close()
            throw error
        }
    }

    /// Adds what the members of this profile have seen of a log, so that no board shows what a vote would
    /// refuse. A journal that another process has now is left out: its member votes, and compares by itself.
    func addCheckpointsOfMembers(
        of meeting: MeetingID,
        to journal: any CheckpointJournal
    ) async throws {
        guard let log = try installation().log(of: meeting) else { return }
        for member in settings.membersWithJournals {
            let folder = try settings.journalFolder(of: member.text)
            guard let ballots = try? SQLiteBallotJournal(folder: folder, of: member) else {
                continue
            }
            let seen = (try? await ballots.checkpoints(of: log.origin)) ?? []
            await ballots.close()
            // Where there is no room for more, those that there are will be compared first.
            for checkpoint in seen { try? await journal.keep(checkpoint, inPlaceOf: []) }
        }
    }
}
