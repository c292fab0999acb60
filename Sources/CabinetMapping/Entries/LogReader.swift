public import CabinetModel

/// Reads the entries of a log one after the other, from the first, and checks that each can be the
/// next: what the Merkle tree does not say, because it would hash nonsense as well.
///
/// - Indices are contiguous, and no time is before the one before.
/// - The log begins with `LogOpened`, and nothing else of it does.
/// - No epoch is used twice.
/// - The roll of a poll comes whole before its opening, with the digest, the number of voters and the
///   weight that the opening says.
public struct LogReader: ~Copyable {
    /// The index of the next entry.
    public private(set) var nextIndex: UInt64 = 0

    private let verifiesSignatures: Bool
    private var coding = EntryCoding()
    private var lastTime: Moment?
    private var epochs: Set<Epoch> = []
    private var roll = RollAssembly()

    /// - Parameter verifiesSignatures: Whether the signature of every ballot is verified once more.
    ///   A server that starts trusts its own log, once the root hash is that of its checkpoint; an
    ///   auditor trusts nobody.
    public init(verifiesSignatures: Bool) {
        self.verifiesSignatures = verifiesSignatures
    }

    /// The next entry.
    ///
    /// - Throws: ``EntryError``. Nothing after it can be read.
    public mutating func next(_ bytes: [UInt8]) throws(EntryError) -> Entry {
        let entry = try coding.parse(bytes, at: nextIndex)
        if let lastTime, entry.time < lastTime {
            throw outOfOrder("no time is before that of the entry before")
        }
        try checkBeginning(entry)
        try checkRoll(entry)
        if verifiesSignatures { try verify(entry) }
        lastTime = entry.time
        nextIndex &+= 1
        return entry
    }

    private mutating func checkBeginning(_ entry: Entry) throws(EntryError) {
        switch entry.body {
        case .fact(.logOpened(let log)):
            guard nextIndex == 0 else { throw outOfOrder("a log is opened once") }
            epochs = [log.epoch]
        case _ where nextIndex == 0:
            throw outOfOrder("a log begins with LogOpened")
        case .fact(.logRestored(let epoch, _)):
            guard epochs.insert(epoch).inserted else {
                throw outOfOrder("no epoch is used twice")
            }
        default:
            break
        }
    }

    private mutating func checkRoll(_ entry: Entry) throws(EntryError) {
        do {
            if case .fact(let fact) = entry.body {
                try roll.take(fact)
            } else {
                try roll.take(nil)
            }
        } catch {
            throw outOfOrder(error.rule)
        }
    }

    private func verify(_ entry: Entry) throws(EntryError) {
        switch entry.body {
        case .ballotCast(let ballot, _), .tieDecided(let ballot):
            do {
                try ballot.verifySignature()
            } catch {
                throw outOfOrder("the ballot verifies: \(error)")
            }
        case .fact, .verdictReached:
            break
        }
    }

    private func outOfOrder(_ rule: String) -> EntryError {
        EntryError(at: nextIndex, .outOfOrder(rule: rule))
    }
}
