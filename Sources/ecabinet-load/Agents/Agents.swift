import CabinetAPI
import CabinetCrypto
import CabinetLedger
import CabinetLoad
import CabinetModel
import CabinetRPC
import CabinetTLS
import CommandSupport
import LoadAPI
import NIOCore

/// The processes, on other hosts as a rule, that play shares of a rehearsal for this one.
final class Agents: Sendable {
    /// There are none, and this process plays it all.
    static let none = Agents([], seed: 0)

    private let links: [AgentLink]
    private let seed: UInt64

    private init(_ links: [AgentLink], seed: UInt64) {
        self.links = links
        self.seed = seed
    }

    /// - Parameters:
    ///   - pki: Of the trial, which the agents have a copy of.
    ///   - seed: Where all choices come from.
    convenience init(
        at addresses: [HostAndPort],
        _ pki: ThrowawayPKI,
        seed: UInt64,
        group: any EventLoopGroup
    ) throws {
        let shares = Share.all(addresses.count + 1).dropFirst()
        self.init(
            try zip(addresses, shares).map { address, share in
                AgentLink(
                    address,
                    share,
                    try Failure.wrongFile { () throws(TLSConfigurationError) in
                        try TLSClientContext(pki.files(of: "client"))
                    },
                    group: group
                )
            },
            seed: seed
        )
    }

    /// All that make the load, this one included.
    var processes: Int { links.count + 1 }

    /// That of this process.
    var ownShare: Share { Share(0, of: processes) ?? .whole }

    /// What the agents have done so far, all together.
    var progress: ProgressReport {
        links.map(\.progress).reduce(into: ProgressReport()) { sum, progress in
            sum.ballots = sum.ballots.addingClamped(progress.ballots)
            sum.errors = sum.errors.addingClamped(progress.errors)
            sum.liveFollowers = sum.liveFollowers.addingClamped(progress.liveFollowers)
        }
    }

    // MARK: - The connections

    /// Connects to all of them, and does something while they are there.
    ///
    /// - Throws: ``Failure`` where one of them is not there, or no longer: what is done is cancelled then.
    func during<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let outcome = await Result.of {
            for link in links { try await link.connect() }
            return try await withThrowingTaskGroup(of: Value?.self) { group in
                for link in links {
                    group.addTask {
                        try await link.run()
                        return nil
                    }
                }
                group.addTask {
                    try await self.waitUntilAccepted()
                    return try await body()
                }
                defer { group.cancelAll() }
                while let value = try await group.next() {
                    if let value { return value }
                }
                throw CancellationError()
            }
        }
        for link in links { await link.close() }
        return try outcome.get()
    }

    private func each<Value: Sendable>(
        _ body: @escaping @Sendable (AgentLink) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: Value.self) { group in
            for link in links { group.addTask { try await body(link) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Before anything is done with the server.
    private func waitUntilAccepted() async throws {
        _ = try await each { link in
            let format = try await link.answer(within: AgentLimits.acceptance) { report in
                if case .accepted(let accepted) = report { accepted.format } else { nil }
            }
            guard format == AgentLimits.format else {
                throw Failure(
                    .requestsFailed,
                    "the agent \(link.address) is of another version: run the same everywhere"
                )
            }
        }
    }

    // MARK: - Orders

    /// Has the agents make their people; see ``waitUntilPrepared(_:tag:)``.
    ///
    /// - Parameters:
    ///   - server: As seen from each of them.
    ///   - tag: What identifiers begin with.
    func prepare(
        _ scenario: Scenario,
        on server: Server,
        tag: String,
        isPaced: Bool
    ) throws(Failure) {
        let pieces = AgentLimits.pieces(of: Array(scenario.yaml.utf8))
        for link in links {
            for piece in pieces { try link.send(.scenario(piece)) }
            try link.send(
                .prepare(
                    PrepareOrder(
                        seed: seed,
                        tag: tag,
                        share: UInt32(link.share.number),
                        shares: UInt32(link.share.count),
                        targetHost: server.address.host,
                        targetPort: UInt32(server.address.port),
                        serverName: server.certifiedName ?? server.address.host,
                        isUnpaced: !isPaced
                    )
                )
            )
        }
    }

    /// Waits until the people of all agents are in the directory.
    func waitUntilPrepared(_ scenario: Scenario, tag: String) async throws {
        _ = try await each { link in
            let expected = PreparedReport(scenario, link.share, tag: tag)
            return try await link.answer(within: AgentLimits.preparation) { report in
                if case .prepared(expected) = report { true } else { nil }
            }
        }
    }

    /// Has the agents connect their devices, and their followers follow, and waits until they do.
    func join(_ assembly: Assembly, _ scenario: Scenario) async throws {
        let order = JoinOrder(
            meetingID: assembly.meeting.text,
            logOrigin: assembly.log.origin.text,
            logPublicKey: assembly.log.key.publicKey.bytes
        )
        _ = try await each { link in
            try link.send(.join(order))
            let connections =
                scenario.voters(of: link.share).count + scenario.followers(of: link.share).count
            let limit = AgentLimits.joining + ConnectionPace.time(of: connections)
            return try await link.answer(within: limit) { report in
                if case .joined = report { true } else { nil }
            }
        }
    }

    /// Has the time begin.
    func begin(after time: TimeAmount) throws(Failure) {
        let milliseconds = UInt32(clamping: time.nanoseconds / 1_000_000)
        for link in links { try link.send(.begin(BeginOrder(afterMs: milliseconds))) }
    }

    /// Has the agents' members vote.
    ///
    /// - Parameter votes: Those of this process in the same poll.
    /// - Returns: What they know of it by then.
    func vote(_ votes: PollVotes, in open: OpenPoll) async throws -> RunRecord.Acknowledged {
        guard !links.isEmpty else { return RunRecord.Acknowledged() }
        let limit = try votes.limit()
        let order = VoteOrder(
            step: UInt32(votes.step),
            pollID: open.poll.text,
            motionDigest: open.motionDigest.bytes,
            rollDigest: open.rollDigest.bytes
        )
        let scenario = votes.scenario
        return try await each { link in
            try link.send(.vote(order))
            let voters = scenario.voters(of: link.share).count
            return try await link.answer(within: limit) { report in
                guard case .voted(let voted) = report, voted.step == order.step else { return nil }
                let acknowledged = RunRecord.Acknowledged(voted)
                return acknowledged.choices.total + acknowledged.unsettled <= voters
                    && acknowledged.unsettledWithReceipt <= acknowledged.unsettled
                    ? acknowledged : nil
            }
        }.reduce(into: RunRecord.Acknowledged()) { $0.add($1) }
    }

    /// Waits until the agents have nothing more to do, after the timeline.
    func settle() async throws {
        _ = try await each { link in
            try link.send(.settle(SettleOrder()))
            return try await link.answer(within: AgentLimits.settling) { report in
                if case .settled = report { true } else { nil }
            }
        }
    }

    /// What the agents have measured.
    ///
    /// - Parameter last: The index of the entry whose event all followers are to have first.
    func collect(for scenario: Scenario, after last: UInt64?) async throws -> [RunRecord] {
        try await each { try await $0.collect(for: scenario, after: last) }
    }
}

extension RunRecord.Acknowledged {
    fileprivate init(_ voted: VotedReport) {
        self.init(
            .init(yes: Int(voted.yes), no: Int(voted.no), abstain: Int(voted.abstain)),
            unsettled: Int(voted.unsettled),
            withReceipt: Int(voted.unsettledWithReceipt)
        )
    }
}

extension PreparedReport {
    /// Those of a share, in the order of their numbers: members, and then the devices of boards.
    init(_ scenario: Scenario, _ share: Share, tag: String) {
        self.init(
            participants: scenario.members(of: share).map {
                .init(
                    principalID: Participants.member($0, tag),
                    isMember: true,
                    isChair: $0 == 0
                )
            }
                + scenario.boardDevices(of: share).map {
                    .init(principalID: Participants.display($0, tag))
                }
        )
    }

    /// Those who are in the directory.
    init(_ people: People) {
        self.init(
            participants: (people.members + people.displays).map {
                .init(
                    principalID: $0.id,
                    isMember: $0.roles.contains(.member),
                    isChair: $0.roles.contains(.chair)
                )
            }
        )
    }
}

extension FixedWidthInteger {
    /// What agents say may be anything.
    func addingClamped(_ other: Self) -> Self {
        let (sum, isTooMuch) = addingReportingOverflow(other)
        return isTooMuch ? .max : sum
    }
}
