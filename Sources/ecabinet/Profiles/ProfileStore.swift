import Foundation

/// The profiles of a user: a folder with a folder for each, in which are `profile.json` and what a member's
/// client keeps. They are their owner's alone.
struct ProfileStore: Sendable {
    private let folder: URL

    private static let fileName = "profile.json"
    /// More is no profile.
    private static let maxBytes = 65_536

    /// - Parameter environment: ECABINET_CONFIG_HOME, else `ecabinet` in XDG_CONFIG_HOME, else in ~/.config.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        func set(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let home = set("HOME") ?? NSHomeDirectory()
        let configuration =
            set("ECABINET_CONFIG_HOME") ?? (set("XDG_CONFIG_HOME") ?? "\(home)/.config")
            + "/ecabinet"
        folder = URL(fileURLWithPath: configuration).appending(path: "profiles")
    }

    func path(of name: ProfileName) -> String {
        folder(of: name).appending(path: Self.fileName).path
    }

    /// Where a member's journal is, which no other member's shares.
    func journalFolder(of name: ProfileName, member: String) -> URL {
        journalsFolder(of: name).appending(path: member)
    }

    func journalsFolder(of name: ProfileName) -> URL {
        folder(of: name).appending(path: "journals")
    }

    /// Where a profile keeps what it has seen of logs while it watched: beside the journals of members, whose
    /// identifiers may be any name.
    func watchFolder(of name: ProfileName) -> URL { folder(of: name).appending(path: "watch") }

    /// Whether a profile's folder has journals of ballots, or what was seen of logs.
    func hasJournals(_ name: ProfileName) -> Bool {
        ["journals", "watch"].contains { journals in
            let path = folder(of: name).appending(path: journals).path
            return (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty == false
        }
    }

    private func folder(of name: ProfileName) -> URL { folder.appending(path: name.text) }

    // MARK: - Reading

    /// - Returns: `nil` where there is none with the name.
    func profile(_ name: ProfileName) throws(Failure) -> Profile? {
        let path = path(of: name)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let bytes = try Files.read(path, atMost: Self.maxBytes)
        do {
            return try Profile(try JSONParser.value(of: bytes))
        } catch let error as JSONSyntaxError {
            throw Self.damaged(path, "\(error)")
        } catch let error as ProfileFormatError {
            throw Self.damaged(path, error.explanation)
        } catch {
            throw Failure(reporting: error)
        }
    }

    private static func damaged(_ path: String, _ explanation: String) -> Failure {
        Failure(
            .configuration,
            "PROFILE_DAMAGED",
            Phrase("the profile \(path) cannot be used", vi: "không dùng được hồ sơ \(path)"),
            because: Phrase(detail: explanation, vi: "nội dung tệp không phải một hồ sơ"),
            advice: Phrase(
                "write it anew with «ecabinet profile set», or mend the file",
                vi: "ghi lại bằng «ecabinet profile set», hoặc sửa tệp"
            )
        )
    }

    /// The names of all profiles, sorted.
    func names() -> [ProfileName] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return entries.compactMap { try? ProfileName($0) }
            .filter { FileManager.default.fileExists(atPath: path(of: $0)) }
            .sorted()
    }

    // MARK: - Writing

    func save(_ profile: Profile, as name: ProfileName) throws(Failure) {
        try Files.makePrivateFolder(folder(of: name).path)
        try Files.replace(
            path(of: name),
            with: Array((JSONValue.object(profile.members).text + "\n").utf8)
        )
    }

    /// - Parameter withJournals: Removes the journals of ballots as well, and with them the only proof of
    ///   some votes.
    /// - Returns: Whether there was one.
    func remove(_ name: ProfileName, withJournals: Bool) throws(Failure) -> Bool {
        guard FileManager.default.fileExists(atPath: path(of: name)) else { return false }
        do {
            if withJournals || !hasJournals(name) {
                try FileManager.default.removeItem(at: folder(of: name))
            } else {
                try FileManager.default.removeItem(atPath: path(of: name))
            }
        } catch {
            throw Failure(cannotWrite: path(of: name), error)
        }
        return true
    }
}
