import Foundation

/// A file that is written part by part, and is there under its name when all of it is on the disk, or not at
/// all.
final class NewFile {
    private let path: String
    /// Where it is until it is finished.
    let unfinished: String
    private var file: FileHandle?
    private let replaces: Bool

    /// - Parameter replaces: Whether a file that is there may be replaced. It stays until the end.
    /// - Throws: ``Failure``; with the reason `FILE_EXISTS` where there is one that may not.
    init(_ path: String, replaces: Bool, permissions: mode_t = 0o600) throws(Failure) {
        self.path = path
        self.replaces = replaces
        unfinished = "\(path).\(UUID().uuidString)"
        guard replaces || !FileManager.default.fileExists(atPath: path) else {
            throw Failure(fileExists: path)
        }
        let descriptor = open(
            unfinished,
            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
            permissions
        )
        guard descriptor >= 0 else { throw Failure(cannotWrite: path, Self.systemError()) }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// Whoever has not called ``finish()`` leaves nothing.
    deinit {
        if file != nil { unlink(unfinished) }
    }

    func write(_ bytes: [UInt8]) throws(Failure) {
        do {
            try file?.write(contentsOf: Data(bytes))
        } catch {
            throw Failure(cannotWrite: path, error)
        }
    }

    /// Brings onto the disk what was written.
    func synchronize() throws(Failure) {
        do {
            try file?.synchronize()
        } catch {
            throw Failure(cannotWrite: path, error)
        }
    }

    /// Gives the file its name, when everything is on the disk.
    func finish() throws(Failure) {
        try closeFile()
        if replaces {
            guard rename(unfinished, path) == 0 else {
                throw Failure(cannotWrite: path, Self.systemError())
            }
        } else {
            guard try place(at: path) else { throw Failure(fileExists: path) }
        }
        file = nil
        synchronizeFolder()
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
            file = nil
            synchronizeFolder()
            return other
        }
        throw Failure(fileExists: "\(path).\(ending)")
    }

    private static let maximumAside = 100

    private func closeFile() throws(Failure) {
        try synchronize()
        do {
            try file?.close()
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

    /// The name may be lost with the power where that fails; the bytes are not.
    private func synchronizeFolder() {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func systemError() -> any Error {
        POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
}

extension Failure {
    /// A file that is not overwritten.
    init(fileExists path: String) {
        self.init(
            .cannotWrite,
            "FILE_EXISTS",
            Phrase("\(path) is there already", vi: "\(path) đã tồn tại"),
            advice: Phrase(
                "take another name, or say with --force that it may be replaced",
                vi: "hãy chọn tên khác, hoặc thêm --force để thay thế"
            )
        )
    }
}
