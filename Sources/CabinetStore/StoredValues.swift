/// Names a log: the identifier of its meeting.
public struct LogID: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    public var description: String { text }
}

/// A log, as far as the store knows it.
public struct StoredLog: Hashable, Sendable {
    public let id: LogID
    /// The number of its entries. Their indices are 0 up to this, without a gap.
    public let entryCount: UInt64
    /// The signed note that was stored with its last entry.
    public let checkpoint: [UInt8]

    public init(id: LogID, entryCount: UInt64, checkpoint: [UInt8]) {
        self.id = id
        self.entryCount = entryCount
        self.checkpoint = checkpoint
    }
}

/// An entry of a log, as it was appended.
public struct StoredEntry: Hashable, Sendable {
    public let index: UInt64
    public let bytes: [UInt8]
    /// The leaf hash that was stored beside the bytes (RFC 6962, section 2.1). Where the two do not
    /// agree, it says which entry is damaged. 32 bytes.
    public let leafHash: [UInt8]

    public init(index: UInt64, bytes: [UInt8], leafHash: [UInt8]) {
        self.index = index
        self.bytes = bytes
        self.leafHash = leafHash
    }
}

/// Names the outcome of a command: who gave it, and the idempotency key.
public struct OutcomeKey: Hashable, Sendable {
    /// The principal that gave the command. Keys of different principals do not meet.
    public let principal: String
    /// 16 bytes.
    public let key: [UInt8]

    public init(principal: String, key: [UInt8]) {
        self.principal = principal
        self.key = key
    }
}

/// What became of a command, kept so that the command can be sent again without fear.
public struct StoredOutcome: Hashable, Sendable {
    public let key: OutcomeKey
    /// SHA-256 of the method and the request: another request with the same key is refused.
    public let requestDigest: [UInt8]
    /// The serialized response, or the bytes that it is made of.
    public let response: [UInt8]

    public init(key: OutcomeKey, requestDigest: [UInt8], response: [UInt8]) {
        self.key = key
        self.requestDigest = requestDigest
        self.response = response
    }
}

/// The kinds of records that are kept beside the logs. The raw value is stored.
public enum RecordKind: Int32, Hashable, Sendable, CaseIterable {
    /// A principal of the directory, with its certificates.
    case principal = 1
}

/// A record that is replaced as a whole: no part of any log.
public struct StoredRecord: Hashable, Sendable {
    public let kind: RecordKind
    public let name: String
    public let bytes: [UInt8]

    public init(kind: RecordKind, name: String, bytes: [UInt8]) {
        self.kind = kind
        self.name = name
        self.bytes = bytes
    }
}

/// What is written together, or not at all.
public struct StoreBatch: Hashable, Sendable {
    /// Entries that are appended to one log, and the checkpoint of the log with them.
    public struct Append: Hashable, Sendable {
        public var log: LogID
        /// The bytes and the leaf hash of each; contiguous from the log's number of entries. At least
        /// one.
        public var entries: [StoredEntry]
        public var checkpoint: [UInt8]

        public init(log: LogID, entries: [StoredEntry], checkpoint: [UInt8]) {
            self.log = log
            self.entries = entries
            self.checkpoint = checkpoint
        }
    }

    /// At most one for each log. One that begins at index 0 begins the log.
    public var appends: [Append] = []
    /// Each with a key that no stored outcome has.
    public var outcomes: [StoredOutcome] = []
    /// Replace those with the same kind and name.
    public var records: [StoredRecord] = []

    public init() {}

    public var isEmpty: Bool { appends.isEmpty && outcomes.isEmpty && records.isEmpty }
}
