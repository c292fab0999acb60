import CabinetLedger
import CabinetMinutes
import CabinetModel
import CabinetTexts
import Foundation
import TestSupport
import Testing

/// Tools that are not ours: what README.md tells an outsider to do, and scripts/verify-minutes.
@Suite struct OtherToolsTests {
    /// The commands of README.md, as somebody would run them who has the operator's key.
    private func commands(_ language: Language) throws -> (MinutesBundle, String) {
        let bundle = try MinutesBundle(
            of: SampleMeeting.log,
            key: SampleMeeting.key,
            options: MinutesOptions(language: language)
        )
        let file = try #require(bundle.files.first { $0.path.text == "README.md" })
        let blocks = String(decoding: file.bytes, as: UTF8.self).components(separatedBy: "```sh\n")
            .dropFirst()
            .compactMap { $0.components(separatedBy: "\n```").first }
            .filter { !$0.hasPrefix("ecabinet verify") }
        #expect(blocks.count == 6)
        let script = blocks.joined(separator: "\n")
            .replacing("KEY='name+id+base64'", with: "KEY='\(SampleMeeting.key)'")
        return (bundle, "set -e\n" + script)
    }

    private func run(_ commands: String, on bundle: TamperedBundle) throws -> (Int32, String) {
        let scratch = try ScratchFolder()
        for (path, bytes) in bundle.files {
            let url = URL(fileURLWithPath: "\(scratch.path)/\(path)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(bytes).write(to: url)
        }
        let (status, output) = try ScratchFolder.run(["bash"], input: commands, in: scratch.path)
        return (status, output)
    }

    @Test("The commands of README.md verify the minutes", arguments: Language.allCases)
    func readme(_ language: Language) throws {
        let (bundle, commands) = try commands(language)
        let (status, output) = try run(commands, on: TamperedBundle(bundle))
        #expect(status == 0, "\(output)")
        #expect(output.contains("Verified OK"))
        #expect(output.contains("Signature Verified Successfully"))
        #expect(output.contains("polls/revocable yes, no, abstain: [5, 0, 0] CARRIED"))
    }

    @Test("They find what somebody has changed, also where the manifest was made anew")
    func readmeOnTamperedMinutes() throws {
        let (_, commands) = try commands(.vietnamese)
        let signature = try #require(
            SampleMeeting.bundle.files.map(\.path).first { $0.text.hasSuffix(".sig") }
        )
        let changes: [(String, (inout TamperedBundle) -> Void)] = [
            ("digest", { $0.replace("CARRIED", with: "DECIDED", in: "meeting.json") }),
            (
                "signature",
                {
                    $0.flip(0, of: 20, in: signature)
                    $0.rebuildManifest()
                }
            ),
            (
                "checkpoint",
                {
                    $0.replace(
                        "cabinet.example/2019",
                        with: "cabinet.example/2020",
                        in: "ledger/checkpoint.txt"
                    )
                    $0.rebuildManifest()
                }
            ),
            (
                "entry",
                {
                    $0.flip(0, of: 900, in: BundlePath("ledger/meeting.cabinet-log")!)
                    $0.rebuildManifest()
                }
            ),
            (
                "result",
                {
                    $0.replace(
                        "\"weight\": 5",
                        with: "\"weight\": 6",
                        in: "polls/revocable/result.json"
                    )
                    $0.rebuildManifest()
                }
            ),
            (
                "removed ballot",
                {
                    for path in $0.files.keys where path.text.hasPrefix("polls/tied/ballots/m3.") {
                        $0[path.text] = nil
                    }
                    $0.rebuildManifest()
                }
            ),
        ]
        for (name, change) in changes {
            var tampered = TamperedBundle()
            change(&tampered)
            let (status, output) = try run(commands, on: tampered)
            #expect(status != 0, "\(name): \(output)")
        }
    }

    // MARK: - scripts/verify-minutes

    private func verify(
        _ bundle: TamperedBundle,
        key: String? = SampleMeeting.key.text
    ) throws -> (status: Int32, output: String) {
        let scratch = try ScratchFolder()
        let folder = "\(scratch.path)/minutes"
        for (path, bytes) in bundle.files {
            let url = URL(fileURLWithPath: "\(folder)/\(path)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(bytes).write(to: url)
        }
        return try runScript(folder, key: key)
    }

    private func runScript(_ path: String, key: String?) throws -> (status: Int32, output: String) {
        let script = Script.packageRoot.appendingPathComponent("scripts/verify-minutes").path
        return try ScratchFolder.run([script, path] + (key.map { ["--key", $0] } ?? []))
    }

    @Test(
        "The script verifies a folder and a tar, and warns where the key is the bundle's",
        .enabled(if: Script.hasCryptography, "no python3 with the package «cryptography»")
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
        "The script names every file that is changed or missing",
        .enabled(if: Script.hasCryptography, "no python3 with the package «cryptography»")
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
}
