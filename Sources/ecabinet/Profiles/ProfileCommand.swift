import ArgumentParser
import Foundation

/// `ecabinet profile`.
struct ProfileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Keeps where to connect and with what, under names.",
        discussion: """
            Profiles are files in $ECABINET_CONFIG_HOME, else in ecabinet of $XDG_CONFIG_HOME, else in \
            ~/.config/ecabinet. They name keys and do not hold them.
            """,
        subcommands: [
            ProfileSetCommand.self, ProfileShowCommand.self, ProfileListCommand.self,
            ProfileRemoveCommand.self,
        ]
    )
}

/// `ecabinet profile set`.
struct ProfileSetCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Writes a profile, or changes the given parts of one that there is.",
        discussion: """
            Paths are kept absolute. The files may come later: those that are not there, or do not go \
            together, are warned of.
            """
    )

    @Argument(help: "The name of the profile.")
    var name: String

    @OptionGroup(title: "What is kept")
    var values: ConnectionValues

    @OptionGroup(title: "Output")
    var output: OutputOptions

    func run(on console: Console) async throws {
        let name = try ProfileName(name)
        let store = ProfileStore()
        let profile = try (store.profile(name) ?? Profile()).overridden(by: values.profile)
        try store.save(profile, as: name)
        for warning in profile.warnings { console.warn(warning) }
        try console.show(ProfileReport(name: name, profile: profile, path: store.path(of: name)))
    }
}

/// `ecabinet profile show`.
struct ProfileShowCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints a profile."
    )

    @Argument(help: "The name of the profile. Otherwise ECABINET_PROFILE, or «default».")
    var name: String?

    @OptionGroup(title: "Output")
    var output: OutputOptions

    func run(on console: Console) async throws {
        let store = ProfileStore()
        let name = try ConnectionSettings.profileName(name).name
        guard let profile = try store.profile(name) else { throw Failure(noProfile: name, store) }
        try console.show(ProfileReport(name: name, profile: profile, path: store.path(of: name)))
    }
}

/// `ecabinet profile list`.
struct ProfileListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the profiles."
    )

    @OptionGroup(title: "Output")
    var output: OutputOptions

    func run(on console: Console) async throws {
        let store = ProfileStore()
        var profiles: [(ProfileName, Profile)] = []
        for name in store.names() {
            if let profile = try store.profile(name) { profiles.append((name, profile)) }
        }
        try console.show(ProfileListReport(profiles: profiles))
    }
}

/// `ecabinet profile remove`.
struct ProfileRemoveCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Removes a profile. Certificates and keys stay where they are."
    )

    @Argument(help: "The name of the profile.")
    var name: String

    @Flag(help: "Remove the journals of ballots as well, and with them the receipts in them.")
    var withJournals = false

    @OptionGroup(title: "Output")
    var output: OutputOptions

    func run(on console: Console) async throws {
        let store = ProfileStore()
        let name = try ProfileName(name)
        let keepsJournals = !withJournals && store.hasJournals(name)
        guard try store.remove(name, withJournals: withJournals) else {
            throw Failure(noProfile: name, store)
        }
        if keepsJournals {
            console.note(
                Phrase(
                    "its journals of ballots are kept; --with-journals removes them as well",
                    vi: "sổ phiếu được giữ lại; --with-journals sẽ xóa cả sổ phiếu"
                )
            )
        }
        try console.show(
            Done("removed", name.text, Phrase("removed \(name)", vi: "đã xóa \(name)"))
        )
    }
}
