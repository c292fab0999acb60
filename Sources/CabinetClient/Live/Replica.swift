/// A state that a server keeps, as a client sees it: followed by itself, as long as the replica is held.
///
/// ``MeetingReplica`` and ``PresenceReplica`` are replicas, and say what they follow.
///
/// ```swift
/// for try await picture in replica.pictures {
///     show(picture.state, picture.condition)
/// }
/// ```
///
/// It connects, follows, and comes back by itself after a lost link, until it is stopped, or nobody holds it
/// any more, or a ``ReplicaError`` ends it. It may be read by any number of tasks, at any time. Each gets the
/// current picture at once, and then the latest whenever there is another one: a slow reader misses
/// pictures, and slows nobody down.
public final class Replica<State: Sendable>: Sendable {
    /// A state, and how current it is.
    public struct Picture: Sendable {
        /// The state after some event, and never between events that belong together. `nil` where there has
        /// not been one yet.
        public internal(set) var state: State?
        public internal(set) var condition: ReplicaCondition
    }

    typealias Latest = LatestValue<Picture, ReplicaError>

    private let latest: Latest
    private let task: Task<Void, Never>

    /// - Parameter follow: Changes the picture until its task is cancelled or an error ends it. It does not
    ///   hold the replica.
    init(_ follow: @escaping @Sendable (Latest) async -> ReplicaError?) {
        let latest = Latest(Picture(state: nil, condition: .connecting))
        self.latest = latest
        // Detached: the calls are not a part of what whoever makes the replica is doing.
        task = Task.detached {
            let error = await follow(latest)
            latest.end(error.map { .failed($0) } ?? .over) { $0.condition = .ended }
        }
    }

    deinit { stop() }

    /// Ends it, and its readers' sequences. What it had last can still be read.
    public func stop() {
        task.cancel()
        latest.end(.over) { $0.condition = .ended }
    }

    /// What it has now.
    public var picture: Picture { latest.value }

    /// What has ended it; `nil` where nothing has, and where it was stopped.
    public var error: ReplicaError? {
        if case .failed(let error)? = latest.end { error } else { nil }
    }

    /// The current picture, and then the latest whenever there is another one.
    ///
    /// It ends when the replica is stopped or the reading task is cancelled, and throws what ends the
    /// replica. Whoever reads holds the replica.
    public var pictures: Pictures { Pictures(replica: self) }

    /// The pictures of a replica, from now on.
    public struct Pictures: AsyncSequence, Sendable {
        fileprivate let replica: Replica

        public func makeAsyncIterator() -> Iterator {
            Iterator(replica: replica)
        }

        public struct Iterator: AsyncIteratorProtocol {
            fileprivate let replica: Replica
            private var version = Latest.Version.beginning

            fileprivate init(replica: Replica) {
                self.replica = replica
            }

            public mutating func next() async throws(ReplicaError) -> Picture? {
                try take(await replica.latest.next(after: version))
            }

            public mutating func next(
                isolation actor: isolated (any Actor)?
            ) async throws(ReplicaError) -> Picture? {
                try take(await replica.latest.next(after: version))
            }

            private mutating func take(_ next: Latest.Next) throws(ReplicaError) -> Picture? {
                switch next {
                case .value(let picture, let version):
                    self.version = version
                    return picture
                case .end(.failed(let error)): throw error
                case .end(.over), .cancelled: return nil
                }
            }
        }
    }
}

extension Replica.Picture: Equatable where State: Equatable {}
