import CabinetCrypto
import CabinetLedger
import CabinetMapping
import CabinetMinutes
import CabinetModel
import CabinetTexts
import Foundation
import LogTestSupport
import ModelTestSupport
import TestSupport
import Testing

@Suite struct VerificationTests {
    private static let logPath = "ledger/meeting.cabinet-log"

    // MARK: - What is true

    @Test("Minutes verify, with the key of the log, of the installation, and of the bundle")
    func verifies() throws {
        let installation = NoteVerifierKey(
            name: try #require(NoteKeyName("cabinet.example")),
            publicKey: SampleMeeting.key.publicKey
        )
        let contents = TamperedBundle().contents
        for key in [SampleMeeting.key, installation] {
            let report = MinutesReport(verifying: contents, key: .given(key))
            #expect(report.isVerified, "\(report)")
            #expect(report.warnings == [.restored(1)])
            #expect(report.audit?.log.meeting == Session.id)
            let count = SampleMeeting.bundle.files.count
            let outcomes = report.checks.map(\.outcome)
            let entries = SampleMeeting.session.log.count
            #expect(
                outcomes == [
                    .passed(count), .passed(count - 1), .passed(entries), .passed(count),
                    .passed(12),
                ]
            )
        }
        let report = MinutesReport(verifying: contents, key: .ofBundle)
        #expect(report.isVerified)
        #expect(report.warnings == [.keyOfBundle, .restored(1)])
    }

    @Test("Minutes of a meeting that goes on are provisional, in both languages and any time zone")
    func provisional() throws {
        let session = try Session.open(materials: SignedMaterials.materials)
        let log = try SignedMaterials.file(of: session.log)
        for language in Language.allCases {
            let options = MinutesOptions(
                language: language,
                utcOffset: try #require(UTCOffset(minutes: -570))
            )
            let bundle = try MinutesBundle(of: log, key: SampleMeeting.key, options: options)
            let report = MinutesReport(
                verifying: BundleContents(bundle.files),
                key: .given(SampleMeeting.key)
            )
            #expect(report.isVerified, "\(report)")
            #expect(report.warnings == [.provisional])
        }
    }

    // MARK: - Bytes

    @Test("Any byte of any file that is changed is found, and the file is named")
    func changedBytes() throws {
        var generator = Seed.generator(0x610)
        for file in SampleMeeting.bundle.files {
            let last = file.bytes.count - 1
            var positions = [0, last]
            for _ in 0..<3 { positions.append(Int.random(in: 0...last, using: &generator)) }
            for position in positions {
                var tampered = TamperedBundle()
                let bit = UInt8.random(in: 0..<8, using: &generator)
                tampered.flip(bit, of: position, in: file.path)
                let report = tampered.report
                #expect(!report.isVerified, "\(file.path), byte \(position)")
                #expect(
                    !report.findings(at: file.path.text).isEmpty,
                    "\(file.path), byte \(position), bit \(bit): \(report)"
                )
            }
        }
    }

    @Test("It is found as well where the manifest was made anew, and the entry is named")
    func changedBytesUnderAnotherManifest() throws {
        var generator = Seed.generator(0x611)
        for file in SampleMeeting.bundle.files where file.path.text != "manifest" {
            let last = file.bytes.count - 1
            var positions = [0, last]
            for _ in 0..<3 { positions.append(Int.random(in: 0...last, using: &generator)) }
            for position in positions {
                var tampered = TamperedBundle()
                tampered.flip(0, of: position, in: file.path)
                tampered.rebuildManifest()
                let report = tampered.report
                #expect(!report.isVerified, "\(file.path), byte \(position)")
                // Another language or time zone makes other files.
                guard file.path.text != "bundle.json" else { continue }
                let findings = report.findings(at: file.path.text)
                #expect(!findings.isEmpty, "\(file.path), byte \(position): \(report)")
                if file.path.text == Self.logPath, let entry = entry(at: position) {
                    #expect(
                        findings.contains { $0.entry == entry },
                        "byte \(position), entry \(entry): \(report)"
                    )
                }
            }
        }
    }

    /// The entry that has a byte of the log file, or whose length it is of.
    private func entry(at position: Int) -> UInt64? {
        let log = SampleMeeting.log
        var offset = LogFile.magic.count
        var index: UInt64?
        while offset < log.count {
            let length = log[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            if position < offset { return nil }
            if position < offset + 4 + length { return index }
            offset += 4 + length
            index = index.map { $0 + 1 } ?? 0
        }
        return nil
    }

    // MARK: - Files

    @Test("Any file that is missing is named, with its ballot where it is one's")
    func missingFiles() throws {
        for file in SampleMeeting.bundle.files {
            for isRebuilt in [false, true] where file.path.text != "manifest" || !isRebuilt {
                var tampered = TamperedBundle()
                tampered[file.path.text] = nil
                if isRebuilt { tampered.rebuildManifest() }
                let report = tampered.report
                let findings = report.findings(at: file.path.text)
                #expect(findings.contains { $0.problem == .missing }, "\(file.path): \(report)")
                if file.path.text.contains("/ballots/") {
                    let name = file.path.text.split(separator: "/")[3]
                    let member = name.split(separator: ".")[0]
                    let named = findings.compactMap(\.ballot?.member.text)
                    #expect(named.contains(String(member)), "\(file.path): \(report)")
                }
            }
        }
    }

    @Test("Any file that was added is named")
    func addedFiles() {
        for path in [
            "polls/draft/result.json", "ledger/other.txt", "polls/tied/ballots/m9.1.signed", "a",
        ] {
            for isRebuilt in [false, true] {
                var tampered = TamperedBundle()
                tampered[path] = Array("more".utf8)
                if isRebuilt { tampered.rebuildManifest() }
                let problems = tampered.report.findings(at: path).map(\.problem)
                #expect(problems == (isRebuilt ? [.unexpected] : [.notInManifest, .unexpected]))
            }
        }
    }

    // MARK: - Ballots

    @Test("A ballot that was taken out everywhere but of the log is named, with its member")
    func removedBallot() throws {
        var tampered = TamperedBundle()
        for file in tampered.files.keys where file.text.hasPrefix("polls/tied/ballots/m3.1.") {
            tampered[file.text] = nil
        }
        // As if m3 had never voted.
        let ballots = try #require(tampered["polls/tied/ballots.json"])
        var value = try #require(
            JSONSerialization.jsonObject(with: Data(ballots)) as? [String: Any]
        )
        value["ballots"] = (value["ballots"] as? [[String: Any]])?.filter {
            $0["member"] as? String != "m3"
        }
        tampered["polls/tied/ballots.json"] = Array(
            try JSONSerialization.data(withJSONObject: value)
        )
        tampered.rebuildManifest()
        let report = tampered.report
        let named = report.findings.compactMap(\.ballot)
        #expect(named.contains { $0.poll == "tied" && $0.member == "m3" }, "\(report)")
        #expect(!report.findings(at: "polls/tied/ballots.json").isEmpty)
    }

    @Test("A ballot that was taken out of the log as well is missed there")
    func removedEntry() throws {
        let session = SampleMeeting.session
        let index = try #require(
            session.log.firstIndex { entry in
                if case .ballotCast(let ballot, _) = entry.body {
                    ballot.statement.poll == "tied" && ballot.statement.member == "m3"
                } else {
                    false
                }
            }
        )
        let entries = try SignedMaterials.serialized(session.log)
        var others = entries
        others.remove(at: index)
        let checkpoint = try SignedMaterials.checkpoint(of: entries)
        var tampered = TamperedBundle()
        tampered[Self.logPath] = try SignedMaterials.file(of: others, checkpoint: checkpoint)
        tampered.rebuildManifest()
        let report = tampered.report
        let findings = report.findings(at: Self.logPath)
        #expect(findings.contains { $0.entry == UInt64(index) }, "\(report)")
        #expect(findings.contains { $0.ballot?.member == "m3" }, "\(report)")
    }

    @Test("Signatures that were exchanged are named, and whose they are")
    func exchangedSignatures() throws {
        // m1 and m4 sign with the same algorithm.
        let (first, second) = ("polls/tied/ballots/m1.1", "polls/tied/ballots/m4.1")
        let suffix = try #require(
            SampleMeeting.bundle.files.map(\.path.text).first {
                $0.hasPrefix(first) && $0.hasSuffix(".sig")
            }
        ).dropFirst(first.count)
        var tampered = TamperedBundle()
        let signature = tampered[first + suffix]
        #expect(signature != nil && tampered[second + suffix] != nil)
        tampered[first + suffix] = tampered[second + suffix]
        tampered[second + suffix] = signature
        tampered.rebuildManifest()
        let report = tampered.report
        for (path, member, other) in [(first, "m1", "m4"), (second, "m4", "m1")] {
            let findings = report.findings(at: path + suffix)
            #expect(findings.allSatisfy { $0.ballot?.member.text == member })
            #expect(findings.contains { $0.problem == .signature }, "\(report)")
            #expect(
                findings.contains { finding in
                    if case .otherBallot(let reference) = finding.problem {
                        reference.member.text == other
                    } else {
                        false
                    }
                },
                "\(report)"
            )
        }
    }

    @Test("A vote that was changed in what people read is found, the file named")
    func changedWords() {
        for path in ["minutes.html", "polls/tied/result.json", "meeting.json"] {
            var tampered = TamperedBundle()
            tampered.replace("Không tán thành", with: "Tán thành", in: path)
            tampered.replace("NOT_CARRIED", with: "CARRIED", in: path)
            tampered.rebuildManifest()
            let problems = tampered.report.findings(at: path).map(\.problem)
            #expect(problems.count == 1)
            guard case .differs? = problems.first else {
                Issue.record("\(path): \(problems)")
                continue
            }
        }
    }

    // MARK: - Keys

    @Test(
        "Minutes of a meeting that somebody made up fail with the true key, and not with their own"
    )
    func otherKey() throws {
        let other = NoteSigner(name: SampleMeeting.key.name, key: try Ed25519PrivateKey.generate())
        var tampered = TamperedBundle()
        let checkpoint = try SignedMaterials.checkpoint(
            of: SignedMaterials.serialized(SampleMeeting.session.log),
            by: other
        )
        tampered[Self.logPath] = try SignedMaterials.file(
            of: SignedMaterials.serialized(SampleMeeting.session.log),
            checkpoint: checkpoint
        )
        tampered["ledger/checkpoint.txt"] = checkpoint.serialized
        tampered["ledger/log-key.vkey"] = Array("\(other.verifierKey)\n".utf8)
        tampered.rebuildManifest()
        let report = tampered.report
        #expect(report.findings(at: Self.logPath).contains { $0.reason == "LOG_INVALID" })
        #expect(report.audit == nil)
        // With the key of the bundle the first entry, which names the true one, contradicts it.
        let own = MinutesReport(verifying: tampered.contents, key: .ofBundle)
        #expect(own.findings(at: Self.logPath).contains { $0.entry == 0 }, "\(own)")
        #expect(own.warnings == [.keyOfBundle])
    }

    @Test("Another installation's key is refused, and nothing that is no key is taken for one")
    func foreignKey() throws {
        let name = try #require(NoteKeyName("other.example"))
        let key = NoteVerifierKey(name: name, publicKey: SampleMeeting.key.publicKey)
        let report = MinutesReport(verifying: TamperedBundle().contents, key: .given(key))
        #expect(report.findings.map(\.reason) == ["LOG_INVALID"])
        #expect("\(report)".contains("«other.example»"))
        var tampered = TamperedBundle()
        tampered["ledger/log-key.vkey"] = Array("a key\n".utf8)
        tampered.rebuildManifest()
        let own = MinutesReport(verifying: tampered.contents, key: .ofBundle)
        #expect(own.findings.map(\.problem) == [.key])
    }

    @Test("A bundle of another version is said to be one")
    func otherVersion() {
        var tampered = TamperedBundle()
        tampered.replace("minutes/v1", with: "minutes/v2", in: "bundle.json")
        tampered.rebuildManifest()
        #expect(tampered.report.findings(at: "bundle.json").map(\.problem) == [.options])
    }

    @Test("Findings are counted beyond those that are kept")
    func manyFindings() throws {
        let report = MinutesReport(
            verifying: BundleContents(
                (0..<300).map { number in
                    BundleFile(path: BundlePath("file-\(number)")!, bytes: [])
                }
            ),
            key: .given(SampleMeeting.key)
        )
        #expect(report.findings.count == 2)
        var tampered = TamperedBundle()
        for number in 0..<300 { tampered["file-\(number)"] = [] }
        #expect(tampered.report.findings.count == MinutesLimits.findings)
        #expect(tampered.report.furtherFindings == 600 - MinutesLimits.findings)
    }
}
