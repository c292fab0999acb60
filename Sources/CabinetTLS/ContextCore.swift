internal import CabinetLocks
internal import NIOCore
internal import Synchronization

/// What a server's and a client's context have in common: the current generation, and its exchange.
final class ContextCore: Sendable {
    let side: Side
    /// SSL objects that exist.
    let sessionCount = Atomic<Int>(0)
    private let options: TLSContextOptions
    private let ticketKeys: TicketKeys
    private let current: Guarded<ContextGeneration>
    private let reloading = Guarded(())
    private let loops = Guarded<[ObjectIdentifier: LoopResources]>([:])

    init(
        side: Side,
        files: TLSFiles,
        options: TLSContextOptions
    ) throws(TLSConfigurationError) {
        self.side = side
        self.options = options
        ticketKeys = TicketKeys(seconds: options.ticketKeySeconds)
        let generation = try ContextGeneration(
            side: side,
            files: files,
            options: options,
            ticketKeys: ticketKeys
        )
        current = Guarded(generation)
    }

    /// The state of the files that new connections use.
    var generation: ContextGeneration {
        current.withLock { $0 }
    }

    /// Reads files again. The old generation stays where a file is wrong.
    func reload(_ files: TLSFiles) throws(TLSConfigurationError) {
        // One after the other: what was read first must not replace what was read last.
        try reloading.withLock { _ throws(TLSConfigurationError) in
            let next = try ContextGeneration(
                side: side,
                files: files,
                options: options,
                ticketKeys: ticketKeys
            )
            current.withLock { $0 = next }
        }
    }

    /// Verifies an identity against the current files, at the time of the clock.
    func verdict(on identity: PeerIdentity) -> IdentityVerdict {
        let generation = generation
        guard let certificate = Certificate(der: identity.certificateDER) else {
            return .refused(TLSError(.badCertificate, "the certificate cannot be decoded"))
        }
        let code = generation.trust.verify(
            certificate,
            intermediates: identity.intermediates.compactMap(Certificate.init(der:)),
            at: options.clock()
        )
        guard code != 0 else { return .valid }
        return .refused(
            PeerVerification.error(
                code,
                side: side,
                subject: identity.subject,
                files: generation.files
            )
        )
    }

    /// What the connections of an event loop share. One for each loop that ever had a connection:
    /// loops live as long as the process.
    func resources(of loop: any EventLoop) -> LoopResources {
        loops.withLock { loops in
            let id = ObjectIdentifier(loop)
            if let found = loops[id] { return found }
            let made = LoopResources()
            loops[id] = made
            return made
        }
    }
}
