#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Reads a folder that is to be a bundle. No symbolic link in it is followed: every name is opened in the
/// folder that is open already.
struct FolderReader {
    private var contents = BundleContents()
    private var byteCount = 0
    private var nameCount = 0
    private let root: String

    /// - Parameter folder: Open.
    /// - Throws: ``MinutesFileError``.
    static func read(
        _ folder: borrowing FileDescriptor,
        path: String
    ) throws(MinutesFileError) -> BundleContents {
        var reader = FolderReader(root: path)
        _ = try reader.read(folder, at: "")
        reader.contents.foreign.sort { $0.path < $1.path }
        return reader.contents
    }

    private init(root: String) {
        self.root = root
    }

    /// - Returns: Whether there was anything in it.
    private mutating func read(
        _ folder: borrowing FileDescriptor,
        at prefix: String
    ) throws(MinutesFileError) -> Bool {
        let names = try folder.names(limit: MinutesLimits.fileCount)
        for name in names {
            nameCount += 1
            guard nameCount <= MinutesLimits.fileCount else { throw .tooLarge(path: root) }
            try take(name, in: folder, at: prefix)
        }
        return !names.isEmpty
    }

    private mutating func take(
        _ name: [UInt8],
        in folder: borrowing FileDescriptor,
        at prefix: String
    ) throws(MinutesFileError) {
        let text = String(decoding: name, as: UTF8.self)
        let place = prefix + text
        guard BundlePath.isName(name), let path = BundlePath(place) else {
            contents.foreign.append(BundleContents.Foreign(path: place, kind: .name))
            return
        }
        let file: FileDescriptor
        do throws(MinutesFileError) {
            // A pipe that nobody writes is not waited for.
            let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK
            file = try FileDescriptor(
                text,
                in: folder.number,
                flags: flags,
                path: "\(root)/\(place)"
            )
        } catch {
            guard let kind = Self.kind(of: error) else { throw error }
            contents.foreign.append(BundleContents.Foreign(path: place, kind: kind))
            return
        }
        switch try file.kind() {
        case .special:
            contents.foreign.append(BundleContents.Foreign(path: place, kind: .special))
        case .folder:
            guard try read(file, at: place + "/") else {
                contents.foreign.append(
                    BundleContents.Foreign(path: place, kind: .emptyFolder)
                )
                return
            }
        case .file:
            let limit = min(MinutesLimits.fileBytes, MinutesLimits.bundleBytes - byteCount)
            let bytes = try file.contents(limit: limit)
            byteCount += bytes.count
            contents.files[path] = bytes
        }
    }

    /// What cannot be opened for what it is; `nil` where it is something else.
    private static func kind(of error: MinutesFileError) -> BundleContents.Foreign.Kind? {
        guard case .system(_, _, let code) = error else { return nil }
        switch code {
        case ELOOP: return .symbolicLink
        case ENXIO: return .special
        default: return nil
        }
    }
}
