/// The limits of a meeting, each with its reason. Those that clients see are in `cabinet.v1`.
public enum Limits {
    /// Bytes of an identifier (common.proto). Long enough for a UUID with a prefix, short enough for
    /// a list of 600 members in one TLS record's worth of parts.
    public static let identifierBytes = 1...64

    /// Participants of a meeting (live.proto): a snapshot holds all of them.
    public static let participants = 800

    /// Members of a meeting, and so the length of a roll (voting.proto). A national assembly fits.
    public static let members = 600

    /// Principals in one admission (meeting.proto): a whole body at once.
    public static let admissions = 1...600

    /// Participants in one entry (directory.proto): 16 of the longest stay below an entry's 12,288
    /// bytes.
    public static let participantsPerEntry = 16

    /// Agenda items (meeting.proto): a snapshot holds all of them.
    public static let agendaItems = 100

    /// Documents of an agenda item (meeting.proto): the item stays below an entry's 12,288 bytes.
    public static let documentsPerItem = 16

    /// Polls of a meeting, drafts and voided ones included (live.proto): a snapshot holds all of
    /// them.
    public static let polls = 200

    /// Bytes of a serialized motion (voting.proto): an entry holds it beside rule and digests.
    public static let motionBytes = 1...8_192

    /// Bytes of one part of a serialized roll (voting.proto): an entry holds it.
    public static let rollPartBytes = 1...10_240

    /// Parts of a roll (voting.proto): 600 of the longest voters take 13 parts.
    public static let rollParts = 1...16

    /// Principals of a directory (directory.proto). With two certificates each they take some 20 MB of
    /// memory; none is ever removed.
    public static let principals = 10_000

    /// Certificates of a principal, revoked ones included (directory.proto): with them, the principal
    /// stays below the longest message, 65,536 bytes.
    public static let certificatesPerPrincipal = 12

    /// Bytes of a text that is looked for in the directory (directory.proto).
    public static let searchBytes = 1...128

    /// Keys that a member may sign with (directory.proto): a tablet, a telephone, a smart card and
    /// one spare.
    public static let signingKeys = 4

    /// A member's weight (directory.proto). With 600 members every sum stays below 2³².
    public static let weight: ClosedRange<UInt32> = 1...1_000

    /// Denominators of a fraction (common.proto). Products with any weight stay below 2⁶⁴.
    public static let denominator: ClosedRange<UInt32> = 1...1_000

    /// Milliseconds of a poll's timer (voting.proto): from a second to a day.
    public static let pollDurationMilliseconds: ClosedRange<UInt32> = 1_000...86_400_000

    /// Bytes of a title of a meeting or an agenda item (meeting.proto).
    public static let titleBytes = 1...512

    /// Bytes of a display name (directory.proto).
    public static let displayNameBytes = 1...128

    /// Bytes of an office, where there is one (directory.proto, meeting.proto).
    public static let officeBytes = 1...256

    /// Bytes of a document's title (common.proto).
    public static let documentTitleBytes = 1...256

    /// Bytes of a media type (common.proto).
    public static let mediaTypeBytes = 3...64

    /// Bytes of the reason of a voided poll (voting.proto) or a restored log (ledger.proto).
    public static let explanationBytes = 1...512

    /// Bytes of the reason of a revocation (directory.proto).
    public static let revocationReasonBytes = 1...256

    /// Bytes of a log's origin (ledger.proto).
    public static let originBytes = 1...255

    /// Bytes of a ballot statement (voting.proto): the longest has about 300.
    public static let statementBytes = 1...512

    /// Bytes of a signature (voting.proto): RSA with 4,096 bits has 512.
    public static let signatureBytes = 1...512

    /// Bytes of a certificate (directory.proto, voting.proto): an entry holds a signer's with the
    /// statement.
    public static let certificateBytes = 1...4_096

    /// Check-ins and check-outs that a participant records of itself in a meeting (meeting.proto): a day
    /// with one every few minutes. Nobody can fill a log with them; a secretary's do not count.
    public static let attendanceChanges = 200

    /// Ballots of a member in a poll (voting.proto): nobody can fill a log by changing its mind.
    public static let ballotsOfMember: UInt32 = 20

    /// Bytes of a serialized snapshot (live.proto): what a tablet that joins has to receive.
    public static let snapshotBytes = 1_048_576
}
