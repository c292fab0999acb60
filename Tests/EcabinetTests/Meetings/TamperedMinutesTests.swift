import CabinetCrypto
import Foundation
import TestSupport
import Testing

@testable import ecabinet

/// Minutes that somebody has changed, as `ecabinet verify` finds them.
@Suite struct TamperedMinutesTests {
    /// Positions in each file that are tried, with the manifest as it was and with one made anew.
    private static let positions = 2
    /// Further positions in the log, whose manifest is made anew: in entries, signatures and certificates.
    private static let positionsInLog = 20

    /// A copy of the minutes that can be changed, and made good again.
    private struct Copy {
        let folder: String
        let originals: [String: [UInt8]]

        init(of minutes: String) throws {
            folder = minutes
            let names = try FileManager.default.subpathsOfDirectory(atPath: minutes)
            originals = try names.reduce(into: [:]) { files, name in
                let path = "\(minutes)/\(name)"
                var isFolder: ObjCBool = false
                if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
                    !isFolder.boolValue
                {
                    files[name] = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
                }
            }
        }

        func write(_ bytes: [UInt8]?, _ name: String) throws {
            let url = URL(fileURLWithPath: "\(folder)/\(name)")
            guard let bytes else { return try FileManager.default.removeItem(at: url) }
            try Data(bytes).write(to: url)
        }

        /// Changes files, runs something, and changes them back.
        func with<Value>(
            _ changes: [String: [UInt8]?],
            newManifest: Bool,
            _ body: () async throws -> Value
        ) async throws -> Value {
            for (name, bytes) in changes { try write(bytes, name) }
            if newManifest {
                var files = originals
                for (name, bytes) in changes { files[name] = bytes }
                files["manifest"] = nil
                let lines = files.sorted { $0.key < $1.key }
                    .map { "\(SHA256.digest(of: $0.value))  \($0.key)\n" }
                try write(Array(lines.joined().utf8), "manifest")
            }
            let value = try await body()
            for name in changes.keys { try write(originals[name] ?? [], name) }
            try write(originals["manifest"] ?? [], "manifest")
            return value
        }
    }

    private static func findings(
        _ hall: Hall,
        _ copy: Copy,
        _ about: String
    ) async throws -> [JSONValue] {
        let outcome = try await hall.run(
            ["verify", copy.folder, "--json", "--log-key", hall.logKey]
        )
        #expect(outcome.status == 65, "\(about): \(outcome)")
        #expect(outcome.output.isEmpty, "\(about): \(outcome)")
        let error = try outcome.errorJSON()
        #expect(error["reason"] == .string("MINUTES_UNVERIFIED"), "\(about)")
        guard case .array(let findings)? = error["attributes"]?["findings"] else { return [] }
        return findings
    }

    @Test(
        "No byte of any file can be changed, and no ballot be taken out, without the file being named"
    )
    func tampered() async throws {
        let hall = try await Hall()
        try await hall.open()
        try await hall.openPoll("p1")
        try await hall.vote("p1", "yes", as: "m1")
        try await hall.vote("p1", "no", as: "m2")
        try await hall.text(["poll", "close", "p1"])
        let folder = hall.folder.path("minutes")
        try await hall.text(
            ["ledger", "minutes", folder, "--meeting", Hall.meeting],
            as: "auditor"
        )
        let copy = try Copy(of: folder)
        var generator = Seed.generator(21)
        let started = ContinuousClock.now
        for (name, bytes) in copy.originals.sorted(by: { $0.key < $1.key }) {
            for newManifest in [false, true] where !newManifest || name != "manifest" {
                let isLog = newManifest && name.hasSuffix(".cabinet-log")
                for _ in 0..<(isLog ? Self.positionsInLog : Self.positions) {
                    let position = Int.random(in: 0..<bytes.count, using: &generator)
                    var changed = bytes
                    changed[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                    let about = "byte \(position) of \(name), new manifest: \(newManifest)"
                    let findings = try await copy.with([name: changed], newManifest: newManifest) {
                        try await Self.findings(hall, copy, about)
                    }
                    // Where the manifest is another, it is the file that it names which differs.
                    #expect(
                        findings.contains { $0["path"] == .string(name) }
                            || (name == "manifest" && !findings.isEmpty),
                        "\(about): \(findings)"
                    )
                }
            }
        }
        let ballot = copy.originals.keys.filter { $0.hasPrefix("polls/p1/ballots/m2.") }
        #expect(ballot.count == 3)
        for newManifest in [false, true] {
            let findings = try await copy.with(
                Dictionary(uniqueKeysWithValues: ballot.map { ($0, nil) }),
                newManifest: newManifest
            ) {
                try await Self.findings(hall, copy, "without a ballot")
            }
            for name in ballot {
                #expect(
                    findings.contains {
                        $0["path"] == .string(name) && $0["member_id"] == .string("m2")
                    },
                    "\(name): \(findings)"
                )
            }
        }
        print("tampered minutes verified in \(ContinuousClock.now - started)")
        // What was changed was changed back.
        try await hall.text(["verify", folder, "--log-key", hall.logKey])
    }
}
