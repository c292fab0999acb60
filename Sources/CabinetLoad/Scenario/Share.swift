/// The part of a rehearsal that one of its processes plays.
///
/// Members and boards go to the processes in turn, the boards the other way round, so that all have as much
/// as each other within one or two. Everything has the same number in each process, that of the whole
/// rehearsal, so that all make the same plan of it, and each keeps to its part of the plan.
public struct Share: Sendable, Hashable {
    /// Processes of one rehearsal.
    public static let maximumCount = 32

    /// All of it, for the only process.
    public static let whole = Share(unchecked: 0, of: 1)

    /// From 0, which is the process that coordinates the others.
    public let number: Int
    /// Processes, all together.
    public let count: Int

    /// - Returns: `nil` where there is no such process, or there are too many.
    public init?(_ number: Int, of count: Int) {
        guard (1...Self.maximumCount).contains(count), (0..<count).contains(number) else {
            return nil
        }
        self.init(unchecked: number, of: count)
    }

    private init(unchecked number: Int, of count: Int) {
        self.number = number
        self.count = count
    }

    /// The shares of all processes.
    public static func all(_ count: Int) -> [Share] {
        (0..<count).compactMap { Share($0, of: count) }
    }
}

extension Scenario {
    /// The numbers of the members whose devices are a process's.
    public func members(of share: Share) -> [Int] {
        (0..<members).filter { $0 % share.count == share.number }
    }

    /// Those of them who are there to vote.
    public func voters(of share: Share) -> [Int] {
        members(of: share).filter { $0 < present }
    }

    /// The numbers of the boards that are a process's.
    public func boards(of share: Share) -> [Int] {
        (0..<displays).filter { $0 % share.count == share.count - 1 - share.number }
    }

    /// The numbers of those who follow the meeting in a process, among all who do: tablets have that of
    /// their member, and boards come after all tablets.
    public func followers(of share: Share) -> [Int] {
        let first = tablets ? present : 0
        return (tablets ? voters(of: share) : []) + boards(of: share).map { first + $0 }
    }

    /// The numbers of the devices of a process's boards, among those of all processes: no device is that of
    /// two, since keys do not travel.
    public func boardDevices(of share: Share) -> Range<Int> {
        let counts = Share.all(share.count).map { Self.boardDevices(boards(of: $0).count) }
        let first = counts.prefix(share.number).reduce(0, +)
        return first..<first + counts[share.number]
    }

    /// Who takes part in the meeting, where so many processes make the load.
    public func participants(ofProcesses count: Int) -> Int {
        members + Share.all(count).reduce(0) { $0 + boardDevices(of: $1).count }
    }

    /// How many a meeting may have.
    public static let maximumParticipants = Bounds.members.upperBound
}
