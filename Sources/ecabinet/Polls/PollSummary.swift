import CabinetAPI
import CabinetCodec
import CabinetMapping
import CabinetModel

/// A poll as the server answers for it.
struct PollSummary: Hashable, Sendable {
    let poll: CabinetModel.Poll
    let motion: MotionText
    /// The counts of a poll in progress, as far as they may be seen; `nil` for every other.
    let standing: Standing?

    /// - Throws: `InvalidField` or ``Failure`` where the answer is no poll.
    init(_ message: CabinetAPI.Poll) throws {
        poll = try CabinetModel.Poll(message)
        motion = try MotionText(poll.motion)
        standing = try message.verdict.flatMap { verdict in
            verdict.outcome == .pending ? try Standing(verdict) : nil
        }
    }
}

/// What a motion says.
struct MotionText: Hashable, Sendable {
    let text: String
    let documents: [DocumentSummary]

    /// - Throws: ``Failure`` where the bytes are no motion.
    init(_ motion: CabinetModel.Motion) throws(Failure) {
        let message: CabinetAPI.Motion
        do throws(MessageDecodingError) {
            message = try motion.message()
        } catch {
            throw Failure(malformedAnswer: "the motion cannot be read: \(error)")
        }
        text = message.text
        documents = message.documents.map {
            DocumentSummary(
                title: $0.title,
                mediaType: $0.mediaType,
                sizeBytes: $0.sizeBytes,
                digest: $0.digest
            )
        }
    }

    var json: JSONValue {
        .object([
            .init("text", .string(text)), .init("documents", .array(documents.map(\.json))),
        ])
    }
}

/// A document that a motion or an agenda item refers to.
struct DocumentSummary: Hashable, Sendable {
    let title: String
    let mediaType: String
    let sizeBytes: UInt64
    let digest: [UInt8]

    init(title: String, mediaType: String, sizeBytes: UInt64, digest: [UInt8]) {
        self.title = title
        self.mediaType = mediaType
        self.sizeBytes = sizeBytes
        self.digest = digest
    }

    init(_ document: CabinetModel.DocumentReference) {
        self.init(
            title: document.title.value,
            mediaType: document.mediaType.value,
            sizeBytes: document.sizeBytes,
            digest: document.digest.bytes
        )
    }

    var json: JSONValue {
        .object([
            .init("title", .string(title)), .init("media_type", .string(mediaType)),
            .init("size_bytes", .unsigned(sizeBytes)),
            .init("sha256", .string(Hexadecimal.text(digest))),
        ])
    }

    /// For people, with the whole digest: whoever has the document compares it.
    var line: String { "\(title) (\(mediaType), SHA-256 \(Hexadecimal.text(digest)))" }
}
