import CabinetLedger
import CabinetMinutes
import CabinetModel
import Foundation
import LogTestSupport
import ModelTestSupport
import TestSupport
import Testing

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
        for number in 0..<6 {
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
        #expect(count > 0)
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
