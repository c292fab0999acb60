#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Where minutes are to be, where they are made before, and where goes what they replace.
struct WritingTarget {
    let path: String
    let parent: String
    let isFolder: Bool
    /// Where it is made.
    let unfinished: String
    /// Where goes what it replaces.
    let former: String

    /// - Throws: ``MinutesFileError/unusable(path:)``.
    init(_ path: String, isFolder: Bool) throws(MinutesFileError) {
        var trimmed = path[...]
        while isFolder, trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        let cut = trimmed.lastIndex(of: "/")
        let name = cut.map { trimmed[trimmed.index(after: $0)...] } ?? trimmed
        guard !name.isEmpty, name != ".", name != "..", !path.utf8.contains(0) else {
            throw .unusable(path: path)
        }
        self.path = String(trimmed)
        let folder = cut.map { String(trimmed[...$0]) } ?? "./"
        parent = folder
        self.isFolder = isFolder
        let tag = "\(getpid())-\(UInt32.random(in: .min ... .max))"
        unfinished = "\(folder).\(name).\(tag).part"
        former = "\(folder).\(name).\(tag).old"
    }

    /// Whether anything has the name.
    var isThere: Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    // MARK: - Names

    /// Gives what was made its name, where nothing has it.
    ///
    /// - Throws: ``MinutesFileError/exists(path:)`` where something has come meanwhile: it is left alone.
    func claim() throws(MinutesFileError) {
        try Self.move(unfinished, to: path, isFolder: isFolder)
    }

    /// Gives the name back to what had it before.
    ///
    /// - Throws: ``MinutesFileError/leftBehind(path:)`` where something else has it by now.
    func restore() throws(MinutesFileError) {
        do throws(MinutesFileError) {
            try Self.move(former, to: path, isFolder: isFolder)
        } catch {
            throw .leftBehind(path: former)
        }
    }

    /// Renames, and replaces nothing. Where rename(2) alone is, it may replace an empty folder, which is ours:
    /// a folder takes the name first that mkdir(2) makes. For a file link(2) does it; some file systems have
    /// no links.
    private static func move(
        _ old: String,
        to new: String,
        isFolder: Bool
    ) throws(MinutesFileError) {
        if isFolder {
            guard mkdir(new, 0o700) == 0 else { throw MinutesFileError(.rename, new, errno) }
        } else {
            if link(old, new) == 0 {
                unlink(old)
                return
            }
            var status = stat()
            let code = errno
            guard [EPERM, EOPNOTSUPP, ENOSYS].contains(code), lstat(new, &status) != 0 else {
                throw MinutesFileError(.rename, new, code)
            }
        }
        guard rename(old, new) == 0 else {
            let code = errno
            if isFolder { rmdir(new) }
            throw MinutesFileError(.rename, new, code)
        }
    }

    // MARK: - What is replaced

    /// The files of minutes that may be replaced.
    ///
    /// - Parameter path: Where they are.
    /// - Throws: ``MinutesFileError/notMinutes(path:)``, and ``MinutesFileError/foreignFile(_:in:)`` where
    ///   something is with them that their manifest does not list. Both name the target.
    func formerFiles(at path: String) throws(MinutesFileError) -> Set<BundlePath> {
        do throws(MinutesFileError) {
            let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK
            let file = try FileDescriptor(path, flags: flags, path: self.path)
            switch try file.kind() {
            case .folder where isFolder:
                return try minutes(in: file)
            case .file where !isFolder:
                guard try Self.isTar(file) else { throw .notMinutes(path: self.path) }
                return []
            case .file, .folder, .special:
                throw .notMinutes(path: self.path)
            }
        } catch .system(.open, _, let code) where code == ELOOP || code == ENXIO {
            throw .notMinutes(path: self.path)
        }
    }

    private func minutes(
        in folder: borrowing FileDescriptor
    ) throws(MinutesFileError) -> Set<BundlePath> {
        let found = try FolderReader.list(folder, path: path)
        let names = [Manifest.name, "bundle.json"].compactMap { BundlePath($0) }
        guard names.allSatisfy({ found.files[$0] != nil }) else { throw .notMinutes(path: path) }
        let file = try FileDescriptor(
            Manifest.name,
            in: folder.number,
            flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK,
            path: path
        )
        guard
            let manifest = try? Manifest(
                parsing: file.contents(limit: MinutesLimits.manifestBytes)
            )
        else { throw .notMinutes(path: path) }
        var files = Set(manifest.digests.map(\.path))
        files.formUnion(names.prefix(1))
        let foreign =
            found.foreign.map(\.path) + found.files.keys.filter { !files.contains($0) }.map(\.text)
        if let first = foreign.min() { throw .foreignFile(first, in: path) }
        return files
    }

    /// Whether a file begins as the tars of minutes do (proto/minutes.md).
    private static func isTar(
        _ file: borrowing FileDescriptor
    ) throws(MinutesFileError) -> Bool {
        let bytes = try file.beginning(262)
        return bytes.starts(with: "minutes-".utf8)
            && bytes.dropFirst(257).elementsEqual("ustar".utf8)
    }

    // MARK: - Removing

    /// Removes what was made and did not get its name.
    func removeUnfinished(_ files: Set<BundlePath>) {
        _ = remove(unfinished, files)
    }

    /// Removes minutes: of a folder the files of this list, and then the folders, where they are empty.
    ///
    /// - Returns: Whether nothing is left.
    func remove(_ path: String, _ files: Set<BundlePath>) -> Bool {
        guard isFolder else { return unlink(path) == 0 || errno == ENOENT }
        let flags = O_RDONLY | O_NOFOLLOW | O_DIRECTORY
        guard let folder = try? FileDescriptor(path, flags: flags, path: path) else { return false }
        Self.empty(folder, "", files)
        return rmdir(path) == 0
    }

    /// No symbolic link is followed: every name is opened in the folder that is open already.
    private static func empty(
        _ folder: borrowing FileDescriptor,
        _ prefix: String,
        _ files: Set<BundlePath>
    ) {
        for name in (try? folder.names(limit: MinutesLimits.fileCount)) ?? [] {
            let text = String(decoding: name, as: UTF8.self)
            guard let path = BundlePath(prefix + text) else { continue }
            if files.contains(path) {
                unlinkat(folder.number, text, 0)
                continue
            }
            let flags = O_RDONLY | O_NOFOLLOW | O_DIRECTORY
            guard
                let inner = try? FileDescriptor(text, in: folder.number, flags: flags, path: text)
            else { continue }
            empty(inner, prefix + text + "/", files)
            unlinkat(folder.number, text, AT_REMOVEDIR)
        }
    }
}
