/// An upper bound of the bytes that a meeting's snapshot takes once it is serialized.
///
/// A snapshot has at most 1 MiB (live.proto, `MeetingSnapshot`), and the commands that make it grow
/// are refused before they pass that. What grows later without such a command, as a poll's verdict,
/// the reason of its voiding, or the roll in progress, is counted from the beginning. The constants
/// are the longest encodings of all other fields, tags and lengths, rounded up.
struct SnapshotBudget {
    private let byteCount: Int

    init(
        _ proceedings: Proceedings,
        participants: [Participant]? = nil,
        agenda: [AgendaItem]? = nil,
        polls: [Poll]? = nil
    ) {
        let participants = participants ?? proceedings.attendees.values.map(\.participant)
        let rollCount = proceedings.pollInProgress?.roll.roll.voters.count ?? 0
        let memberCount = participants.count { $0.membership != nil }
        byteCount =
            Self.fixedBytes
            + participants.reduce(0) { $0 + Self.bytes(of: $1) }
            + max(rollCount, memberCount) * Self.bytesOfVoter
            + (agenda ?? proceedings.agenda.items).reduce(0) { $0 + Self.bytes(of: $1) }
            + (polls ?? proceedings.polls).reduce(0) { $0 + Self.bytes(of: $1) }
    }

    /// - Throws: ``Rejection/limitReached(_:maximum:)``.
    func check() throws(Rejection) {
        guard byteCount <= Limits.snapshotBytes else {
            throw .limitReached(.snapshotBytes, maximum: Limits.snapshotBytes)
        }
    }

    /// The meeting, the log's first entry, and what surrounds the lists.
    private static let fixedBytes = 2_048

    /// A voter on the roll in progress: identifier, weight, 4 keys, mark and place.
    private static let bytesOfVoter = 224

    /// Fields of a participant but its texts and keys.
    private static let bytesOfParticipant = 64

    /// 4 keys, whether there are as many or not: admitting a member again may bring them.
    private static let bytesOfKeys = 136

    /// Fields of an agenda item but its texts, and of a document but its texts.
    private static let bytesOfItem = 32
    private static let bytesOfDocument = 72

    /// Fields of a poll but identifiers and motion: digests, rule, times, verdict, and the 512 bytes
    /// that voiding it may bring.
    private static let bytesOfPoll = 1_152

    private static func bytes(of participant: Participant) -> Int {
        bytesOfParticipant
            + participant.id.text.utf8.count
            + participant.displayName.byteCount
            + (participant.office?.byteCount ?? 0)
            + (participant.membership == nil ? 0 : bytesOfKeys)
    }

    private static func bytes(of item: AgendaItem) -> Int {
        item.documents.reduce(
            bytesOfItem
                + item.id.text.utf8.count
                + item.title.byteCount
                + (item.reportingOffice?.byteCount ?? 0)
        ) { $0 + bytesOfDocument + $1.title.byteCount + $1.mediaType.byteCount }
    }

    private static func bytes(of poll: Poll) -> Int {
        bytesOfPoll
            + poll.id.text.utf8.count
            + poll.agendaItem.text.utf8.count
            + poll.motion.bytes.count
    }
}
