import CabinetLedger
import CabinetModel
import Foundation
import LogTestSupport
import ModelTestSupport
import Testing

@testable import CabinetMinutes

@Suite struct FileTests {
    private let bundle = SampleMeeting.bundle

    private func report(_ path: String) throws -> MinutesReport {
        MinutesReport(verifying: try MinutesFiles.read(path), key: .given(SampleMeeting.key))
    }

    // MARK: - Folders

    @Test("A folder and the tar beside it verify, and are for their owner alone")
    func written() throws {
        let scratch = try ScratchFolder()
        let folder = "\(scratch.path)/biên bản"
        try MinutesWriter().write(bundle, folder: folder + "/", withTar: true)
        #expect(scratch.names == ["biên bản", "biên bản.tar"])
        for path in [folder, folder + ".tar"] {
            let report = try report(path)
            #expect(report.isVerified, "\(report)")
        }
        for path in ["biên bản", "biên bản/polls", "biên bản/meeting.json", "biên bản.tar"] {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: "\(scratch.path)/\(path)"
            )
            let mode = try #require(attributes[.posixPermissions] as? Int)
            #expect(mode & 0o077 == 0, "\(path): \(String(mode, radix: 8))")
        }
    }

    @Test("Nothing is replaced unless that is asked for, and then nothing but minutes")
    func replaced() throws {
        let scratch = try ScratchFolder()
        let folder = "\(scratch.path)/minutes"
        try MinutesWriter().write(bundle, folder: folder, withTar: true)
        #expect(throws: MinutesFileError.exists(path: folder)) {
            try MinutesWriter().write(bundle, folder: folder)
        }
        #expect(throws: MinutesFileError.exists(path: folder + ".tar")) {
            try MinutesWriter().write(bundle, tar: folder + ".tar")
        }
        try MinutesWriter(replacesMinutes: true).write(bundle, folder: folder, withTar: true)
        #expect(try report(folder).isVerified)
        #expect(scratch.names == ["minutes", "minutes.tar"])

        let other = "\(scratch.path)/documents"
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: false)
        try Data("dear".utf8).write(to: URL(fileURLWithPath: other + "/letter"))
        #expect(throws: MinutesFileError.notMinutes(path: other)) {
            try MinutesWriter(replacesMinutes: true).write(bundle, folder: other)
        }
        #expect(throws: MinutesFileError.notMinutes(path: other)) {
            try MinutesWriter(replacesMinutes: true).write(bundle, tar: other)
        }
        #expect(FileManager.default.fileExists(atPath: other + "/letter"))
        // Somebody else's archive.
        let archive = "\(scratch.path)/archive.tar"
        try Data("dear".utf8).write(to: URL(fileURLWithPath: archive))
        #expect(throws: MinutesFileError.notMinutes(path: archive)) {
            try MinutesWriter(replacesMinutes: true).write(bundle, tar: archive)
        }
    }

    @Test("What the manifest does not list stops the replacement, and nothing of it is lost")
    func foreignFiles() throws {
        let manager = FileManager.default
        let scratch = try ScratchFolder()
        let folder = "\(scratch.path)/minutes"
        try MinutesWriter().write(bundle, folder: folder)
        for name in [
            "letter.txt", ".hidden", "polls/notes", "polls/tied/ballots/m3.1.signed.bak",
            "ledger/.x",
            "certificates/x y",
        ] {
            try Data("dear".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
            #expect(throws: MinutesFileError.foreignFile(name, in: folder)) {
                try MinutesWriter(replacesMinutes: true).write(bundle, folder: folder)
            }
            #expect(scratch.names == ["minutes"])
            #expect(manager.contents(atPath: "\(folder)/\(name)") == Data("dear".utf8))
            try manager.removeItem(atPath: "\(folder)/\(name)")
            #expect(try report(folder).isVerified)
        }
        try manager.createDirectory(
            atPath: folder + "/mine",
            withIntermediateDirectories: false
        )
        #expect(throws: MinutesFileError.foreignFile("mine", in: folder)) {
            try MinutesWriter(replacesMinutes: true).write(bundle, folder: folder)
        }
        try manager.removeItem(atPath: folder + "/mine")
        // A symbolic link is neither followed nor removed.
        let outside = "\(scratch.path)/outside"
        try Data("dear".utf8).write(to: URL(fileURLWithPath: outside))
        try manager.removeItem(atPath: folder + "/meeting.json")
        try manager.createSymbolicLink(
            atPath: folder + "/meeting.json",
            withDestinationPath: outside
        )
        #expect(throws: MinutesFileError.foreignFile("meeting.json", in: folder)) {
            try MinutesWriter(replacesMinutes: true).write(bundle, folder: folder)
        }
        #expect(manager.contents(atPath: outside) == Data("dear".utf8))
        // Nor is a folder taken for minutes that has a manifest of something else.
        let other = "\(scratch.path)/other"
        try manager.createDirectory(atPath: other, withIntermediateDirectories: false)
        for name in ["bundle.json", "manifest", "letter"] {
            try Data("dear".utf8).write(to: URL(fileURLWithPath: "\(other)/\(name)"))
        }
        #expect(throws: MinutesFileError.notMinutes(path: other)) {
            try MinutesWriter(replacesMinutes: true).write(bundle, folder: other)
        }
        // And a link to minutes is not the minutes.
        try manager.createSymbolicLink(
            atPath: "\(scratch.path)/link",
            withDestinationPath: other
        )
        #expect(throws: MinutesFileError.notMinutes(path: "\(scratch.path)/link")) {
            try MinutesWriter(replacesMinutes: true)
                .write(bundle, folder: "\(scratch.path)/link")
        }
    }

    @Test("What comes while minutes are made is not replaced, and is not lost")
    func races() throws {
        let manager = FileManager.default
        for withTar in [false, true] {
            for replaces in [false, true] {
                let scratch = try ScratchFolder()
                let folder = "\(scratch.path)/minutes"
                if replaces { try MinutesWriter().write(bundle, folder: folder, withTar: true) }
                let intruder = withTar ? folder + ".tar" : folder + "/letter"
                var writer = MinutesWriter(replacesMinutes: replaces)
                let counter = Counter()
                writer.fault = { operation in
                    // Everything is made by then, and this is the name that comes first or second.
                    guard operation == .rename, counter.next() == (withTar ? 1 : 0) else {
                        return nil
                    }
                    if !withTar { mkdir(folder, 0o700) }
                    _ = manager.createFile(atPath: intruder, contents: Data("dear".utf8))
                    return nil
                }
                #expect(throws: MinutesFileError.self) {
                    try writer.write(bundle, folder: folder, withTar: true)
                }
                #expect(manager.contents(atPath: intruder) == Data("dear".utf8))
                #expect(!scratch.names.contains { $0.hasPrefix(".") }, "\(scratch.names)")
                if replaces, withTar { #expect(try report(folder).isVerified) }
            }
        }
    }

    @Test("A path that names nothing is refused, and so is a place that is not there")
    func paths() throws {
        let scratch = try ScratchFolder()
        for path in ["", "/", ".", "..", "\(scratch.path)/.."] {
            #expect(throws: MinutesFileError.unusable(path: path)) {
                try MinutesWriter().write(bundle, folder: path)
            }
        }
        #expect {
            try MinutesWriter().write(bundle, folder: "\(scratch.path)/none/minutes")
        } throws: { error in
            if case MinutesFileError.system(.makeFolder, _, ENOENT) = error { true } else { false }
        }
    }

    @Test("Wherever the disk is full, nothing is left, and what was there still is")
    func fullDisk() throws {
        // Few files, so that the disk can be full at each of the steps.
        let session = try Session.open(materials: SignedMaterials.materials)
        let bundle = try MinutesBundle(
            of: SignedMaterials.file(of: session.log),
            key: SampleMeeting.key
        )
        for replaces in [false, true] {
            var failures = 0
            for step in 0... {
                let scratch = try ScratchFolder()
                let folder = "\(scratch.path)/minutes"
                if replaces { try MinutesWriter().write(bundle, folder: folder, withTar: true) }
                let names = scratch.names
                var writer = MinutesWriter(replacesMinutes: replaces)
                let counter = Counter()
                writer.fault = { _ in counter.next() == step ? ENOSPC : nil }
                do {
                    try writer.write(bundle, folder: folder, withTar: true)
                } catch {
                    guard case .diskFull(let path) = error else {
                        Issue.record("\(error)")
                        return
                    }
                    failures += 1
                    #expect([folder, folder + ".tar", scratch.path + "/"].contains(path))
                    #expect("\(error)" == "\(path) cannot be written: the disk is full")
                    #expect(scratch.names == names, "step \(step): \(scratch.names)")
                    if !names.isEmpty { #expect(try report(folder).isVerified) }
                    continue
                }
                #expect(try report(folder).isVerified)
                break
            }
            #expect(failures > 3 * bundle.files.count)
        }
    }

    private final class Counter: @unchecked Sendable {
        // One thread writes.
        private var count = -1

        func next() -> Int {
            count += 1
            return count
        }
    }

    // MARK: - Folders that somebody changed

    @Test("What is no file of minutes is named, and no symbolic link is followed")
    func foreign() throws {
        let scratch = try ScratchFolder()
        let folder = "\(scratch.path)/minutes"
        try MinutesWriter().write(bundle, folder: folder)
        let manager = FileManager.default
        let outside = "\(scratch.path)/outside"
        try Data("outside".utf8).write(to: URL(fileURLWithPath: outside))
        try manager.moveItem(atPath: folder + "/meeting.json", toPath: outside + ".json")
        try manager.createSymbolicLink(
            atPath: folder + "/meeting.json",
            withDestinationPath: outside + ".json"
        )
        try manager.moveItem(atPath: folder + "/polls", toPath: outside + "-polls")
        try manager.createSymbolicLink(
            atPath: folder + "/polls",
            withDestinationPath: outside + "-polls"
        )
        try Data().write(to: URL(fileURLWithPath: folder + "/.hidden"))
        try Data().write(to: URL(fileURLWithPath: folder + "/bad\u{1b}[31mname"))
        try manager.createDirectory(atPath: folder + "/empty", withIntermediateDirectories: false)
        #expect(mkfifo(folder + "/pipe", 0o600) == 0)
        let contents = try MinutesFiles.read(folder)
        #expect(
            contents.foreign == [
                BundleContents.Foreign(path: ".hidden", kind: .name),
                BundleContents.Foreign(path: "bad\u{1b}[31mname", kind: .name),
                BundleContents.Foreign(path: "empty", kind: .emptyFolder),
                BundleContents.Foreign(path: "meeting.json", kind: .symbolicLink),
                BundleContents.Foreign(path: "pipe", kind: .special),
                BundleContents.Foreign(path: "polls", kind: .symbolicLink),
            ]
        )
        let report = try report(folder)
        #expect(!report.isVerified)
        #expect(report.findings(at: "meeting.json").contains { $0.problem == .missing })
        #expect(!"\(report)".contains("\u{1b}"))
    }

    // MARK: - Tars

    @Test("GNU tar unpacks what was written, and the folder verifies")
    func gnuTar() throws {
        let scratch = try ScratchFolder()
        let tar = "\(scratch.path)/a.tar"
        try MinutesWriter().write(bundle, tar: tar)
        let (status, output) = try ScratchFolder.run(["tar", "-xvf", tar, "-C", scratch.path])
        #expect(status == 0, "\(output)")
        let names = output.split(separator: "\n").map(String.init)
        #expect(names == bundle.files.map { "minutes-2019-06-24/\($0.path)" })
        let report = try report("\(scratch.path)/minutes-2019-06-24")
        #expect(report.isVerified, "\(report)")
    }

    @Test("Names as long as they can be fit into a tar")
    func longNames() throws {
        let name =
            "minutes-\(String(repeating: "m", count: 64))/polls/"
            + "\(String(repeating: "p", count: 64))/ballots/"
            + "\(String(repeating: "b", count: 64)).4294967295.ed25519.sig"
        #expect(TarFormat.header(name: name, byteCount: 1, time: 0) != nil)
        let tooLong = String(repeating: "n", count: 101)
        #expect(TarFormat.header(name: tooLong, byteCount: 1, time: 0) == nil)
        #expect(TarFormat.header(name: "a", byteCount: 1 << 33, time: 0) == nil)
        #expect(TarFormat.header(name: "a", byteCount: (1 << 33) - 1, time: 0) != nil)
    }
}
