import CabinetLedger
import CabinetModel
import Foundation
import LogTestSupport
import ModelTestSupport
import TestSupport
import Testing

@testable import CabinetMinutes

/// scripts/verify-minutes, which shares no code with what makes minutes.
@Suite(.enabled(if: Script.hasCryptography, "no python3 with the package «cryptography»"))
struct VerifyMinutesTests {
    private func verify(
        _ bundle: TamperedBundle,
        key: String? = SampleMeeting.key.text
    ) throws -> (status: Int32, output: String) {
        let scratch = try ScratchFolder()
        let folder = "\(scratch.path)/minutes"
        try bundle.write(into: folder)
        return try runScript(folder, key: key)
    }

    private func runScript(_ path: String, key: String?) throws -> (status: Int32, output: String) {
        let script = Script.packageRoot.appendingPathComponent("scripts/verify-minutes").path
        return try ScratchFolder.run([script, path] + (key.map { ["--key", $0] } ?? []))
    }

    @Test(
        "A folder and a tar verify, and who takes the bundle's key is warned"
    )
    func script() throws {
        let count = SampleMeeting.bundle.files.count
        let scratch = try ScratchFolder()
        let folder = "\(scratch.path)/minutes"
        try MinutesWriter().write(SampleMeeting.bundle, folder: folder, withTar: true)
        for path in [folder, folder + ".tar"] {
            let (status, output) = try runScript(path, key: SampleMeeting.key.text)
            #expect(status == 0, "\(output)")
            #expect(output.contains("\(count) files, 12 signatures verified by openssl"))
            #expect(!output.contains("warning"))
        }
        let (status, output) = try verify(TamperedBundle(), key: nil)
        #expect(status == 0)
        #expect(output.hasPrefix("warning: the key of the log was taken from the minutes"))
    }

    @Test(
        "Every file that is changed or missing is named"
    )
    func scriptOnTamperedMinutes() throws {
        var generator = Seed.generator(0x630)
        let words: Set = ["README.md", "minutes.html"]
        for file in SampleMeeting.bundle.files {
            var changed = TamperedBundle()
            let position = Int.random(in: 0..<file.bytes.count, using: &generator)
            changed.flip(0, of: position, in: file.path)
            let (status, output) = try verify(changed)
            #expect(status == 1, "\(file.path): \(output)")
            if file.path.text != "manifest" {
                #expect(output.contains(file.path.text), "\(output)")
            }
        }
        // Where the manifest was made anew as well, a file of each kind.
        var kinds: Set<String> = []
        for file in SampleMeeting.bundle.files where !words.contains(file.path.text) {
            let kind = file.path.text.split(separator: "/").last?.split(separator: ".").last ?? ""
            guard kinds.insert(String(kind)).inserted else { continue }
            for isRemoved in [false, true] where file.path.text != "manifest" {
                guard isRemoved || !["bundle.json", "meeting.json"].contains(file.path.text) else {
                    continue
                }
                var changed = TamperedBundle()
                if isRemoved {
                    changed[file.path.text] = nil
                } else {
                    changed.flip(0, of: file.bytes.count / 2, in: file.path)
                }
                changed.rebuildManifest()
                let (status, output) = try verify(changed)
                #expect(status == 1, "\(file.path): \(output)")
                #expect(output.contains(file.path.text), "\(output)")
            }
        }
    }
    @Test(
        "What a file says and the log does not is found, and the member is named",
        arguments: Forgery.all
    )
    func forgery(_ forgery: Forgery) throws {
        let (status, output) = try verify(forgery.bundle)
        #expect(status == 1, "\(output)")
        #expect(output.contains("not verified: \(forgery.path): "), "\(output)")
    }

    @Test("A ballot that no member signed is not taken for one by a second key in its key.pem")
    func twoKeys() throws {
        let (status, output) = try verify(ForgedBallot.bundle())
        #expect(status == 1, "\(output)")
        #expect(output.contains("the signature of the ballot is wrong"), "\(output)")
        // Nor where only the file has two keys, and the ballot is the member's.
        let (other, said) = try verify(ForgedBallot.withTwoKeys())
        #expect(other == 1)
        #expect(said.contains(".key.pem: not that of the ballot"), "\(said)")
    }

    @Test("What is said not to be compared is not", arguments: Forgery.words)
    func words(_ forgery: Forgery) throws {
        let (status, output) = try verify(forgery.bundle)
        #expect(status == 0, "\(output)")
        #expect(output.contains("not looked at: minutes.html and README.md"))
        #expect(output.contains("not compared: "))
    }

    @Test("What is neither a folder nor a file is refused, and not waited for")
    func pipe() throws {
        let scratch = try ScratchFolder()
        let path = "\(scratch.path)/pipe"
        try #require(mkfifo(path, 0o600) == 0)
        let (status, output) = try runScript(path, key: nil)
        #expect(status == 1)
        #expect(output.contains("neither a folder nor a regular file"), "\(output)")
    }

    @Test("Minutes of every meeting in which no poll is in progress verify")
    func randomMeetings() throws {
        var count = 0
        // In some of them a poll is in progress.
        for number in 0..<60 where count < 3 {
            var meeting = RandomMeeting(
                random: Seed.generator(0x650 + UInt64(number)),
                materials: SignedMaterials.materials
            )
            for _ in 0..<300 { _ = meeting.step() }
            guard meeting.session.state.proceedings.pollInProgress == nil else { continue }
            count += 1
            let log = try SignedMaterials.file(of: meeting.session.log)
            let bundle = try MinutesBundle(of: log, key: SampleMeeting.key)
            let (status, output) = try verify(TamperedBundle(bundle))
            #expect(status == 0, "\(output)")
        }
        #expect(count == 3)
    }

    @Test("A key may be in a file, and a file that is not there is said to be missing")
    func files() throws {
        let scratch = try ScratchFolder()
        try TamperedBundle().write(into: "\(scratch.path)/minutes")
        let key = "\(scratch.path)/log-key.vkey"
        try Data("\(SampleMeeting.key)\n".utf8).write(to: URL(fileURLWithPath: key))
        for (name, path) in [
            ("verify-minutes", "minutes"), ("verify-log", "minutes/ledger/meeting.cabinet-log"),
        ] {
            let script = Script.packageRoot.appendingPathComponent("scripts/\(name)").path
            let (status, output) = try ScratchFolder.run(
                [script, "\(scratch.path)/\(path)", "--key", key]
            )
            #expect(status == 0 && output.hasPrefix("verified: "), "\(output)")
            let (missing, said) = try ScratchFolder.run(
                [script, "\(scratch.path)/none", "--key", key]
            )
            #expect(missing == 69, "\(said)")
            #expect(said.hasPrefix("\(name): ") && said.contains("No such file"), "\(said)")
            let (keyless, told) = try ScratchFolder.run(
                [script, "\(scratch.path)/\(path)", "--key", "\(scratch.path)/c++/no-key.vkey"]
            )
            #expect(keyless == 69, "\(told)")
            #expect(told.hasPrefix("\(name): ") && told.contains("no-key.vkey"), "\(told)")
        }
    }

    /// Runs something in Python with the script's code in `script`.
    private func runPython(_ code: String, _ path: String) throws -> (status: Int32, output: String)
    {
        let scripts = Script.packageRoot.appendingPathComponent("scripts").path
        let loading = """
            import sys
            from importlib.machinery import SourceFileLoader
            from importlib.util import module_from_spec, spec_from_loader
            sys.path.insert(0, "\(scripts)")
            loader = SourceFileLoader("verify_minutes", "\(scripts)/verify-minutes")
            script = module_from_spec(spec_from_loader(loader.name, loader))
            loader.exec_module(script)
            sys.argv = ["verify-minutes", "\(path)", "--key", "\(SampleMeeting.key.text)"]

            """
        return try ScratchFolder.run(["python3", "-c", loading + code])
    }

    @Test("What has been verified cannot control a terminal either")
    func printing() throws {
        let scratch = try ScratchFolder()
        let folder = "\(scratch.path)/minutes"
        try TamperedBundle().write(into: folder)
        let code = """
            verify = script.verify
            script.verify = lambda *arguments: ["\\x1b]0;" + line for line in verify(*arguments)]
            sys.exit(script.main())
            """
        let (status, output) = try runPython(code, folder)
        #expect(status == 0, "\(output)")
        #expect(output.hasPrefix("\\u{1b}]0;verified: the log of"), "\(output)")
        #expect(!output.contains("\u{1b}"))
    }

    @Test("What is too much for all files together is refused before it is read")
    func tooMuch() throws {
        let scratch = try ScratchFolder()
        let folder = "\(scratch.path)/minutes"
        try MinutesWriter().write(SampleMeeting.bundle, folder: folder, withTar: true)
        // The bytes of the last file are not there.
        let count = SampleMeeting.bundle.files.reduce(0) { $0 + $1.bytes.count }
        let tar = try Data(contentsOf: URL(fileURLWithPath: folder + ".tar"))
        let last = try #require(SampleMeeting.bundle.files.last).bytes.count
        let end = TarFormat.end.count + last + TarFormat.paddingCount(after: last)
        try tar.dropLast(end).write(to: URL(fileURLWithPath: folder + "-cut.tar"))
        let limits = [
            ("MAXIMUM_BYTES", count - 1, "more than \(count - 1) bytes"),
            (
                "MAXIMUM_FILES", SampleMeeting.bundle.files.count - 1,
                "more than \(SampleMeeting.bundle.files.count - 1) files"
            ),
        ]
        for (limit, value, said) in limits {
            let code = "script.\(limit) = \(value)\nsys.exit(script.main())"
            for path in [folder, folder + ".tar", folder + "-cut.tar"] {
                let (status, output) = try runPython(code, path)
                #expect(status == 1, "\(output)")
                #expect(output.contains(said), "\(path): \(output)")
            }
            // At the limit they verify.
            for path in [folder, folder + ".tar"] {
                let atLimit = "script.\(limit) = \(value + 1)\nsys.exit(script.main())"
                #expect(try runPython(atLimit, path).status == 0)
            }
        }
    }

    // MARK: - Tars

    @Test("No tar but the one that belongs there is taken", arguments: TarForgery.all)
    func tar(_ forgery: TarForgery) throws {
        let scratch = try ScratchFolder()
        let path = "\(scratch.path)/minutes.tar"
        try Data(forgery.bytes).write(to: URL(fileURLWithPath: path))
        let (status, output) = try runScript(path, key: SampleMeeting.key.text)
        #expect(status == 1, "\(output)")
        #expect(output.contains(forgery.explanation), "\(output)")
        let isVerified = (try? BundleContents(tar: forgery.bytes)).map { contents in
            MinutesReport(verifying: contents, key: .given(SampleMeeting.key)).isVerified
        }
        #expect(isVerified != true)
    }
}
