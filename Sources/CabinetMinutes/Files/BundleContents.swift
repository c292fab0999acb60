public import CabinetTexts

/// What was found in a folder or a tar that is to be a bundle. Nothing about it is verified.
public struct BundleContents: Sendable {
    /// What is in a folder and cannot be of a bundle.
    public struct Foreign: Hashable, Sendable {
        /// What it is.
        public enum Kind: Hashable, Sendable {
            /// A file or a folder under a name that no bundle has.
            case name
            /// A symbolic link. It is not followed.
            case symbolicLink
            /// A device, a pipe or a socket.
            case special
            /// A folder in which there is nothing.
            case emptyFolder
        }

        /// The path in the folder, as far as it is text.
        public let path: String
        public let kind: Kind

        public init(path: String, kind: Kind) {
            self.path = path
            self.kind = kind
        }
    }

    public internal(set) var files: [BundlePath: [UInt8]] = [:]
    public internal(set) var foreign: [Foreign] = []
    /// The folder that the files of a tar are in; `nil` for a folder, which may have any name.
    public internal(set) var folderName: String?
    /// The time of the files of a tar, in seconds since 1970.
    var time: Int64?

    public init() {}

    /// The files of a bundle, as whoever receives them has them.
    public init(_ files: some Sequence<BundleFile>) {
        self.files = Dictionary(files.map { ($0.path, $0.bytes) }, uniquingKeysWith: { $1 })
    }

    /// Reads a tar as ``MinutesBundle/tar()`` writes it.
    ///
    /// - Throws: ``TarError``.
    public init(tar bytes: [UInt8]) throws(TarError) {
        self = try TarReader.read(bytes)
    }
}

extension BundleContents.Foreign {
    /// What it is, for people.
    public func text(in language: Language) -> String {
        let kind =
            switch kind {
            case .name:
                language.text(
                    vi: "không phải tên tệp của biên bản",
                    en: "is no name of a file of minutes"
                )
            case .symbolicLink:
                language.text(vi: "là liên kết tượng trưng", en: "is a symbolic link")
            case .special:
                language.text(vi: "không phải tệp thông thường", en: "is no regular file")
            case .emptyFolder:
                language.text(vi: "là thư mục không có tệp", en: "is a folder without files")
            }
        return "«\(printable(path))» \(kind)"
    }
}

extension BundleContents.Foreign: CustomStringConvertible {
    public var description: String { text(in: .english) }
}
