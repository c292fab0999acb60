public import CabinetAPI
public import CabinetCodec
public import CabinetModel

extension CabinetModel.Motion {
    /// A motion whose bytes are there already, in a log or an event: they are hashed as they are, and
    /// not parsed.
    ///
    /// - Throws: `InvalidValue` where there are not 1…8,192 bytes.
    public init(serialized bytes: [UInt8]) throws(InvalidValue) {
        try self.init(bytes: bytes, digest: Digest(Domain.motion, bytes))
    }

    /// A motion that comes with its digest, which has to be that of the bytes.
    init(_ bytes: [UInt8], digest: [UInt8]) throws(InvalidField) {
        try self = field("motion", try Motion(serialized: bytes))
        let given = try field("motion_digest", try Digest(digest))
        guard given == self.digest else {
            throw InvalidField("motion_digest", "it is the digest of the motion")
        }
    }

    /// A motion of a request, serialized: the one time that this is done with it.
    ///
    /// - Throws: ``InvalidField`` where the text does not have 1…4,096 bytes, has control characters
    ///   other than line feed, or is not in NFC, or where a document does not map.
    public init(serializing message: CabinetAPI.Motion) throws(InvalidField) {
        try field("text", try checkMotionText(message.text))
        guard message.documents.count <= MotionLimits.documents else {
            throw InvalidField("documents", "a motion has at most 8 documents")
        }
        _ = try repeated("documents", message.documents) { document throws(InvalidField) in
            try DocumentReference(document, from: .request)
        }
        self = try field("", try Motion(serialized: message.serialized()))
    }

    /// What the motion says.
    ///
    /// - Throws: `MessageDecodingError` where the bytes, which nobody parsed before, are no motion.
    public func message() throws(MessageDecodingError) -> CabinetAPI.Motion {
        try CabinetAPI.Motion(serialized: bytes)
    }
}

private enum MotionLimits {
    /// Bytes of a motion's text (voting.proto).
    static let textBytes = 1...4_096
    /// Documents of a motion (voting.proto).
    static let documents = 8
}

private func checkMotionText(_ text: String) throws(InvalidValue) {
    guard MotionLimits.textBytes.contains(text.utf8.count) else {
        throw InvalidValue("the text has 1 to 4,096 bytes")
    }
    let hasControls = text.unicodeScalars.contains {
        $0 != "\n" && $0.properties.generalCategory == .control
    }
    guard !hasControls else {
        throw InvalidValue("the text has no control characters but line feed")
    }
    try requireNFC(text)
}
