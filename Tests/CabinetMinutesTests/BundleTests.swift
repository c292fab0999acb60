import CabinetCrypto
import CabinetLedger
import CabinetMapping
import CabinetMinutes
import CabinetModel
import Foundation
import LogTestSupport
import ModelTestSupport
import TestSupport
import Testing

@Suite struct BundleTests {
    private let bundle = SampleMeeting.bundle

    private func text(_ path: String) throws -> String {
        let file = try #require(bundle.files.first { $0.path.text == path }, "\(path)")
        return try #require(String(validating: file.bytes, as: UTF8.self))
    }

    private func object(_ path: String) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(text(path).utf8))
        return try #require(value as? [String: Any])
    }

    @Test("The same log gives the same bytes, whichever of the two keys it is verified with")
    func deterministic() throws {
        let installation = NoteVerifierKey(
            name: try #require(NoteKeyName("cabinet.example")),
            publicKey: SampleMeeting.key.publicKey
        )
        let again = try MinutesBundle(of: SampleMeeting.log, key: installation)
        #expect(again.files == bundle.files)
        #expect(try again.tar() == bundle.tar())
    }

    @Test("There is a file for everything that was shown, and the names are safe")
    func files() {
        let paths = bundle.files.map(\.path.text)
        #expect(paths == paths.sorted())
        for path in paths {
            #expect(BundlePath(path) != nil)
            #expect(!path.contains(".."))
        }
        let ballots = paths.filter { $0.hasSuffix(".signed") }
        #expect(
            ballots == [
                "polls/named/ballots/m3.1.signed", "polls/named/ballots/m3.2.signed",
                "polls/named/ballots/m4.1.signed",
                "polls/revocable/ballots/m1.1.signed", "polls/revocable/ballots/m2.2.signed",
                "polls/revocable/ballots/m3.1.signed", "polls/revocable/ballots/m5.1.signed",
                "polls/tied/ballots/m1.1.signed", "polls/tied/ballots/m2.1.signed",
                "polls/tied/ballots/m3.1.signed", "polls/tied/ballots/m4.1.signed",
                "polls/tied/tie.signed",
            ]
        )
        #expect(paths.contains("polls/voided/result.json"))
        #expect(!paths.contains { $0.hasPrefix("polls/draft/") })
    }

    @Test("No name that a log may have leads out of the folder")
    func names() {
        for text in [
            "", "/", "..", ".", "a/..", "../a", "a//b", "/a", "a/", "polls/../a", ".hidden", "-a",
            "a b",
            "a\u{0}", "a/b/c/d/e", "a\\b", "ä", String(repeating: "a", count: 101),
        ] {
            #expect(BundlePath(text) == nil, "\(text)")
        }
        let long = String(repeating: "a", count: 64)
        #expect(BundlePath("polls/\(long)/ballots/\(long).4294967295.ed25519.sig") != nil)
    }

    @Test("The meeting as JSON says what the log says")
    func meeting() throws {
        let meeting = try object("meeting.json")
        #expect(meeting["meeting"] as? String == "2019-06-24")
        #expect(meeting["state"] as? String == "ADJOURNED")
        #expect(meeting["opened"] as? String == "2019-06-24T02:01:00.000Z")
        let people = try #require(meeting["participants"] as? [[String: Any]])
        #expect(people.first?["office"] as? String == "Thủ tướng")
        let attendance = people.reduce(into: [String: String]()) { found, person in
            found[person["participant"] as? String ?? ""] = person["attendance"] as? String
        }
        #expect(
            attendance == [
                "m1": "IN_ROOM", "m2": "IN_ROOM", "m3": "IN_ROOM", "m4": "LEFT", "m5": "REMOTE",
                "m6": "ON_LEAVE", "m7": "ABSENT", "secretary": "EXPECTED", "wall": "EXPECTED",
            ]
        )
        let polls = try #require(meeting["polls"] as? [[String: Any]])
        #expect(polls.map { $0["poll"] as? String } == ["revocable", "tied", "voided", "named"])
        let results = polls.map { ($0["verdict"] as? [String: Any])?["ground"] as? String }
        #expect(
            results == ["THRESHOLD_REACHED", "TIE_CHAIR_CHOICE", nil, "THRESHOLD_NOT_REACHED"]
        )
        let explanation = try #require(polls[0]["explanation"] as? [String: [String]])
        #expect(explanation["en"]?.first == "Carried: those in favour reached the number needed.")
        #expect(
            explanation["vi"]?.first
                == "Được thông qua: đạt số phiếu tán thành cần thiết."
        )
    }

    // MARK: - What is not shown

    @Test("What members were not shown is in the log alone")
    func hidden() throws {
        // The ballot that was replaced, and that of the voided poll.
        #expect(try !text("polls/revocable/ballots.json").contains("\"NO\""))
        let voided = try object("polls/voided/ballots.json")
        #expect((voided["ballots"] as? [Any])?.isEmpty == true)
        #expect(try object("polls/voided/result.json")["ballots_in_log"] as? Int == 1)
        for file in bundle.files where !file.path.text.hasPrefix("ledger/") {
            let text = String(decoding: file.bytes, as: UTF8.self)
            #expect(!text.contains("mất điện thoại"), "\(file.path)")
            #expect(!text.contains("motion of draft"), "\(file.path)")
        }
        // What everybody saw when it came is shown.
        #expect(try text("polls/named/ballots.json").contains("\"NO\""))
    }

    @Test("Who voted in a poll that was voided, and was shown as a number, is in the log alone")
    func voters() throws {
        var session = try Session.voting(materials: SignedMaterials.materials)
        try session.cast("m2", .yes)
        try session.run(.voidPoll("poll", reason: "sai"), by: "m1")
        let log = try SignedMaterials.file(of: session.log)
        let bundle = try MinutesBundle(of: log, key: SampleMeeting.key)
        let paths = bundle.files.map(\.path.text)
        #expect(!paths.contains { $0.hasPrefix("certificates/") || $0.contains("/ballots/") })
        let report = MinutesReport(
            verifying: BundleContents(bundle.files),
            key: .given(SampleMeeting.key)
        )
        #expect(report.isVerified, "\(report)")
    }

    @Test("There are no minutes while a poll is in progress")
    func inProgress() throws {
        var session = try Session.voting(materials: SignedMaterials.materials)
        try session.cast("m1", .yes)
        let log = try SignedMaterials.file(of: session.log)
        #expect(throws: MinutesError.pollInProgress("poll")) {
            try MinutesBundle(of: log, key: SampleMeeting.key)
        }
    }

    @Test("There are no minutes of a log that does not verify, or of another installation")
    func refused() throws {
        var log = SampleMeeting.log
        log[log.count - 40] ^= 1
        #expect(throws: MinutesError.self) {
            try MinutesBundle(of: log, key: SampleMeeting.key)
        }
        for name in ["cabinet.exampl", "cabinet.example/2019-06-2", "other.example"] {
            let key = NoteVerifierKey(
                name: try #require(NoteKeyName(name)),
                publicKey: SampleMeeting.key.publicKey
            )
            #expect(
                throws: MinutesError.otherInstallation(
                    key: name,
                    origin: "cabinet.example/2019-06-24"
                )
            ) {
                try MinutesBundle(of: SampleMeeting.log, key: key)
            }
        }
    }

    @Test("There are minutes of every meeting in which no poll is in progress")
    func randomMeetings() throws {
        var count = 0
        for number in 0..<12 {
            var meeting = RandomMeeting(
                random: Seed.generator(0x600 + UInt64(number)),
                materials: SignedMaterials.materials
            )
            for _ in 0..<300 { _ = meeting.step() }
            let log = try SignedMaterials.file(of: meeting.session.log)
            guard meeting.session.state.proceedings.pollInProgress == nil else { continue }
            count += 1
            let bundle = try MinutesBundle(of: log, key: SampleMeeting.key)
            let report = MinutesReport(
                verifying: BundleContents(bundle.files),
                key: .given(SampleMeeting.key)
            )
            #expect(report.isVerified, "\(report)")
        }
        #expect(count > 0)
    }
}
