import CabinetLoad
import CabinetTLS
import CabinetWire
import Glibc
import Histogram
import NIOCore
import NIOPosix

/// Those who follow a meeting, all on one event loop of their own.
///
/// `@unchecked Sendable`: everything but the loop is used on the loop alone.
final class FollowerGroup: @unchecked Sendable {
    /// What came of it when followers returned.
    struct Figures: Sendable {
        /// Connections that were made, and those of them that resumed a TLS session.
        var connections = 0
        var resumed = 0
        /// Connections that ended, or could not be made.
        var losses = 0
        /// When those were lost whose followers had all that there was, and who are none to stop reading.
        var liveLosses: [NIODeadline] = []
        /// Snapshots that arrived, and how many of them were different ones.
        var snapshots = 0
        var snapshotSequences: Set<UInt64> = []
        /// Events that came to somebody who was on the way back, and those that a snapshot took the place of.
        /// Those who are to stop reading do not count.
        var madeUp = 0
        var passedOver = 0
        /// How well the loop keeps up with what arrives.
        var readLateness = RunRecord.Lateness()
        /// How long each took to be live since it began to follow, or lost its connection.
        var returns: [Return] = []
    }

    /// A follower has become live.
    struct Return: Sendable {
        let at: NIODeadline
        let after: TimeAmount
    }

    /// Somebody who is to follow.
    struct Seat: Sendable {
        /// What it connects with. Some may share it.
        let device: TLSFiles
        /// The request of FollowMeeting.
        let request: [UInt8]
        /// Whether it is one of those who may stop reading.
        var hasSmallBuffers = false
    }

    /// What went wrong: the first of it.
    struct Broken: Error, CustomStringConvertible {
        let description: String
    }

    /// For something that takes a moment.
    private static let patience = Duration.seconds(60)
    /// Between two looks whether something is so.
    private static let lookInterval = Duration.milliseconds(1)
    /// Connections that are made at the same time, where all are made one after the other.
    private static let followersAtOnce = 25
    /// New connections of one address in one go: less than a server allows.
    private static let followersOfAddress = 120
    /// Returns and losses that are kept, each.
    private static let maximumReturns = 1 << 20
    /// Between two looks whether the loop keeps up.
    private static let lagInterval = TimeAmount.milliseconds(20)

    let eventLoop: any EventLoop
    /// In the server's certificate.
    private let serverName: String
    private let firstAddress: Int
    private var followers: [Follower] = []
    private var figures = Figures()
    private var broken: Broken?
    /// Why the last connection failed of which that is known.
    private var refusal: String?
    /// Where deliveries go in a rehearsal.
    private var onArrival: ((ClosedRange<UInt64>, NIODeadline) -> Void)?
    /// Nanoseconds from a publication to each of those who wait for it.
    private var deliveries = Histogram<UInt64>.deliveries
    /// Of the publication that is measured.
    private var publishedAt: NIODeadline?
    /// Those who have it to get yet, and who wants to know when they have.
    private var waitingCount = 0
    private var delivered: EventLoopPromise<Void>?
    /// Whether the loop keeps up.
    private var nextLook: Scheduled<Void>?

    /// - Parameters:
    ///   - eventLoop: Its thread is to be the followers' alone.
    ///   - serverName: The name or address in the server's certificate.
    ///   - firstAddress: On the loopback, the first of the addresses to come from, so that the groups of
    ///     several processes have different ones.
    init(_ eventLoop: any EventLoop, serverName: String, firstAddress: Int = 0) {
        self.eventLoop = eventLoop
        self.serverName = serverName
        self.firstAddress = firstAddress
    }

    /// Runs something on the loop.
    private func onLoop<Result: Sendable>(
        _ body: @escaping @Sendable (FollowerGroup) throws -> Result
    ) async throws -> Result {
        try await eventLoop.submit { try body(self) }.get()
    }

    // MARK: - Followers

    /// Lets the thread have a tenth of what others get of a processor that they share.
    func yieldToOthers() async throws {
        // With 0 it is the thread that calls (setpriority(2), «C library/kernel differences»).
        try await onLoop { _ in _ = setpriority(.init(PRIO_PROCESS.rawValue), 0, 10) }
    }

    /// Adds followers, who do not follow yet.
    func add(
        _ seats: [Seat],
        to target: SocketAddress,
        generator: inout SeededGenerator
    ) async throws {
        let first = try await onLoop { $0.followers.count }
        var parts: [(Seat, TLSClientContext, SocketAddress?, SeededGenerator)] = []
        for (index, seat) in seats.enumerated() {
            parts.append(
                (
                    seat, try TLSClientContext(seat.device),
                    try source(of: first + index, to: target),
                    SeededGenerator(seed: generator.next())
                )
            )
        }
        let made = parts
        try await onLoop { group in
            for (seat, tls, source, generator) in made {
                group.followers.append(
                    Follower(
                        of: group,
                        at: target,
                        from: source,
                        serverName: group.serverName,
                        tls,
                        request: seat.request,
                        hasSmallBuffers: seat.hasSmallBuffers,
                        generator: generator
                    )
                )
            }
        }
    }

    /// Where a follower comes from. On the loopback each can have one of many addresses, as they would in
    /// life, and a server need not be told to take thousands of connections from one.
    private func source(
        of number: Int,
        to target: SocketAddress
    ) throws -> SocketAddress? {
        guard target.ipAddress?.hasPrefix("127.") ?? false else { return nil }
        let host = firstAddress + number / Self.followersOfAddress
        return try SocketAddress(ipAddress: "127.0.\(1 + host / 250).\(1 + host % 250)", port: 0)
    }

    /// Has followers connect, some at a time.
    ///
    /// - Parameter pace: Has them wait until the server takes more of their address; `nil` where each comes
    ///   from an address that has room.
    func follow(_ range: Range<Int>, _ pace: ConnectionPace? = nil) async throws {
        for first in stride(from: range.lowerBound, to: range.upperBound, by: Self.followersAtOnce)
        {
            let part = first..<min(first + Self.followersAtOnce, range.upperBound)
            try await pace?.wait(for: part.count)
            try await onLoop { group in
                for follower in group.followers[part] { follower.follow() }
            }
            try await wait("followers connect") { group in
                group.followers[part].allSatisfy(\.isLive)
            }
        }
    }

    /// Ends the connections of followers, all at once.
    ///
    /// - Parameters:
    ///   - isWanted: Whether they are to come back at once.
    ///   - hasForgotten: Whether they begin anew.
    func drop(
        _ numbers: some Collection<Int> & Sendable,
        andReturn isWanted: Bool,
        hasForgotten: Bool = false
    ) async throws {
        try await onLoop { group in
            for follower in numbers.map({ group.followers[$0] }) {
                if hasForgotten { follower.forget() }
                follower.drop(andReturn: isWanted)
            }
        }
    }

    /// Ends all connections for good.
    func close() async throws {
        try await onLoop { group in
            group.nextLook?.cancel()
            group.nextLook = nil
            for follower in group.followers { follower.drop(andReturn: false) }
        }
    }

    /// Has followers connect who were dropped, all at once, and does not wait for them.
    func comeBack(_ numbers: some Collection<Int> & Sendable) async throws {
        try await onLoop { group in
            for number in numbers { group.followers[number].follow() }
        }
    }

    /// How many have all that there is.
    func liveCount() async throws -> Int {
        try await onLoop { group in group.followers.count { $0.isLive } }
    }

    /// Has followers stop reading, or go on.
    func setReading(
        _ numbers: some Collection<Int> & Sendable,
        _ isReading: Bool
    ) async throws {
        try await onLoop { group in
            for number in numbers { group.followers[number].setReading(isReading) }
        }
    }

    /// Waits until followers have an event.
    func wait(_ range: Range<Int>, for sequence: UInt64) async throws {
        try await wait("the event \(sequence) arrives") { group in
            group.followers[range].allSatisfy {
                $0.isLive && $0.place?.sequence ?? 0 >= sequence
            }
        }
    }

    /// Waits until followers are live.
    func waitUntilLive(_ range: Range<Int>) async throws {
        try await wait("followers are live") { $0.followers[range].allSatisfy(\.isLive) }
    }

    private func wait(
        _ what: String,
        until condition: @escaping @Sendable (FollowerGroup) -> Bool
    ) async throws {
        let end = ContinuousClock.now + Self.patience
        while true {
            let isDone = try await onLoop { group in
                if let broken = group.broken { throw broken }
                return condition(group)
            }
            if isDone { return }
            guard ContinuousClock.now < end else {
                let refusal = try await onLoop { $0.refusal }
                throw Broken(
                    description: "too long until \(what)"
                        + (refusal.map { "; the last connection that failed: \($0)" } ?? "")
                )
            }
            try await Task.sleep(for: Self.lookInterval)
        }
    }

    /// What came of it since the figures were reset, by a drop for example.
    func currentFigures() async throws -> Figures { try await onLoop { $0.figures } }

    func resetFigures() async throws {
        try await onLoop { $0.figures = Figures() }
    }

    // MARK: - Deliveries

    /// Publishes an event and waits until all who are live, and are none to stop reading, have it.
    func measure(_ publish: () async throws -> Void) async throws {
        let delivered = eventLoop.makePromise(of: Void.self)
        try await onLoop { group in
            group.waitingCount = group.followers.count { $0.isLive && !$0.hasSmallBuffers }
            group.publishedAt = .now()
            group.delivered = delivered
        }
        try await publish()
        let limit = TimeAmount(Self.patience)
        let timeout = eventLoop.scheduleTask(in: limit) {
            delivered.fail(Broken(description: "an event does not arrive"))
        }
        defer { timeout.cancel() }
        try await delivered.futureResult.get()
        try await check()
    }

    /// - Throws: ``Broken`` where the server has broken its word.
    func check() async throws {
        try await onLoop { group in if let broken = group.broken { throw broken } }
    }

    /// Has the events of all who are live, and are none to stop reading, go to somebody, on the loop.
    func observeArrivals(
        _ body: @escaping @Sendable (ClosedRange<UInt64>, NIODeadline) -> Void
    ) async throws {
        try await onLoop { $0.onArrival = body }
    }

    /// Looks from now on whether the loop keeps up, at times that are fixed, whatever holds it up.
    func watchLag() async throws {
        try await onLoop { $0.look(at: .now() + Self.lagInterval) }
    }

    private func look(at planned: NIODeadline) {
        nextLook = eventLoop.assumeIsolated().scheduleTask(deadline: planned) { [self] in
            let delay = NIODeadline.now() - planned
            figures.readLateness.record(max(.zero, .nanoseconds(delay.nanoseconds)))
            look(at: planned + Self.lagInterval)
        }
    }

    /// The times of deliveries since the last call.
    func takeDeliveries() async throws -> Histogram<UInt64> {
        try await onLoop { group in
            defer { group.deliveries.reset() }
            return group.deliveries
        }
    }

    // MARK: - From the followers

    func connected(isResumed: Bool) {
        figures.connections += 1
        if isResumed { figures.resumed += 1 }
    }

    /// - Parameter reason: As far as it is known.
    func lost(_ follower: Follower, _ reason: String?) {
        figures.losses += 1
        if let reason { refusal = reason }
        guard follower.isLive, !follower.hasSmallBuffers,
            figures.liveLosses.count < Self.maximumReturns
        else { return }
        figures.liveLosses.append(.now())
    }

    func becameLive(_ after: TimeAmount) {
        guard figures.returns.count < Self.maximumReturns else { return }
        figures.returns.append(Return(at: .now(), after: after))
    }

    /// - Parameter passedOver: Events that the follower was to get and did not.
    func tookSnapshot(_ follower: Follower, _ sequence: UInt64, passedOver: UInt64) {
        figures.snapshots += 1
        figures.snapshotSequences.insert(sequence)
        if !follower.hasSmallBuffers {
            figures.passedOver = figures.passedOver.addingClamped(Int(clamping: passedOver))
        }
    }

    func arrived(_ follower: Follower, _ sequences: ClosedRange<UInt64>) {
        guard !follower.hasSmallBuffers else { return }
        // Who is not live yet makes up for what it has missed.
        if follower.isLive {
            onArrival?(sequences, .now())
        } else {
            figures.madeUp = figures.madeUp.addingClamped(sequences.count)
        }
        guard let publishedAt else { return }
        deliveries.record(UInt64(max(0, (NIODeadline.now() - publishedAt).nanoseconds)))
        waitingCount -= 1
        guard waitingCount == 0 else { return }
        self.publishedAt = nil
        delivered?.succeed()
        delivered = nil
    }

    func found(_ error: String) {
        if broken == nil { broken = Broken(description: error) }
    }
}
