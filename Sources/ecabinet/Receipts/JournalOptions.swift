import ArgumentParser
import CabinetClient
import CabinetModel
import Foundation

/// Whose kept ballots a command reads, where no server is asked.
struct JournalOptions: ParsableArguments, Sendable {
    @OptionGroup var trust: TrustOptions

    @Option(
        help: ArgumentHelp(
            "Only the ballots of a meeting. Otherwise of that in ECABINET_MEETING, or all.",
            valueName: "meeting"
        )
    )
    var meeting: String?

    @Option(
        help: ArgumentHelp(
            "Whose ballots, where the profile has those of several members.",
            valueName: "principal"
        )
    )
    var member: String?

    /// Runs something with the ballots that the profile has kept.
    func withBallots<Value>(
        _ body: ([JournalledBallot]) async throws -> Value
    ) async throws -> Value {
        let meeting = try NamedMeeting.id(meeting)
        guard let (member, folder) = try journal() else { return try await body([]) }
        let journal = try SQLiteBallotJournal(folder: folder, of: member)
        do {
            let meetings = if let meeting { [meeting] } else { try await journal.meetings() }
            var ballots: [JournalledBallot] = []
            for meeting in meetings { ballots += try await journal.ballots(in: meeting) }
            let value = try await body(ballots)
            await journal.close()
            return value
        } catch {
            await journal.close()
            throw error
        }
    }

    /// - Returns: `nil` where there is none yet.
    private func journal() throws(Failure) -> (member: PrincipalID, folder: String)? {
        let settings = try trust.settings()
        var name = member ?? settings.profile.member
        if name == nil { name = try onlyMember(of: settings) }
        guard let name else { return nil }
        let member = try PrincipalID(typed: name, .principal)
        let folder = settings.store.journalFolder(of: settings.name, member: member.text).path
        guard FileManager.default.fileExists(atPath: folder) else { return nil }
        return (member, folder)
    }

    private func onlyMember(of settings: TrustOptions.Settings) throws(Failure) -> String? {
        let folder = settings.store.journalFolder(of: settings.name, member: "-")
            .deletingLastPathComponent().path
        let members =
            ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        guard members.count > 1 else { return members.first }
        let names = members.joined(separator: ", ")
        throw Failure(
            .usage,
            "MEMBER_UNCLEAR",
            Phrase(
                "the profile «\(settings.name)» has kept ballots of several members",
                vi: "hồ sơ «\(settings.name)» lưu phiếu của nhiều thành viên"
            ),
            because: Phrase("there are: \(names)", vi: "hiện có: \(names)"),
            advice: Phrase("say whose with --member", vi: "hãy chọn bằng --member")
        )
    }
}

/// Whose logs a command believes that asks no server.
struct TrustOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp(
            "The profile to take the rest from. Otherwise ECABINET_PROFILE, or «default».",
            valueName: "name"
        )
    )
    var profile: String?

    @Option(
        help: ArgumentHelp(
            "The key that verifies the logs, from whoever runs the server: its log-key.vkey, or the line "
                + "in it.",
            valueName: "file or key"
        ),
        completion: .file(extensions: ["vkey"])
    )
    var logKey: String?

    /// A profile, which may not be there yet.
    struct Settings: Sendable {
        let name: ProfileName
        let profile: Profile
        /// Whether there is a profile of that name.
        let isKept: Bool
        let store: ProfileStore
    }

    func settings() throws(Failure) -> Settings {
        let store = ProfileStore()
        let asked = try ConnectionSettings.profileName(profile)
        let kept = try store.profile(asked.name)
        if kept == nil, asked.isExplicit { throw Failure(noProfile: asked.name, store) }
        return Settings(
            name: asked.name,
            profile: kept ?? Profile(),
            isKept: kept != nil,
            store: store
        )
    }

    /// The installation whose logs are believed.
    func installation() throws(Failure) -> TrustedInstallation {
        if let logKey { return try TrustedInstallation(keyOrFile: logKey) }
        let settings = try settings()
        guard let kept = settings.profile.logKey else {
            guard settings.isKept else {
                throw Failure(missing: "--log-key", without: settings.name, settings.store)
            }
            throw Failure(
                missing: "--log-key",
                in: settings.name,
                advice: Phrase(
                    "it is the file log-key.vkey of the server, from whoever runs it",
                    vi: "đó là tệp log-key.vkey của máy chủ, do người vận hành cung cấp"
                )
            )
        }
        return try TrustedInstallation(keyOrFile: kept)
    }
}
