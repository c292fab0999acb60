import Foundation

/// Files that a person names, and files that are that person's alone.
enum Files {
    /// - Throws: ``Failure``, also where it has more bytes.
    static func read(_ path: String, atMost maxBytes: Int) throws(Failure) -> [UInt8] {
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            return try read(file, path, atMost: maxBytes)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(cannotRead: path, error)
        }
    }

    /// Reads a file to its end.
    ///
    /// - Parameter name: What a person calls it.
    static func read(_ file: FileHandle, _ name: String, atMost maxBytes: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let part = try file.read(upToCount: 65_536), !part.isEmpty {
            bytes += part
            guard bytes.count <= maxBytes else {
                throw Failure(
                    .badData,
                    "FILE_TOO_LONG",
                    Phrase(
                        "\(name) has more than \(maxBytes) bytes",
                        vi: "\(name) dài hơn \(maxBytes) byte"
                    ),
                    advice: Phrase("is it the right file?", vi: "có đúng tệp không?")
                )
            }
        }
        return bytes
    }

    /// Reads a file as text.
    static func text(_ path: String, atMost maxBytes: Int = 1 << 20) throws(Failure) -> String {
        String(decoding: try read(path, atMost: maxBytes), as: UTF8.self)
    }

    /// Makes a folder, and those above it, for their owner alone. Those that are there stay as they are.
    static func makePrivateFolder(_ path: String) throws(Failure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Failure(cannotWrite: path, error)
        }
    }

    /// Puts a file in the place of another, or where there is none. Whoever reads it finds the one or the
    /// other as a whole, also after a loss of power.
    static func replace(
        _ path: String,
        with bytes: [UInt8],
        permissions: mode_t = 0o600
    ) throws(Failure) {
        try write(bytes, to: NewFile(path, existing: .isReplaced, permissions: permissions))
    }

    /// Makes a file that is not there yet. Whoever finds it finds it as a whole.
    ///
    /// - Throws: ``Failure`` with the reason `FILE_EXISTS` where it is there: it is left as it is.
    static func create(
        _ path: String,
        with bytes: [UInt8],
        permissions: mode_t = 0o600
    ) throws(Failure) {
        try write(bytes, to: NewFile(path, existing: .stays, permissions: permissions))
    }

    private static func write(_ bytes: [UInt8], to file: NewFile) throws(Failure) {
        try file.write(bytes)
        try file.finish()
    }
}

extension Failure {
    init(cannotRead path: String, _ error: any Error) {
        self.init(
            .noInput,
            "FILE_UNREADABLE",
            Phrase("\(path) cannot be read", vi: "không đọc được \(path)"),
            because: SystemError.phrase(error),
            advice: Phrase(
                "is the name right, and may you read the file?",
                vi: "tên tệp có đúng không, và bạn có quyền đọc không?"
            )
        )
    }

    init(cannotWrite path: String, _ error: any Error) {
        self.init(
            .cannotWrite,
            "FILE_UNWRITABLE",
            Phrase("\(path) cannot be written", vi: "không ghi được \(path)"),
            because: SystemError.phrase(error),
            advice: Phrase(
                "may you write there, and is there room on the disk?",
                vi: "bạn có quyền ghi ở đó không, và ổ đĩa còn chỗ không?"
            )
        )
    }
}

/// What the system said, where Foundation has wrapped it.
enum SystemError {
    /// - Returns: The `errno`; `nil` where it was not the system that failed.
    static func code(of error: any Error) -> Int32? {
        let outer = error as NSError
        let system = outer.userInfo[NSUnderlyingErrorKey] as? NSError ?? outer
        return system.domain == NSPOSIXErrorDomain ? Int32(truncatingIfNeeded: system.code) : nil
    }

    /// What the system says, without what Foundation wraps around it.
    static func phrase(_ error: any Error) -> Phrase {
        guard let code = code(of: error) else {
            return Phrase(technical: error.localizedDescription)
        }
        let english = String(cString: strerror(code))
        guard let vietnamese = vietnamese[code] else { return Phrase(technical: english) }
        return Phrase(english, vi: vietnamese)
    }

    private static let vietnamese: [Int32: String] = [
        ENOENT: "không có tệp hoặc thư mục này",
        EACCES: "không có quyền truy cập",
        EPERM: "không được phép",
        EEXIST: "tệp đã tồn tại",
        ENOTDIR: "một phần của đường dẫn không phải thư mục",
        EISDIR: "đây là một thư mục",
        ENOSPC: "ổ đĩa đã đầy",
        EDQUOT: "đã dùng hết dung lượng được phép",
        EFBIG: "tệp quá lớn",
        EROFS: "ổ đĩa chỉ cho phép đọc",
        EIO: "lỗi đọc hoặc ghi ổ đĩa",
        EMFILE: "chương trình mở quá nhiều tệp",
        ENAMETOOLONG: "tên tệp quá dài",
        EINTR: "đã bị ngắt",
    ]
}
