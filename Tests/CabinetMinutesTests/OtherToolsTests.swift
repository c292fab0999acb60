import CabinetLedger
import CabinetMinutes
import CabinetModel
import CabinetTexts
import Foundation
import LogTestSupport
import ModelTestSupport
import TestSupport
import Testing

/// Tools that are not ours: what README.md tells an outsider to do.
@Suite struct OtherToolsTests {
    /// The commands of each of the five steps.
    private func stepCommands() throws -> [String] {
        let file = try #require(SampleMeeting.bundle.files.first { $0.path.text == "README.md" })
        return String(decoding: file.bytes, as: UTF8.self).components(separatedBy: "```sh\n")
            .suffix(5).compactMap { $0.components(separatedBy: "\n```").first }
    }

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
        try bundle.write(into: scratch.path)
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
        #expect(
            output.contains("polls/revocable CARRIED yes, no, abstain: [5, 0, 0] needed: 5")
        )
        #expect(output.contains("4 polls, 9 people: as the log says"))
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

    @Test("They find what a file says and the log does not", arguments: Forgery.all)
    func readmeOnForgeries(_ forgery: Forgery) throws {
        let (_, commands) = try commands(.english)
        let (status, output) = try run(commands, on: forgery.bundle)
        #expect((status != 0) == forgery.isFoundByCommands, "\(output)")
    }

    @Test("A ballot that no member signed is not taken for one by a second key in its key.pem")
    func readmeOnTwoKeys() throws {
        let (_, commands) = try commands(.english)
        let (status, output) = try run(commands, on: ForgedBallot.bundle())
        #expect(status != 0)
        #expect(output.contains("it is not one PUBLIC KEY in PEM, and nothing else"), "\(output)")
    }

    @Test("Step 1 fails where a digest is wrong, by itself")
    func readmeDigests() throws {
        let (_, commands) = try commands(.english)
        let step = try #require(
            commands.components(separatedBy: "T=$(mktemp").last?
                .components(separatedBy: "\npython3").first
        )
        for prefix in ["", "set -e\n"] {
            var changed = TamperedBundle()
            let script = "\(prefix)T=$(mktemp\(step)"
            let end = prefix.isEmpty ? "" : "\necho passed"
            var (status, output) = try run(script + end, on: changed)
            #expect(status == 0, "\(output)")
            changed.replace("Phạm Hồng", with: "Phạm Hòng", in: "minutes.html")
            (status, output) = try run(script + end, on: changed)
            #expect(status != 0, "\(output)")
            #expect(!output.contains("passed"))
        }
    }

    @Test(
        "The last step finds what does not belong there, by itself",
        arguments: [
            "touch .hidden", "touch ledger/more", "mkdir more && touch more/.hidden",
            "ln -s meeting.json link", "ln -s / polls/link", "rm ledger/log-key.vkey",
            "mv meeting.json ../$$ && ln -s ../$$ meeting.json", "mkfifo fifo",
        ]
    )
    func readmeForeignFiles(_ change: String) throws {
        let (bundle, commands) = try commands(.english)
        let step = "python3 - <<'END'\n"
        let last = try #require(commands.components(separatedBy: step).last)
        let (status, output) = try run(
            "(\(change)) || exit 0\n\(step)\(last)",
            on: TamperedBundle(bundle)
        )
        #expect(status != 0, "\(output)")
        #expect(
            output.contains("files that") || output.contains("neither a regular file"),
            "\(output)"
        )
    }

    @Test("No step has a terminal obey what somebody has put into the folder", arguments: 1...5)
    func readmePrinting(_ number: Int) throws {
        let bundle = SampleMeeting.bundle
        let escape = "\u{1b}]0;owned"
        var changed = TamperedBundle(bundle)
        var before = ""
        switch number {
        case 1:
            before = "touch $'ledger/\\e]0;owned'"
        case 2:
            let path = "ledger/checkpoint.txt"
            changed.replace("cabinet.example/2019", with: "other\(escape)/2019", in: path)
        case 3:
            changed.replace(
                "\"index\":1,",
                with: "\"\\u001b]0;\":1,\"\\u001b]0;\":1,",
                in: "ledger/entries.jsonl"
            )
        case 4:
            before = "cp -r polls/tied $'polls/\\e]0;owned'"
        default:
            changed.replace(
                "\"outcome\"",
                with: "\"\\u001b]0;owned\"",
                in: "polls/tied/result.json"
            )
        }
        let steps = try stepCommands()
        let step = "KEY='\(SampleMeeting.key)'; T=$(mktemp -d)\n" + steps[number - 1]
        let (status, output) = try run(
            "(\(before.isEmpty ? "true" : before)); \(step)",
            on: changed
        )
        #expect(status != 0, "\(output)")
        #expect(!output.contains("\u{1b}"), "\(output.debugDescription)")
        // It is not for want of something else that it stops.
        let (passed, said) = try run(step, on: TamperedBundle(bundle))
        #expect(passed == 0, "\(said)")
    }

    @Test("They verify minutes of every meeting in which no poll is in progress")
    func readmeOnRandomMeetings() throws {
        let (_, commands) = try commands(.english)
        var count = 0
        // In some of them a poll is in progress.
        for number in 0..<60 where count < 3 {
            var meeting = RandomMeeting(
                random: Seed.generator(0x660 + UInt64(number)),
                materials: SignedMaterials.materials
            )
            for _ in 0..<300 { _ = meeting.step() }
            guard meeting.session.state.proceedings.pollInProgress == nil else { continue }
            count += 1
            let log = try SignedMaterials.file(of: meeting.session.log)
            let bundle = try MinutesBundle(of: log, key: SampleMeeting.key)
            let (status, output) = try run(commands, on: TamperedBundle(bundle))
            #expect(status == 0, "\(output)")
        }
        #expect(count == 3)
    }
}
