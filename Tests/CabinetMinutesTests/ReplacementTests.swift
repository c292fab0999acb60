import CabinetModel
import CabinetTexts
import Foundation
import LogTestSupport
import ModelTestSupport
import Testing

@testable import CabinetMinutes

/// Minutes that take the place of others, and what becomes of those.
@Suite struct ReplacementTests {
    private let bundle = SampleMeeting.bundle

    /// Few files, so that something can happen at each of the steps.
    private static let small = try! MinutesBundle(
        of: SignedMaterials.file(of: Session.open(materials: SignedMaterials.materials).log),
        key: SampleMeeting.key
    )

    private final class Counter: @unchecked Sendable {
        // One thread writes.
        private var count = -1

        func next() -> Int {
            count += 1
            return count
        }
    }

    private func isVerified(_ path: String) throws -> Bool {
        MinutesReport(verifying: try MinutesFiles.read(path), key: .given(SampleMeeting.key))
            .isVerified
    }

    private func language(of path: String) throws -> String? {
        let contents = try MinutesFiles.read(path)
        return BundlePath("bundle.json").flatMap { contents.files[$0] }
            .flatMap { MinutesOptions(file: $0)?.language.rawValue }
    }

    // MARK: - What is replaced

    @Test("A file that somebody has changed stops the replacement, and stays as it is")
    func changedFiles() throws {
        let scratch = try ScratchFolder()
        let folder = "\(scratch.path)/minutes"
        try MinutesWriter().write(bundle, folder: folder)
        for name in ["meeting.json", "README.md", "ledger/meeting.cabinet-log"] {
            let url = URL(fileURLWithPath: "\(folder)/\(name)")
            let before = try Data(contentsOf: url)
            let changed = before + Data("my notes".utf8)
            try changed.write(to: url)
            #expect(throws: MinutesFileError.changedFile(name, in: folder)) {
                try MinutesWriter(replacesMinutes: true).write(bundle, folder: folder)
            }
            #expect(try Data(contentsOf: url) == changed)
            #expect(scratch.names == ["minutes"])
            try before.write(to: url)
        }
        // Nothing can be lost of a file that is not there.
        try FileManager.default.removeItem(atPath: folder + "/minutes.html")
        try MinutesWriter(replacesMinutes: true).write(bundle, folder: folder)
        #expect(try isVerified(folder))
    }

    @Test("A file that is changed in the last moment stops the replacement, and stays as it is")
    func changedMeanwhile() throws {
        let scratch = try ScratchFolder()
        let folder = "\(scratch.path)/minutes"
        try MinutesWriter().write(bundle, folder: folder, withTar: true)
        let changed = Data("my notes".utf8)
        var writer = MinutesWriter(replacesMinutes: true)
        writer.fault = { operation in
            let url = URL(fileURLWithPath: folder + "/meeting.json")
            if operation == .rename { try? changed.write(to: url) }
            return nil
        }
        #expect(throws: MinutesFileError.changedFile("meeting.json", in: folder)) {
            try writer.write(bundle, folder: folder, withTar: true)
        }
        #expect(FileManager.default.contents(atPath: folder + "/meeting.json") == changed)
        #expect(scratch.names == ["minutes", "minutes.tar"])
    }

    private static var tars: [(String, (MinutesBundle) throws -> [UInt8])] {
        [
            ("an archive that begins as ours", { try Array($0.tar().prefix(2_048)) }),
            ("one that goes on", { try $0.tar() + Array("more".utf8) }),
            (
                "one with a file more",
                { bundle in
                    let more = BundleFile(path: BundlePath("zzz")!, bytes: Array("dear".utf8))
                    return try archive(bundle, bundle.files + [more])
                }
            ),
            (
                "one with a file that was changed",
                { bundle in
                    try archive(
                        bundle,
                        bundle.files.map {
                            $0.path.text == "meeting.json"
                                ? BundleFile(path: $0.path, bytes: Array("{}".utf8)) : $0
                        }
                    )
                }
            ),
            (
                "one of which the manifest is missing",
                { bundle in
                    try archive(bundle, bundle.files.filter { $0.path.text != Manifest.name })
                }
            ),
        ]
    }

    private static func archive(_ bundle: MinutesBundle, _ files: [BundleFile]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for file in files {
            let name = "\(bundle.folderName)/\(file.path)"
            let count = file.bytes.count
            bytes += try #require(TarFormat.header(name: name, byteCount: count, time: 1))
            bytes += file.bytes
            bytes += repeatElement(0, count: TarFormat.paddingCount(after: count))
        }
        return bytes + TarFormat.end
    }

    @Test("A tar that is not one of minutes, byte for byte, is not replaced")
    func tars() throws {
        for (name, make) in Self.tars {
            let scratch = try ScratchFolder()
            let path = "\(scratch.path)/minutes.tar"
            let bytes = try Data(make(bundle))
            try bytes.write(to: URL(fileURLWithPath: path))
            #expect(throws: MinutesFileError.self, "\(name)") {
                try MinutesWriter(replacesMinutes: true).write(bundle, tar: path)
            }
            #expect(FileManager.default.contents(atPath: path) == bytes, "\(name)")
            #expect(scratch.names == ["minutes.tar"])
        }
    }

    // MARK: - Going back, and letting go

    /// Replaces minutes in English by those in Vietnamese, and does something at the end, when all have their
    /// names.
    private func replace(
        in scratch: ScratchFolder,
        failing code: Int32?,
        _ atTheEnd: @escaping @Sendable ([String]) -> Void
    ) throws -> MinutesFileError? {
        let folder = "\(scratch.path)/minutes"
        let english = try MinutesBundle(
            of: SampleMeeting.log,
            key: SampleMeeting.key,
            options: MinutesOptions(language: .english)
        )
        try MinutesWriter().write(english, folder: folder, withTar: true)
        var writer = MinutesWriter(replacesMinutes: true)
        let path = scratch.path
        writer.fault = { operation in
            guard operation == .synchronize,
                case let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [],
                names.filter({ $0.hasSuffix(".old") }).count == 2
            else { return nil }
            atTheEnd(names)
            return code
        }
        do throws(MinutesFileError) {
            try writer.write(bundle, folder: folder, withTar: true)
            return nil
        } catch {
            return error
        }
    }

    @Test("Where a place is wrong, that is said, and not that something was left in it")
    func wrongPlace() throws {
        let scratch = try ScratchFolder()
        try Data().write(to: URL(fileURLWithPath: "\(scratch.path)/letter"))
        let long = String(repeating: "x", count: 250)
        for (place, code) in [("letter", ENOTDIR), ("none", ENOENT)] {
            let path = "\(scratch.path)/\(place)/minutes"
            let error = #expect(throws: MinutesFileError.self) {
                try MinutesWriter().write(SampleMeeting.bundle, folder: path, withTar: true)
            }
            #expect(error == MinutesFileError(.makeFolder, path, code))
        }
        let error = #expect(throws: MinutesFileError.self) {
            try MinutesWriter().write(
                SampleMeeting.bundle,
                folder: "\(scratch.path)/\(long)",
                withTar: true
            )
        }
        #expect(error == MinutesFileError(.makeFolder, "\(scratch.path)/\(long)", ENAMETOOLONG))
        #expect(scratch.names == ["letter"])
    }

    @Test("Where one of two cannot be put back, the other is, and it is said where the one is")
    func undo() throws {
        for (ending, other) in [(".tar", ""), ("", ".tar")] {
            let scratch = try ScratchFolder()
            let path = scratch.path
            let error = try replace(in: scratch, failing: EIO) { names in
                // The name under which it was made has been taken.
                for name in names
                where name.hasSuffix(".old") && name.contains("minutes.tar") == (ending == ".tar") {
                    let part = name.replacing(".old", with: ".part")
                    try? Data("dear".utf8).write(to: URL(fileURLWithPath: "\(path)/\(part)"))
                }
            }
            guard case .leftBehind(let former)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(former.hasPrefix("\(path)/.minutes\(ending).") && former.hasSuffix(".old"))
            // Both are whole, and so is what is left behind.
            #expect(try language(of: "\(path)/minutes\(other)") == "en")
            #expect(try language(of: former) == "en")
            #expect(try isVerified("\(path)/minutes\(other)"))
            #expect(try isVerified(former))
            #expect(try isVerified("\(path)/minutes\(ending)"))
            #expect(scratch.names.filter { $0.hasSuffix(".old") }.count == 1, "\(scratch.names)")
        }
    }

    @Test("Where something is left of one of two that were replaced, nothing is of the other")
    func finish() throws {
        let scratch = try ScratchFolder()
        let path = scratch.path
        let error = try replace(in: scratch, failing: nil) { names in
            for name in names where name.hasSuffix(".old") && !name.contains(".tar.") {
                let letter = URL(fileURLWithPath: "\(path)/\(name)/letter")
                try? Data("dear".utf8).write(to: letter)
            }
        }
        guard case .leftBehind(let former)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(FileManager.default.contents(atPath: former + "/letter") == Data("dear".utf8))
        let hidden = try #require(former.split(separator: "/").last)
        #expect(scratch.names == [String(hidden), "minutes", "minutes.tar"])
        for name in ["minutes", "minutes.tar"] {
            #expect(try language(of: "\(path)/\(name)") == "vi")
            #expect(try isVerified("\(path)/\(name)"))
        }
    }

    // MARK: - The end of the program

    @Test("Wherever the program ends while minutes are made, nothing of them is left")
    func programEnds() throws {
        for replaces in [false, true] {
            // For each file it is made, written and brought onto the disk; for each folder two things are done.
            for step in 0..<3 * Self.small.files.count {
                let scratch = try ScratchFolder()
                let folder = "\(scratch.path)/minutes"
                if replaces { try MinutesWriter().write(Self.small, folder: folder, withTar: true) }
                let names = scratch.names
                let unfinished = UnfinishedMinutes()
                var writer = MinutesWriter(replacesMinutes: replaces, unfinished: unfinished)
                let counter = Counter()
                writer.fault = { operation in
                    guard counter.next() == step else { return nil }
                    #expect(operation != .rename)
                    unfinished.removeAll()
                    // This is all that is done before the process is gone.
                    #expect(scratch.names == names, "step \(step): \(scratch.names)")
                    return nil
                }
                #expect(throws: MinutesFileError.self) {
                    try writer.write(Self.small, folder: folder, withTar: true)
                }
                #expect(scratch.names == names, "step \(step): \(scratch.names)")
                #expect(throws: MinutesFileError.self) {
                    try writer.write(Self.small, folder: folder + "-2")
                }
            }
        }
    }
}
