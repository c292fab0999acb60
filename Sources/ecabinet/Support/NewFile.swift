import Foundation

/// A file that is written part by part, and is there under its name when all of it is on the disk, or not at
/// all.
final class NewFile {
    /// What becomes of a file that is there already.
    enum Existing: Sendable {
        /// It stays until the end, and is then replaced.
        case isReplaced
        /// It stays, and `--force` would replace it.
        case needsForce
        /// It stays whatever is said.
        case stays
    }

    private let path: String
    /// Where it is until it is finished.
    let unfinished: String
    private let file: FileHandle
    private let existing: Existing
    private let others: UnfinishedFiles
    private var isFinished = false

    /// - Parameter others: Those that are removed with it where the program ends before.
    /// - Throws: ``Failure``; with the reason `FILE_EXISTS` where there is one that is not replaced.
    init(
        _ path: String,
        existing: Existing,
        permissions: mode_t = 0o600,
        among others: UnfinishedFiles = .shared
    ) throws(Failure) {
        self.path = path
        self.others = others
        self.existing = existing
        unfinished = "\(path).\(UUID().uuidString)"
        if existing != .isReplaced, FileManager.default.fileExists(atPath: path) {
            throw Failure(fileExists: path, existing)
        }
        let descriptor = others.open(unfinished, permissions)
        guard descriptor >= 0 else { throw Failure(cannotWrite: path, Self.systemError()) }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    convenience init(
        _ path: String,
        replaces: Bool,
        permissions: mode_t = 0o600
    ) throws(Failure) {
        try self.init(
            path,
            existing: replaces ? .isReplaced : .needsForce,
            permissions: permissions
        )
    }

    /// Whoever has not called ``finish()`` leaves nothing.
    deinit {
        if !isFinished { unlink(unfinished) }
        others.forget(unfinished)
    }

    func write(_ bytes: [UInt8]) throws(Failure) {
        do {
            try file.write(contentsOf: Data(bytes))
        } catch {
            throw Failure(cannotWrite: path, error)
        }
    }

    /// Brings onto the disk what was written.
    func synchronize() throws(Failure) {
        do {
            try file.synchronize()
        } catch {
            throw Failure(cannotWrite: path, error)
        }
    }

    /// Gives the file its name, when everything is on the disk.
    func finish() throws(Failure) {
        try closeFile()
        if existing == .isReplaced {
            guard rename(unfinished, path) == 0 else {
                throw Failure(cannotWrite: path, Self.systemError())
            }
        } else {
            guard try place(at: path) else { throw Failure(fileExists: path, existing) }
        }
        isFinished = true
        try synchronizeFolder()
    }

    /// Gives it another name, under which there is nothing yet: the path with an ending, and a number where
    /// there is such a file.
    ///
    /// - Returns: The name.
    func finishAside(ending: String) throws(Failure) -> String {
        try closeFile()
        for number in 1...Self.maximumAside {
            let other = number == 1 ? "\(path).\(ending)" : "\(path).\(ending)-\(number)"
            guard try place(at: other) else { continue }
            isFinished = true
            try synchronizeFolder()
            return other
        }
        throw Failure(fileExists: "\(path).\(ending)", .stays)
    }

    private static let maximumAside = 100

    private func closeFile() throws(Failure) {
        try synchronize()
        do {
            try file.close()
        } catch {
            throw Failure(cannotWrite: path, error)
        }
    }

    /// - Returns: Whether nothing had the name. Unlike rename(2), link(2) replaces nothing.
    private func place(at path: String) throws(Failure) -> Bool {
        guard link(unfinished, path) == 0 else {
            if errno == EEXIST { return false }
            throw Failure(cannotWrite: path, Self.systemError())
        }
        unlink(unfinished)
        return true
    }

    /// The name may be lost with the power where that fails.
    private func synchronizeFolder() throws(Failure) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(cannotWrite: path, Self.systemError()) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Failure(cannotWrite: path, Self.systemError()) }
    }

    private static func systemError() -> any Error {
        POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
}

extension Failure {
    /// A file that is not overwritten.
    fileprivate init(fileExists path: String, _ existing: NewFile.Existing) {
        self.init(
            .cannotWrite,
            "FILE_EXISTS",
            Phrase("\(path) is there already", vi: "\(path) đã tồn tại"),
            advice: existing == .needsForce
                ? Phrase(
                    "take another name, or say with --force that it may be replaced",
                    vi: "hãy chọn tên khác, hoặc thêm --force để thay thế"
                )
                : Phrase(
                    "it is never overwritten; take another name, or move it away",
                    vi: "tệp không bao giờ bị ghi đè; hãy chọn tên khác, hoặc chuyển tệp đi"
                )
        )
    }
}
