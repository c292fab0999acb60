import CabinetClient
import CabinetCrypto
import CabinetLocks
import CabinetModel
import CabinetRPC
import Foundation

/// A member who votes while the server is killed, and is killed now and then itself: its journal is on the
/// disk, as that of a tablet.
final class CrashVoter: Sendable {
    /// A ballot that the member was told counts.
    struct Acknowledged: Sendable {
        let ballot: ProvenBallot
        /// When it was first sent, by the system's clock, in seconds since 1970; 0 where that was in an
        /// earlier life of the member's program.
        let sent: Double
    }

    let person: Person
    private let signer: BallotSigner
    private let installation: TrustedInstallation
    private let client: RPCClient
    private let folder: URL
    private let kept = Guarded<[Acknowledged]>([])
    private let underWay = Guarded(false)

    /// - Parameter folder: For the journal, its own.
    init(
        _ person: Person,
        _ client: RPCClient,
        _ installation: TrustedInstallation,
        folder: URL
    ) throws {
        guard let signature = person.signature else {
            preconditionFailure("\(person.id) does not vote")
        }
        self.person = person
        self.client = client
        self.installation = installation
        self.folder = folder
        signer = try BallotSigner(
            PrincipalID(person.id),
            signer: signature.key,
            certificate: SignerCertificate(der: signature.certificate)
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Whether a ballot is on its way.
    var isCasting: Bool { underWay.withLock { $0 } }

    /// Everything that the member was told.
    var acknowledged: [Acknowledged] { kept.withLock { $0 } }

    /// Votes in a poll, again and again, with rising revisions.
    ///
    /// - Parameter lives: For each of the member's programs, how many ballots it casts before it is killed,
    ///   and what: the last of them while it waits for the answer.
    func vote(in poll: PollID, of meeting: MeetingID, _ lives: [[Choice]]) async throws {
        for choices in lives {
            let journal = try SQLiteBallotJournal(folder: folder.path, of: signer.member)
            do {
                try await vote(in: poll, of: meeting, choices, journal, isKilled: true)
            } catch {
                await journal.close()
                throw error
            }
            await journal.close()
        }
        // The last one sees that everything was delivered.
        let journal = try SQLiteBallotJournal(folder: folder.path, of: signer.member)
        do {
            try await vote(in: poll, of: meeting, [], journal, isKilled: false)
        } catch {
            await journal.close()
            throw error
        }
        await journal.close()
    }

    private func vote(
        in poll: PollID,
        of meeting: MeetingID,
        _ choices: [Choice],
        _ journal: SQLiteBallotJournal,
        isKilled: Bool
    ) async throws {
        let voting = VotingClient(
            client,
            as: signer,
            of: installation,
            journal: journal,
            policy: DeliveryPolicy(
                attemptTimeout: .seconds(20),
                patience: .seconds(120),
                backoff: Backoff(first: .milliseconds(10), most: .milliseconds(100))
            )
        )
        underWay.withLock { $0 = true }
        defer { underWay.withLock { $0 = false } }
        for (_, result) in try await voting.deliverPending() { keep(try result.get(), sent: 0) }
        guard isKilled else { return }
        var paper = try await Self.patiently {
            try await voting.ballotPaper(of: poll, in: meeting)
        }
        for (index, choice) in choices.enumerated() {
            let sent = Date().timeIntervalSince1970
            guard index == choices.count - 1 else {
                let counted = try await voting.cast(choice, on: paper)
                keep(counted, sent: sent)
                paper = paper.after(counted)
                continue
            }
            let task = Task { [paper] in try await voting.cast(choice, on: paper) }
            try await Task.sleep(for: .milliseconds(3))
            task.cancel()
            do {
                keep(try await task.value, sent: sent)
            } catch CastError.undelivered {
                // It is in the journal.
            }
        }
    }

    /// Reads are not sent again by the client for as long as a server is away.
    private static func patiently<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws -> Value {
        let limit = ContinuousClock.now + .seconds(120)
        while true {
            do {
                return try await body()
            } catch BallotPaperError.call(let error)
                where error.code == .unavailable && ContinuousClock.now < limit
            {
                try await Task.sleep(for: .milliseconds(10))
            } catch BallotPaperError.history(.call(let error))
                where error.code == .unavailable && ContinuousClock.now < limit
            {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    private func keep(_ ballot: ProvenBallot, sent: Double) {
        kept.withLock { $0.append(Acknowledged(ballot: ballot, sent: sent)) }
    }
}
