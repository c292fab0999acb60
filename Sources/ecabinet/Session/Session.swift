import CabinetAPI
import CabinetClient
import CabinetLedger
import CabinetModel
import CabinetRPC
import CabinetTLS
import CommandSupport
import Foundation
import Logging
import NIOCore

/// A connection to the server, for as long as a command runs.
struct Session: Sendable {
    let rpc: RPCClient
    let settings: ConnectionSettings
    /// Where it connects to.
    let address: HostAndPort
    let console: Console

    /// Who the server says that this device belongs to.
    func caller() async throws -> CabinetAPI.Principal {
        try await DirectoryService.Client(rpc).getSelf(GetSelfRequest()).principal
            ?? CabinetAPI.Principal()
    }

    /// Whose logs are believed.
    func installation() throws -> TrustedInstallation {
        try TrustedInstallation(keyOrFile: try settings.logKey())
    }

    /// Runs something with the journal of a member, or of a board, and closes it at the end.
    ///
    /// - Parameter member: The one of the profile, or the device's owner, where it is `nil`.
    func withJournal<Value>(
        of member: PrincipalID? = nil,
        _ body: (SQLiteBallotJournal, PrincipalID) async throws -> Value
    ) async throws -> Value {
        let member = try await whose(member)
        let folder = try settings.journalFolder(of: member.text)
        let journal = try SQLiteBallotJournal(folder: folder, of: member)
        do {
            let value = try await body(journal, member)
            await journal.close()
            return value
        } catch {
            await journal.close()
            throw error
        }
    }

    /// A new folder in the profile's for the receipts of a log that is given up.
    func folderOfFormerReceipts(
        of member: PrincipalID,
        in meeting: MeetingID
    ) throws(Failure) -> String {
        let name = "\(meeting)-\(UUID().uuidString.prefix(8))"
        let folder = try settings.journalFolder(of: member.text) + "/before-restoration/\(name)"
        try Files.makePrivateFolder(folder)
        return folder
    }

    private func whose(_ member: PrincipalID?) async throws -> PrincipalID {
        if let member { return member }
        if let text = settings.profile.member {
            return try PrincipalID(typed: text, .principal)
        }
        return try PrincipalID(try await caller().principalID)
    }

    /// Runs something with what a member votes with, and closes the journal at the end.
    func withMember<Value>(
        _ body: (Member) async throws -> Value
    ) async throws -> Value {
        let installation = try installation()
        let files = try settings.signingFiles()
        let key = try Files.text(files.key)
        let certificate = try Files.text(files.certificate)
        return try await withJournal { journal, member in
            let signer = try BallotSigner(
                member,
                privateKeyPEM: key,
                certificatePEM: certificate
            )
            return try await body(
                Member(
                    installation: installation,
                    signer: signer,
                    journal: journal,
                    voting: VotingClient(rpc, as: signer, of: installation, journal: journal)
                )
            )
        }
    }

    /// What a member votes with.
    struct Member: Sendable {
        let installation: TrustedInstallation
        let signer: BallotSigner
        let journal: SQLiteBallotJournal
        let voting: VotingClient
    }
}

extension ConnectionOptions {
    /// Runs something with a connection, and closes it at the end, however that comes.
    ///
    /// - Parameter isConnected: Whether to connect before, which finds out what is wrong at once. A command
    ///   that waits for the server by itself does not ask for that.
    func withSession<Value>(
        _ console: Console,
        isConnected: Bool = true,
        _ body: (Session) async throws -> Value
    ) async throws -> Value {
        let settings = try ConnectionSettings(self)
        let address = try settings.server()
        let tls = try TLSClientContext(try settings.tlsFiles())
        let rpc = RPCClient(
            host: address.host,
            port: address.port,
            tls: tls,
            configuration: settings.clientConfiguration,
            logger: settings.logger(console)
        )
        do {
            if isConnected { try await rpc.connect() }
            let value = try await body(
                Session(rpc: rpc, settings: settings, address: address, console: console)
            )
            await rpc.close()
            return value
        } catch {
            await rpc.close()
            throw error
        }
    }
}

extension ConnectionSettings {
    /// - Postcondition: No step of connecting takes longer than ``timeout``.
    fileprivate var clientConfiguration: RPCClientConfiguration {
        var configuration = RPCClientConfiguration()
        configuration.agent = "ecabinet"
        configuration.defaultTimeout = timeout
        let most = TimeAmount(timeout)
        configuration.connectTimeout = min(configuration.connectTimeout, most)
        configuration.tls.handshakeTimeout = min(configuration.tls.handshakeTimeout, most)
        return configuration
    }

    fileprivate func logger(_ console: Console) -> Logger {
        guard isVerbose else {
            return Logger(label: "ecabinet") { _ in SwiftLogNoOpLogHandler() }
        }
        return Logger(label: "ecabinet") { _ in ConnectionLog(console) }
    }
}
