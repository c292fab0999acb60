import CabinetAPI
import CabinetCrypto
import Foundation

/// A document on the command line: a file that stays where it is. What is sent of it is its name, its length
/// and its digest.
enum DocumentFile {
    /// Documents of a meeting are for people to read.
    private static let maxBytes: UInt64 = 1 << 30

    private static let mediaTypes = [
        "pdf": "application/pdf",
        "doc": "application/msword",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls": "application/vnd.ms-excel",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "odt": "application/vnd.oasis.opendocument.text",
        "txt": "text/plain",
        "html": "text/html",
        "png": "image/png",
        "jpg": "image/jpeg",
    ]

    static func references(_ paths: [String]) throws(Failure) -> [DocumentReference] {
        try paths.map { path throws(Failure) in try reference(path) }
    }

    private static func reference(_ path: String) throws(Failure) -> DocumentReference {
        let url = URL(fileURLWithPath: path)
        let (digest, size) = try digest(path)
        guard size > 0 else {
            throw Failure(
                .badData,
                "DOCUMENT_EMPTY",
                Phrase("\(path) is empty", vi: "tệp \(path) trống"),
                advice: Phrase("is it the right file?", vi: "có đúng tệp không?")
            )
        }
        return DocumentReference(
            title: url.lastPathComponent.precomposedStringWithCanonicalMapping,
            digest: digest.bytes,
            mediaType: mediaTypes[url.pathExtension.lowercased()] ?? "application/octet-stream",
            sizeBytes: size
        )
    }

    private static func digest(_ path: String) throws(Failure) -> (SHA256Digest, UInt64) {
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            var hasher = SHA256Hasher()
            var size: UInt64 = 0
            while let part = try file.read(upToCount: 1 << 16), !part.isEmpty {
                let bytes = [UInt8](part)
                hasher.update(bytes.span)
                size += UInt64(bytes.count)
                guard size <= maxBytes else {
                    throw Failure(
                        .badData,
                        "FILE_TOO_LONG",
                        Phrase(
                            "\(path) has more than \(maxBytes) bytes",
                            vi: "\(path) dài hơn \(maxBytes) byte"
                        ),
                        advice: Phrase("is it the right file?", vi: "có đúng tệp không?")
                    )
                }
            }
            return (hasher.finish(), size)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(cannotRead: path, error)
        }
    }
}
