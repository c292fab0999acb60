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

    /// Takes the name away again from what was made.
    ///
    /// - Throws: ``MinutesFileError/leftBehind(path:)`` where it keeps it.
    func withdraw() throws(MinutesFileError) {
        do throws(MinutesFileError) {
            try Self.move(path, to: unfinished, isFolder: isFolder)
        } catch {
            throw .leftBehind(path: path)
        }
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

    // MARK: - Removing

    /// Removes what was made and did not get its name.
    ///
    /// - Returns: Whether nothing is left.
    func removeUnfinished(_ files: Set<BundlePath>) -> Bool { remove(unfinished, files) }

    /// Removes what had the name before.
    ///
    /// - Throws: ``MinutesFileError/leftBehind(path:)`` where something of it is left.
    func removeFormer(_ files: Set<BundlePath>) throws(MinutesFileError) {
        guard remove(former, files) else { throw .leftBehind(path: former) }
    }

    /// Removes minutes: of a folder the files of this list, and then the folders, where they are empty.
    ///
    /// - Returns: Whether nothing is left.
    private func remove(_ path: String, _ files: Set<BundlePath>) -> Bool {
        guard isFolder else { return unlink(path) == 0 || !Self.isThere(path) }
        let flags = O_RDONLY | O_NOFOLLOW | O_DIRECTORY
        if let folder = try? FileDescriptor(path, flags: flags, path: path) {
            Self.empty(folder, "", files)
        }
        return rmdir(path) == 0 || !Self.isThere(path)
    }

    /// Whether there is something. Where a folder could not be made for the sake of its place, removing it
    /// fails in the same way.
    private static func isThere(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
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
