import ArgumentParser
import CabinetAPI
import CabinetRPC
import Foundation

import typealias CabinetModel.PrincipalID

/// `ecabinet directory`.
struct DirectoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "directory",
        abstract: "Keeps who there is: principals, their roles and certificates.",
        discussion: """
            Changes are an administrator's; administrators, secretaries and auditors may look. Nobody is \
            ever removed: who is gone is suspended.
            """,
        subcommands: [
            DirectorySelfCommand.self, DirectoryListCommand.self, DirectoryShowCommand.self,
            DirectoryPutCommand.self, DirectorySuspendCommand.self,
            DirectoryReinstateCommand.self, DirectoryCertificateCommand.self,
        ]
    )
}

/// `ecabinet directory self`.
struct DirectorySelfCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "self",
        abstract: "Prints whom the directory takes this device for."
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            try await console.show(PrincipalReport(principal: session.caller()))
        }
    }
}

/// `ecabinet directory list`.
struct DirectoryListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists or searches principals, in the order of Vietnamese names."
    )

    @Argument(
        help: ArgumentHelp(
            "Text to find in names and offices, without regard to case and tone marks.",
            valueName: "text"
        )
    )
    var query: String?

    @Option(help: ArgumentHelp("Only those with a role.", valueName: "role"))
    var role: RoleArgument?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            let directory = Directory(over: session.rpc)
            try await console.show(
                PrincipalListReport(
                    principals: directory.principals(
                        matching: query,
                        role: role?.role ?? .unspecified
                    )
                )
            )
        }
    }
}

/// `ecabinet directory show`.
struct DirectoryShowCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints a principal and its certificates."
    )

    @Argument(help: "The identifier of the principal.")
    var id: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            try await console.show(
                PrincipalReport(principal: Directory(over: session.rpc).principal(id))
            )
        }
    }
}

/// `ecabinet directory put`.
struct DirectoryPutCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "put",
        abstract: "Enters a principal, or changes the given parts of one that there is.",
        discussion: """
            A new one needs --name and --role. Roles are all that the principal has from now on. Where \
            somebody else changes the principal at the same time, nothing is changed, and the server says \
            so.
            """
    )

    @Argument(help: "The identifier of the principal.")
    var id: String

    @Option(help: ArgumentHelp("The name for people.", valueName: "name"))
    var name: String?

    @Option(help: ArgumentHelp("The office; \"\" for none.", valueName: "office"))
    var office: String?

    @Option(
        name: .customLong("role"),
        help: ArgumentHelp("A role. May be given more than once.", valueName: "role")
    )
    var roles: [RoleArgument] = []

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        let id = try PrincipalID(typed: id, .principal, isNew: true).text
        try await connection.withSession(console) { session in
            let directory = Directory(over: session.rpc)
            var principal = try await directory.existingPrincipal(id) ?? newPrincipal()
            // Terminals do not say in which normalisation form they send what is typed.
            if let name { principal.displayName = name.precomposedStringWithCanonicalMapping }
            if let office { principal.office = office.precomposedStringWithCanonicalMapping }
            if !roles.isEmpty { principal.roles = roles.map(\.role) }
            try await console.show(PrincipalReport(principal: directory.put(principal)))
        }
    }

    private func newPrincipal() throws(Failure) -> Principal {
        guard name != nil, !roles.isEmpty else {
            throw Failure(
                .usage,
                "PRINCIPAL_INCOMPLETE",
                Phrase(
                    "the directory has no «\(id)», and a new principal needs --name and --role",
                    vi: "danh bạ không có «\(id)», và người mới cần --name và --role"
                ),
                advice: Phrase(
                    "«ecabinet directory list» says whom it has",
                    vi: "«ecabinet directory list» cho biết danh bạ có những ai"
                )
            )
        }
        return Principal(principalID: id)
    }
}

/// `ecabinet directory suspend`.
struct DirectorySuspendCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend",
        abstract: "Shuts a principal out: its connections end at once. Its history stays."
    )

    @Argument(help: "The identifier of the principal.")
    var id: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            try await console.show(Directory(over: session.rpc).setSuspended(true, id))
        }
    }
}

/// `ecabinet directory reinstate`.
struct DirectoryReinstateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "reinstate",
        abstract: "Lets a principal in again that was suspended."
    )

    @Argument(help: "The identifier of the principal.")
    var id: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run(on console: Console) async throws {
        try await connection.withSession(console) { session in
            try await console.show(Directory(over: session.rpc).setSuspended(false, id))
        }
    }
}
