internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Writes minutes onto a disk: a folder, a tar, or both beside each other.
///
/// They are made under another name in the same folder, brought onto the disk, and then get their name: so
/// they are there as a whole or not at all. Where they replace others, and the machine stops in the very
/// moment between two names, the others are left under a hidden one. They say how members voted, and are for their owner alone
/// (modes 0700 and 0600): whoever hands them on widens that.
public struct MinutesWriter: Sendable {
    /// Whether minutes that are there already are replaced.
    public let replacesMinutes: Bool

    /// What the system is to say instead of doing something, for tests; `nil` where it does it.
    var fault: @Sendable (MinutesFileError.Operation) -> Int32? = { _ in nil }

    public init(replacesMinutes: Bool = false) {
        self.replacesMinutes = replacesMinutes
    }

    /// Writes a folder.
    ///
    /// - Parameters:
    ///   - path: Of the folder. What it is in has to be there.
    ///   - withTar: Whether a tar is written beside it, under the same name with `.tar` behind it.
    /// - Throws: ``MinutesFileError``. Nothing of it is there then, and what was there still is; only where
    ///   the names do not get onto the disk all is there.
    public func write(
        _ bundle: MinutesBundle,
        folder path: String,
        withTar: Bool = false
    ) throws(MinutesFileError) {
        let folder = try Target(path, isFolder: true)
        let tar: Target? = withTar ? try Target(folder.path + ".tar", isFolder: false) : nil
        try check(folder)
        if let tar { try check(tar) }
        defer {
            folder.removeUnfinished()
            tar?.removeUnfinished()
        }
        try makeFolder(of: bundle.files, for: folder)
        if let tar { try makeFile(Self.tar(of: bundle), for: tar) }
        let placement = try placeFolder(folder)
        if let tar {
            do throws(MinutesFileError) {
                try placeFile(tar)
            } catch {
                placement.undo()
                throw error
            }
        }
        placement.finish()
        try synchronize(folder.parent)
    }

    /// Writes a tar alone.
    ///
    /// - Throws: ``MinutesFileError``, as for a folder.
    public func write(_ bundle: MinutesBundle, tar path: String) throws(MinutesFileError) {
        let tar = try Target(path, isFolder: false)
        try check(tar)
        defer { tar.removeUnfinished() }
        try makeFile(Self.tar(of: bundle), for: tar)
        try placeFile(tar)
        try synchronize(tar.parent)
    }

    private static func tar(of bundle: MinutesBundle) throws(MinutesFileError) -> [UInt8] {
        do throws(MinutesError) {
            return try bundle.tar()
        } catch {
            throw .bundle(error)
        }
    }

    // MARK: - Making

    /// - Throws: ``MinutesFileError``, which names the folder that was asked for.
    private func makeFolder(
        of files: [BundleFile],
        for target: Target
    ) throws(MinutesFileError) {
        do throws(MinutesFileError) {
            try makeFolder(of: files, at: target.unfinished)
        } catch {
            throw error.at(target.path)
        }
    }

    private func makeFile(_ bytes: [UInt8], for target: Target) throws(MinutesFileError) {
        do throws(MinutesFileError) {
            try makeFile(bytes, at: target.unfinished)
        } catch {
            throw error.at(target.path)
        }
    }

    private func makeFolder(
        of files: [BundleFile],
        at path: String
    ) throws(MinutesFileError) {
        try makeFolder(path)
        var folders: [String] = []
        var made: Set<String> = []
        for file in files {
            for folder in file.path.folders where made.insert(folder).inserted {
                try makeFolder("\(path)/\(folder)")
                folders.append(folder)
            }
            try makeFile(file.bytes, at: "\(path)/\(file.path)")
        }
        for folder in folders.reversed() {
            try synchronize("\(path)/\(folder)")
        }
        try synchronize(path)
    }

    private func makeFolder(_ path: String) throws(MinutesFileError) {
        try fail(.makeFolder, path)
        guard mkdir(path, 0o700) == 0 else { throw MinutesFileError(.makeFolder, path, errno) }
    }

    private func makeFile(_ bytes: [UInt8], at path: String) throws(MinutesFileError) {
        try fail(.create, path)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
        let file = try FileDescriptor(path, flags: flags, .create, path: path)
        try fail(.write, path)
        try file.write(bytes)
        try fail(.synchronize, path)
        try file.synchronize()
    }

    private func synchronize(_ path: String) throws(MinutesFileError) {
        try fail(.synchronize, path)
        let folder = try FileDescriptor(path, flags: O_RDONLY | O_DIRECTORY, path: path)
        try folder.synchronize()
    }

    private func fail(
        _ operation: MinutesFileError.Operation,
        _ path: String
    ) throws(MinutesFileError) {
        if let code = fault(operation) { throw MinutesFileError(operation, path, code) }
    }

    // MARK: - Placing

    /// - Throws: ``MinutesFileError/exists(path:)``, ``MinutesFileError/notMinutes(path:)``.
    private func check(_ target: Target) throws(MinutesFileError) {
        guard target.isThere else { return }
        guard replacesMinutes else { throw .exists(path: target.path) }
        guard target.isMinutes else { throw .notMinutes(path: target.path) }
    }

    /// Gives a folder its name, and says how to go back. A folder takes no other's place but an empty
    /// one's: what is there is moved away before.
    private func placeFolder(_ target: Target) throws(MinutesFileError) -> Placement {
        try fail(.rename, target.path)
        let hasFormer = target.isThere
        // It may have come since this was looked at first.
        guard replacesMinutes || !hasFormer else { throw .exists(path: target.path) }
        if hasFormer, rename(target.path, target.former) != 0 {
            throw MinutesFileError(.rename, target.path, errno)
        }
        guard rename(target.unfinished, target.path) == 0 else {
            let code = errno
            if hasFormer { _ = rename(target.former, target.path) }
            throw MinutesFileError(.rename, target.path, code)
        }
        return Placement(target: target, hasFormer: hasFormer)
    }

    /// Gives a file its name. Where nothing is to be replaced a link does it, which replaces nothing; some
    /// file systems have none.
    private func placeFile(_ target: Target) throws(MinutesFileError) {
        try fail(.rename, target.path)
        if !replacesMinutes {
            if link(target.unfinished, target.path) == 0 { return }
            let code = errno
            if code == EEXIST { throw .exists(path: target.path) }
            guard [EPERM, EOPNOTSUPP, ENOSYS].contains(code), !target.isThere else {
                throw MinutesFileError(.rename, target.path, code)
            }
        }
        guard rename(target.unfinished, target.path) == 0 else {
            throw MinutesFileError(.rename, target.path, errno)
        }
    }
}

/// A folder that has its name now, and what had it before.
private struct Placement {
    let target: Target
    let hasFormer: Bool

    /// Lets go of what was there before.
    func finish() {
        if hasFormer { Target.remove(target.former) }
    }

    /// Goes back to what was there before.
    func undo() {
        Target.remove(target.path)
        if hasFormer { _ = rename(target.former, target.path) }
    }
}

/// Where something is to be, and where it is before.
private struct Target {
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

    private var status: stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }

    var isThere: Bool { status != nil }

    /// Whether what is there looks like minutes, and may so be replaced.
    var isMinutes: Bool {
        guard let status else { return false }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            return isFolder
                && ["bundle.json", Manifest.name].allSatisfy { name in
                    var status = stat()
                    return lstat("\(path)/\(name)", &status) == 0
                        && status.st_mode & S_IFMT == S_IFREG
                }
        case S_IFREG: return !isFolder && beginsAsMinutes
        default: return false
        }
    }

    /// Whether a file begins as the tars of minutes do (proto/minutes.md).
    private var beginsAsMinutes: Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        guard let bytes = try? file.read(upToCount: 262), bytes.count == 262 else { return false }
        return bytes.starts(with: "minutes-".utf8)
            && bytes.dropFirst(257).elementsEqual("ustar".utf8)
    }

    func removeUnfinished() { Self.remove(unfinished) }

    /// No symbolic link is followed.
    static func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }
}
