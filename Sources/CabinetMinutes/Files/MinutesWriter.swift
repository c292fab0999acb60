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
/// Where they replace others, those have to be as they were written: every file is what their manifest says, and
/// nothing else is with them. They are moved away before, under a hidden name, looked at there once more, and
/// nothing of them is removed but the files that their manifest lists. Where the machine stops in the moment
/// between two names they are left under the hidden one.
public struct MinutesWriter: Sendable {
    /// Whether minutes that are there already are replaced.
    public let replacesMinutes: Bool
    private let unfinished: UnfinishedMinutes

    /// What the system is to say instead of doing something, for tests; `nil` where it does it.
    var fault: @Sendable (MinutesFileError.Operation) -> Int32? = { _ in nil }

    /// - Parameter unfinished: What removes them where the program ends before they have their names.
    public init(
        replacesMinutes: Bool = false,
        unfinished: UnfinishedMinutes = UnfinishedMinutes()
    ) {
        self.replacesMinutes = replacesMinutes
        self.unfinished = unfinished
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
        let tar: [WritingTarget] =
            withTar ? [try WritingTarget(folder.path + ".tar", isFolder: false)] : []
        try write(bundle, [folder] + tar)
    }

    /// Writes a tar alone.
    ///
    /// - Throws: ``MinutesFileError``, as for a folder.
    public func write(_ bundle: MinutesBundle, tar path: String) throws(MinutesFileError) {
        try write(bundle, [try WritingTarget(path, isFolder: false)])
    }

    private func write(
        _ bundle: MinutesBundle,
        _ targets: [WritingTarget]
    ) throws(MinutesFileError) {
        for target in targets { try check(target) }
        let files = Set(bundle.files.map(\.path))
        unfinished.keep(targets, files)
        defer { unfinished.forget(targets) }
        do throws(MinutesFileError) {
            for target in targets { try make(bundle, for: target) }
            guard let last = targets.last else { return }
            try unfinished.perform(.rename, last.path) { () throws(MinutesFileError) in
                try place(targets)
            }
        } catch {
            let left = targets.filter { !$0.removeUnfinished(files) }
            if case .leftBehind = error { throw error }
            if let first = left.first { throw .leftBehind(path: first.unfinished) }
            throw error
        }
    }

    private static func tar(of bundle: MinutesBundle) throws(MinutesFileError) -> [UInt8] {
        do throws(MinutesError) {
            return try bundle.tar()
        } catch {
            throw .bundle(error)
        }
    }

    // MARK: - Making

    /// - Throws: ``MinutesFileError``, which names the folder or the tar that was asked for.
    private func make(
        _ bundle: MinutesBundle,
        for target: WritingTarget
    ) throws(MinutesFileError) {
        do throws(MinutesFileError) {
            if target.isFolder {
                try makeFolder(of: bundle.files, at: target.unfinished)
            } else {
                try makeFile(Self.tar(of: bundle), at: target.unfinished)
            }
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
        try unfinished.perform(.makeFolder, path) { () throws(MinutesFileError) in
            guard mkdir(path, 0o700) == 0 else { throw MinutesFileError(.makeFolder, path, errno) }
        }
    }

    private func makeFile(_ bytes: [UInt8], at path: String) throws(MinutesFileError) {
        try fail(.create, path)
        let number = try unfinished.perform(.create, path) { () throws(MinutesFileError) in
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            let number = open(path, flags, 0o600)
            guard number >= 0 else { throw MinutesFileError(.create, path, errno) }
            return number
        }
        let file = FileDescriptor(takingOver: number, path: path)
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

    /// - Throws: ``MinutesFileError/exists(path:)``, and what stands in the way of replacing it.
    private func check(_ target: WritingTarget) throws(MinutesFileError) {
        guard target.isThere else { return }
        guard replacesMinutes else { throw .exists(path: target.path) }
        _ = try target.formerFiles(at: target.path)
    }

    /// Gives all of it its name, or nothing.
    private func place(_ targets: [WritingTarget]) throws(MinutesFileError) {
        var placements: [Placement] = []
        do throws(MinutesFileError) {
            for target in targets { placements.append(try place(target)) }
            if let parent = targets.first?.parent { try synchronize(parent) }
        } catch {
            try Self.all(placements.reversed(), .undo)
            throw error
        }
        // What is new is there as a whole, whatever cannot be removed of what was there before.
        try Self.all(placements, .finish)
    }

    private enum Step {
        case finish
        case undo
    }

    /// Takes a step for all of them, also where it fails for one.
    ///
    /// - Throws: The first error.
    private static func all(
        _ placements: [Placement],
        _ step: Step
    ) throws(MinutesFileError) {
        var first: MinutesFileError?
        for placement in placements {
            do throws(MinutesFileError) {
                switch step {
                case .finish: try placement.finish()
                case .undo: try placement.undo()
                }
            } catch {
                first = first ?? error
            }
        }
        if let first { throw first }
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
        if let former { try target.removeFormer(former) }
    }

    /// Goes back to what was there before. What was made is under its first name then.
    func undo() throws(MinutesFileError) {
        do throws(MinutesFileError) {
            try target.withdraw()
        } catch {
            // What was there before is what has to be found.
            throw former == nil ? error : .leftBehind(path: target.former)
        }
        if former != nil { try target.restore() }
    }
}
