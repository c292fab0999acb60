import CabinetModel
import Foundation
import TestSupport
import Testing

@testable import CabinetMinutes

@Suite struct TarTests {
    private static let tar = try! SampleMeeting.bundle.tar()

    private func finding(_ bytes: [UInt8]) -> TarError? {
        do throws(TarError) {
            _ = try BundleContents(tar: bytes)
            return nil
        } catch {
            return error
        }
    }

    /// A tar with one file, or something else under a name.
    private func archive(_ name: String, type: Character = "0", bytes: [UInt8] = []) -> [UInt8] {
        var header = TarFormat.header(name: "x", byteCount: bytes.count, time: 1)!
        header.replaceSubrange(
            0..<100,
            with: Array(name.utf8) + [UInt8](repeating: 0, count: 100 - name.utf8.count)
        )
        header[156] = type.asciiValue!
        header.replaceSubrange(148..<156, with: Array("        ".utf8))
        let sum = header.reduce(0) { $0 + Int($1) }
        header.replaceSubrange(
            148..<156,
            with: Array("\(padded(Int(String(sum, radix: 8))!, to: 6))\0 ".utf8)
        )
        let padding = [UInt8](
            repeating: 0,
            count: TarFormat.paddingCount(after: bytes.count)
        )
        return header + bytes + padding + TarFormat.end
    }

    @Test("A tar verifies")
    func verifies() throws {
        let contents = try BundleContents(tar: Self.tar)
        #expect(contents.folderName == "minutes-2019-06-24")
        #expect(contents.files == TamperedBundle().files)
        let report = MinutesReport(verifying: contents, key: .given(SampleMeeting.key))
        #expect(report.isVerified, "\(report)")
    }

    @Test(
        "A name that leads out of the folder is refused",
        arguments: [
            "../evil", "minutes/../evil", "/etc/passwd", "minutes/../../evil", "minutes//a",
            "minutes/.a",
            "minutes", "minutes/", "./a/b", "minutes/a/b/c/d/e", "minutes/a\\b", "minutes/a b",
        ]
    )
    func traversal(_ name: String) {
        #expect(finding(archive(name)) == .name(name))
    }

    @Test(
        "A link, a folder or a device is refused",
        arguments: ["1", "2", "3", "5", "6", "g", "x", "L"]
    )
    func links(_ type: String) {
        #expect(finding(archive("minutes/a", type: Character(type))) == .notAFile("minutes/a"))
    }

    @Test("Two folders, a file twice, and a foreign header are refused")
    func others() {
        let (first, second) = (archive("minutes/a"), archive("minutes/b"))
        #expect(finding(first) == nil)
        #expect(finding(Array(first.prefix(512)) + second) == nil)
        #expect(finding(Array(first.prefix(512)) + first) == .order("minutes/a"))
        #expect(finding(Array(second.prefix(512)) + first) == .order("minutes/a"))
        #expect(finding(Array(first.prefix(512)) + archive("other/b")) == .folders("other/b"))
        #expect(finding([]) == .truncated(offset: 0))
        #expect(finding(TarFormat.end) == .empty)
        #expect(finding(Array("PK".utf8) + Self.tar) == .header(offset: 0))
        #expect(finding(Self.tar + TarFormat.end) == .padding(offset: Self.tar.count))
    }

    @Test("Any byte of a tar that is changed is found")
    func changedBytes() throws {
        var generator = Seed.generator(0x620)
        // The first header whole, and positions everywhere.
        var positions = Array(0..<512) + [Self.tar.count - 1]
        for _ in 0..<300 { positions.append(Int.random(in: 0..<Self.tar.count, using: &generator)) }
        for position in positions {
            var tar = Self.tar
            tar[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            guard let contents = try? BundleContents(tar: tar) else { continue }
            // It is in a file then.
            let changed = contents.files.filter { TamperedBundle().files[$0.key] != $0.value }
            #expect(changed.count == 1, "byte \(position)")
        }
    }

    @Test("A tar that ends anywhere too early is refused")
    func truncated() {
        var generator = Seed.generator(0x621)
        for _ in 0..<60 {
            let count = Int.random(in: 0..<Self.tar.count, using: &generator)
            #expect(finding(Array(Self.tar.prefix(count))) != nil, "\(count) bytes")
        }
    }

    @Test("A tar whose time or folder is another is named")
    func otherHeaders() throws {
        for (folder, time) in [("minutes-other", Int64(1_561_342_000)), ("minutes-2019-06-24", 1)] {
            var tar: [UInt8] = []
            for file in SampleMeeting.bundle.files {
                let header = TarFormat.header(
                    name: "\(folder)/\(file.path)",
                    byteCount: file.bytes.count,
                    time: time
                )
                tar += try #require(header) + file.bytes
                tar += repeatElement(0, count: TarFormat.paddingCount(after: file.bytes.count))
            }
            let contents = try BundleContents(tar: tar + TarFormat.end)
            let report = MinutesReport(verifying: contents, key: .given(SampleMeeting.key))
            #expect(report.findings.map(\.problem) == [.tarHeaders])
        }
    }
}
