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
/// they are there as a whole or not at all, and take the place of nothing that came meanwhile. They say how
/// members voted, and are for their owner alone (modes 0700 and 0600): whoever hands them on widens that.
///
/// Where they replace others, those are moved away before, under a hidden name, and nothing of them is removed
/// but the files that their manifest lists. Where the machine stops in the moment between two names they are
/// left under the hidden one.
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
    /// - Throws: ``MinutesFileError``. Nothing of it is there then, and what was there still is.
    ///   ``MinutesFileError/leftBehind(path:)`` says where something is that could not be removed or put back.
    public func write(
        _ bundle: MinutesBundle,
        folder path: String,
        withTar: Bool = false
    ) throws(MinutesFileError) {
        let folder = try WritingTarget(path, isFolder: true)
        let tar: WritingTarget? =
            withTar ? try WritingTarget(folder.path + ".tar", isFolder: false) : nil
        try check(folder)
        if let tar { try check(tar) }
        let paths = Set(bundle.files.map(\.path))
        defer {
            folder.removeUnfinished(paths)
            tar?.removeUnfinished(paths)
        }
        try makeFolder(of: bundle.files, for: folder)
        if let tar { try makeFile(Self.tar(of: bundle), for: tar) }
        try place(tar.map { [folder, $0] } ?? [folder], paths)
    }

    /// Writes a tar alone.
    ///
    /// - Throws: ``MinutesFileError``, as for a folder.
    public func write(_ bundle: MinutesBundle, tar path: String) throws(MinutesFileError) {
        let tar = try WritingTarget(path, isFolder: false)
        try check(tar)
        defer { tar.removeUnfinished([]) }
        try makeFile(Self.tar(of: bundle), for: tar)
        try place([tar], [])
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
        for target: WritingTarget
    ) throws(MinutesFileError) {
        do throws(MinutesFileError) {
            try makeFolder(of: files, at: target.unfinished)
        } catch {
            throw error.at(target.path)
        }
    }

    private func makeFile(_ bytes: [UInt8], for target: WritingTarget) throws(MinutesFileError) {
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

    /// - Throws: ``MinutesFileError/exists(path:)``, ``MinutesFileError/notMinutes(path:)``,
    ///   ``MinutesFileError/foreignFile(_:in:)``.
    private func check(_ target: WritingTarget) throws(MinutesFileError) {
        guard target.isThere else { return }
        guard replacesMinutes else { throw .exists(path: target.path) }
        _ = try target.formerFiles(at: target.path)
    }

    /// Gives all of it its name, or nothing.
    ///
    /// - Parameter files: Those of the folder that was made.
    private func place(
        _ targets: [WritingTarget],
        _ files: Set<BundlePath>
    ) throws(MinutesFileError) {
        var placements: [Placement] = []
        do throws(MinutesFileError) {
            for target in targets { placements.append(try place(target)) }
            if let parent = targets.first?.parent { try synchronize(parent) }
        } catch {
            for placement in placements.reversed() { try placement.undo(files) }
            throw error
        }
        for placement in placements { try placement.finish() }
    }

    /// Gives what was made its name, and says how to go back.
    private func place(_ target: WritingTarget) throws(MinutesFileError) -> Placement {
        try fail(.rename, target.path)
        guard target.isThere else {
            try target.claim()
            return Placement(target: target, former: nil)
        }
        guard replacesMinutes else { throw .exists(path: target.path) }
        guard rename(target.path, target.former) == 0 else {
            throw MinutesFileError(.rename, target.path, errno)
        }
        do throws(MinutesFileError) {
            // It may have become another since it was looked at first.
            let files = try target.formerFiles(at: target.former)
            try target.claim()
            return Placement(target: target, former: files)
        } catch {
            try target.restore()
            throw error
        }
    }
}

/// Something that has its name now, and what had it before.
private struct Placement {
    let target: WritingTarget
    /// The files of what was there before; `nil` where nothing was.
    let former: Set<BundlePath>?

    /// Lets go of what was there before.
    func finish() throws(MinutesFileError) {
        guard let former else { return }
        guard target.remove(target.former, former) else { throw .leftBehind(path: target.former) }
    }

    /// Goes back to what was there before.
    ///
    /// - Parameter files: Those that were made.
    func undo(_ files: Set<BundlePath>) throws(MinutesFileError) {
        _ = target.remove(target.path, files)
        if former != nil { try target.restore() }
    }
}
