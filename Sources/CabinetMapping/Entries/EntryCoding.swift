public import CabinetAPI
internal import CabinetCodec
internal import CabinetLedger
public import CabinetModel

/// Turns entries of the model into the bytes that are stored and hashed, and back.
///
/// An entry is serialized once, by ``serialize(_:)``; from then on those bytes are the entry, and
/// whoever needs it again reads them. It keeps the memory that coding takes: the sequencer has one,
/// and each thread that reads logs.
public struct EntryCoding: ~Copyable {
    /// Bytes of the longest entry (ledger.proto, `LedgerEntry`). No command leads to a longer one.
    public static let maximumBytes = LedgerLimits.maximumEntryBytes

    private var encoder = MessageEncoder()
    private var decoder = MessageDecoder(
        limits: DecodingLimits(
            maxMessageBytes: EntryCoding.maximumBytes,
            maxFieldCount: 4_096,
            maxUnknownFieldCount: 256,
            maxArenaBytes: 1 << 20,
            maxValueBytes: 1 << 20
        )
    )

    public init() {}

    /// The bytes of an entry.
    ///
    /// - Throws: ``EntryError/Problem/tooLong(byteCount:)``. No entry that `decide` makes is too long;
    ///   one that is must not be stored, because no receipt could carry it.
    public mutating func serialize(_ entry: Entry) throws(EntryError) -> [UInt8] {
        let bytes = encoder.encode(LedgerEntry(entry)) { byteCount, write in
            [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, initializedCount in
                initializedCount = write(UnsafeMutableRawBufferPointer(buffer))
            }
        }
        guard bytes.count <= Self.maximumBytes else {
            throw EntryError(at: entry.index, .tooLong(byteCount: bytes.count))
        }
        return bytes
    }

    /// The entry that bytes of a log are. The schema leaves some of it out, which is computed: the
    /// digest of the motion in `PollCreated`, and the voters of a part of a roll.
    ///
    /// Signatures of ballots are not verified again. ``LogReader`` also compares the entry with those
    /// before it.
    ///
    /// - Parameter index: Where the entry is in the log.
    /// - Throws: ``EntryError``.
    public mutating func parse(
        _ bytes: [UInt8],
        at index: UInt64
    ) throws(EntryError) -> Entry {
        guard bytes.count <= Self.maximumBytes else {
            throw EntryError(at: index, .tooLong(byteCount: bytes.count))
        }
        let message: LedgerEntry
        do {
            message = try decoder.decode(LedgerEntry.self, from: bytes)
        } catch {
            throw EntryError(at: index, .undecodable(error))
        }
        guard message.index == index else {
            throw EntryError(at: index, .otherIndex(message.index))
        }
        guard let body = message.body else { throw EntryError(at: index, .unknownBody) }
        do {
            return try Entry(message, body)
        } catch {
            throw EntryError(at: index, .field(error))
        }
    }
}

// MARK: - To messages

extension LedgerEntry {
    /// The message of an entry.
    public init(_ entry: Entry) {
        self.init(
            index: entry.index,
            timeUnixMs: entry.time.unixMilliseconds,
            actor: CabinetAPI.Actor(entry.author),
            commandKey: entry.commandKey?.bytes ?? [],
            body: EntryMessage(entry.body)
        )
    }
}

extension CabinetAPI.Actor {
    init(_ author: Author) {
        switch author {
        case .server:
            self.init()
        case .principal(let id, let key, let role):
            self.init(
                principalID: id.text,
                transportKeyFingerprint: key.bytes,
                role: Role(role)
            )
        }
    }
}

extension EntryMessage {
    init(_ body: EntryBody) {
        switch body {
        case .fact(let fact):
            self.init(fact)
        case .ballotCast(let ballot, let place):
            self = .ballotCast(BallotCast(ballot: ballot.message, place: Place(place)))
        case .tieDecided(let ballot):
            self = .tieDecided(TieDecided(ballot: ballot.message))
        case .verdictReached(let id, let verdict):
            self = .verdictReached(VerdictReached(pollID: id.text, verdict: Verdict(verdict)))
        }
    }
}

// MARK: - From messages

extension Entry {
    fileprivate init(_ message: LedgerEntry, _ body: EntryMessage) throws(InvalidField) {
        let key =
            message.commandKey.isEmpty
            ? nil : try field("command_key", try CommandKey(message.commandKey))
        self.init(
            index: message.index,
            time: try field("time_unix_ms", try Moment(unixMilliseconds: message.timeUnixMs)),
            author: try nested("actor", try Author(required("", message.actor))),
            commandKey: key,
            body: try EntryBody(body)
        )
        try checkKey()
    }

    /// The server acts without a key, a principal with one, and a ballot's is its id.
    private func checkKey() throws(InvalidField) {
        guard (commandKey == nil) == (author == .server) else {
            throw InvalidField("command_key", "it is there where a principal acted")
        }
        switch body {
        case .ballotCast(let ballot, _), .tieDecided(let ballot):
            guard commandKey == CommandKey(ballot.statement.ballot) else {
                throw InvalidField("command_key", "it is the id of the ballot")
            }
        case .fact, .verdictReached:
            break
        }
    }
}

extension Author {
    fileprivate init(_ message: CabinetAPI.Actor) throws(InvalidField) {
        guard !message.principalID.isEmpty else {
            guard message == CabinetAPI.Actor() else {
                throw InvalidField("principal_id", "it is there where key or role are")
            }
            self = .server
            return
        }
        self = .principal(
            try field("principal_id", try PrincipalID(message.principalID)),
            transportKey: try field(
                "transport_key_fingerprint",
                try KeyFingerprint(message.transportKeyFingerprint)
            ),
            role: try field("role", try knownOrUnspecified(message.role))
        )
    }
}

extension EntryBody {
    fileprivate init(_ message: EntryMessage) throws(InvalidField) {
        switch message {
        case .ballotCast(let message):
            self = try nested("ballot_cast", try EntryBody(message))
        case .tieDecided(let message):
            self = try nested("tie_decided", try EntryBody(message))
        case .verdictReached(let message):
            self = try nested("verdict_reached", try EntryBody(message))
        default:
            guard let fact = try Fact(message, in: .entry) else {
                throw InvalidField("", "the body is one that this version knows")
            }
            self = .fact(fact)
        }
    }

    private init(_ message: BallotCast) throws(InvalidField) {
        let ballot = try nested(
            "ballot",
            try VerifiedBallot(recorded: required("", message.ballot))
        )
        guard case .vote = ballot.statement.purpose else {
            throw InvalidField("ballot.statement.purpose", "it is VOTE")
        }
        self = .ballotCast(ballot, from: try field("place", try known(message.place)))
    }

    private init(_ message: TieDecided) throws(InvalidField) {
        let ballot = try nested(
            "ballot",
            try VerifiedBallot(recorded: required("", message.ballot))
        )
        guard case .tie = ballot.statement.purpose else {
            throw InvalidField("ballot.statement.purpose", "it is TIE")
        }
        self = .tieDecided(ballot)
    }

    private init(_ message: VerdictReached) throws(InvalidField) {
        self = .verdictReached(
            try field("poll_id", try PollID(message.pollID)),
            try nested("verdict", try Verdict(required("", message.verdict)))
        )
    }
}
