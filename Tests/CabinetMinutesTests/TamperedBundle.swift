import CabinetCrypto
import CabinetMinutes
import Foundation

/// A bundle that somebody has changed.
struct TamperedBundle {
    private(set) var files: [BundlePath: [UInt8]]

    init(_ bundle: MinutesBundle = SampleMeeting.bundle) {
        files = BundleContents(bundle.files).files
    }

    var contents: BundleContents {
        BundleContents(files.map { BundleFile(path: $0.key, bytes: $0.value) })
    }

    var report: MinutesReport {
        MinutesReport(verifying: contents, key: .given(SampleMeeting.key))
    }

    subscript(path: String) -> [UInt8]? {
        get { BundlePath(path).flatMap { files[$0] } }
        set { files[BundlePath(path)!] = newValue }
    }

    mutating func flip(_ bit: UInt8, of position: Int, in path: BundlePath) {
        files[path]?[position] ^= 1 << bit
    }

    mutating func replace(_ text: String, with other: String, in path: String) {
        guard let bytes = self[path] else { return }
        let changed = String(decoding: bytes, as: UTF8.self)
            .split(separator: text, omittingEmptySubsequences: false)
            .joined(separator: other)
        self[path] = Array(changed.utf8)
    }

    /// Writes all files into a folder, as somebody has them who received them.
    func write(into folder: String) throws {
        for (path, bytes) in files {
            let url = URL(fileURLWithPath: "\(folder)/\(path)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(bytes).write(to: url)
        }
    }

    /// Whoever changes files can write a manifest of what they are now.
    mutating func rebuildManifest() {
        let lines = files.keys.sorted().filter { $0.text != "manifest" }.map { path in
            "\(SHA256.digest(of: files[path] ?? []))  \(path)\n"
        }
        self["manifest"] = Array(lines.joined().utf8)
    }
}

extension MinutesReport {
    /// The findings about a file.
    func findings(at path: String) -> [MinutesFinding] { findings.filter { $0.path == path } }
}
