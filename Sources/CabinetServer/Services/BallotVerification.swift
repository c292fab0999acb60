internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC
internal import NIOPosix
internal import Synchronization

/// Verifies the signatures of ballots on threads of its own: the most expensive part of a vote, and
/// neither the connections nor the meetings wait for it.
final class BallotVerification: Sendable {
    /// Ballots that wait, or are being verified.
    static let maximumCount = 4_096

    private let threads: NIOThreadPool
    private let count = Atomic<Int>(0)
    private let certificates = CertificateCache()
    private let sequencer: Sequencer

    /// - Parameters:
    ///   - threadCount: As many as there are cores.
    ///   - sequencer: Gets what is verified.
    init(threadCount: Int, sequencer: Sequencer) {
        threads = NIOThreadPool(numberOfThreads: threadCount)
        self.sequencer = sequencer
        threads.start()
    }

    /// Ballots that wait, or are being verified.
    var load: Int { count.load(ordering: .relaxed) }

    /// Verifies a ballot, and hands it on. One of the two closures is called, on a thread of its own or at
    /// once.
    ///
    /// - Parameter order: What the sequencer is given.
    func submit(
        _ verify:
            @escaping @Sendable (CertificateCache) throws(Rejection) -> MeetingCommand,
        order: @escaping @Sendable (MeetingCommand, VerifiedBallot) -> BallotOrder,
        refused: @escaping @Sendable (RPCError) -> Void
    ) {
        let waiting = count.wrappingAdd(1, ordering: .relaxed).newValue
        guard waiting <= Self.maximumCount else {
            count.wrappingSubtract(1, ordering: .relaxed)
            return refused(
                RPCError(
                    .resourceExhausted,
                    "the server has more ballots to verify than it takes; send it again later",
                    isNotProcessed: true
                )
            )
        }
        sequencer.announce()
        threads.submit { [self] state in
            defer { count.wrappingSubtract(1, ordering: .relaxed) }
            guard state == .active else {
                sequencer.withdraw()
                return refused(
                    RPCError(.unavailable, "the server stops; try again", isNotProcessed: true)
                )
            }
            do throws(Rejection) {
                let command = try verify(certificates)
                switch command.command {
                case .castBallot(let ballot), .decideTie(let ballot):
                    sequencer.submit(
                        .ballot(order(command, ballot)),
                        byteCount: ballot.byteCount,
                        isAnnounced: true
                    )
                default: preconditionFailure("a ballot is cast or decides a tie")
                }
            } catch {
                sequencer.withdraw()
                refused(RPCError(error))
            }
        }
    }

    /// Verifies what waits no more, and ends the threads. It has to be called once.
    func shutDown() async {
        do {
            try await threads.shutdownGracefully()
        } catch {
            preconditionFailure("a thread pool was shut down twice: \(error)")
        }
    }
}

extension VerifiedBallot {
    /// What it takes while it waits.
    fileprivate var byteCount: Int {
        statementBytes.count + signature.count + certificate.count
    }
}
