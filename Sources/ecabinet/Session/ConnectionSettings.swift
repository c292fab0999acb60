import CabinetModel
import CabinetTLS
import CommandSupport
import Foundation

/// What a command connects with, when profile and options are put together.
struct ConnectionSettings: Sendable {
    let profileName: ProfileName
    let profile: Profile
    /// Whether there is a profile of that name.
    private let isKept: Bool
    let timeout: Duration
    let isVerbose: Bool
    private let store: ProfileStore

    /// - Throws: ``Failure`` where a profile was asked for that is not there, or one is damaged.
    init(
        _ options: ConnectionOptions,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(Failure) {
        store = ProfileStore(environment: environment)
        let asked = try Self.profileName(options.profile, environment: environment)
        let kept = try store.profile(asked.name)
        if kept == nil, asked.isExplicit { throw Failure(noProfile: asked.name, store) }
        profileName = asked.name
        isKept = kept != nil
        profile = (kept ?? Profile()).overridden(by: options.values.profile)
        timeout = options.timeout.duration
        isVerbose = options.verbose
    }

    /// The profile that is meant, and whether somebody has named it.
    static func profileName(
        _ option: String?,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(Failure) -> (name: ProfileName, isExplicit: Bool) {
        if let option { return (try ProfileName(option), true) }
        guard let name = environment["ECABINET_PROFILE"], !name.isEmpty else {
            return (.default, false)
        }
        return (try ProfileName(name), true)
    }

    // MARK: - What commands need of it

    func server() throws(Failure) -> HostAndPort {
        try required(profile.server, "--server")
    }

    func tlsFiles() throws(Failure) -> TLSFiles {
        TLSFiles(
            certificateChain: try required(profile.certificate, "--certificate"),
            privateKey: try required(profile.key, "--key"),
            trustedAuthorities: try required(profile.authorities, "--authorities"),
            revocationLists: profile.revocationLists
        )
    }

    func logKey() throws(Failure) -> String {
        try required(profile.logKey, "--log-key")
    }

    /// Key and certificate that sign ballots: the device's, where there are no others.
    func signingFiles() throws(Failure) -> (key: String, certificate: String) {
        if profile.signingKey == nil, profile.signingCertificate == nil {
            return (
                try required(profile.key, "--signing-key"),
                try required(profile.certificate, "--signing-certificate")
            )
        }
        return (
            try required(profile.signingKey, "--signing-key"),
            try required(profile.signingCertificate, "--signing-certificate")
        )
    }

    /// A folder for the journal of a member, which is made where there is none.
    ///
    /// - Parameter member: Its identifier.
    func journalFolder(of member: String) throws(Failure) -> String {
        let folder = store.journalFolder(of: profileName, member: member).path
        try Files.makePrivateFolder(folder)
        return folder
    }

    /// The members who have a journal of ballots in this profile.
    var membersWithJournals: [PrincipalID] {
        let folder = store.journalsFolder(of: profileName)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { try? PrincipalID($0) }
    }

    /// A folder for what was seen of logs while watching, which is made where there is none.
    func watchFolder() throws(Failure) -> String {
        let folder = store.watchFolder(of: profileName).path
        try Files.makePrivateFolder(folder)
        return folder
    }

    private func required<Value>(_ value: Value?, _ option: String) throws(Failure) -> Value {
        if let value { return value }
        guard isKept else { throw Failure(missing: option, without: profileName, store) }
        throw Failure(
            missing: option,
            in: profileName,
            advice: Phrase(
                "give it, or keep it with «ecabinet profile set \(profileName) \(option) …»",
                vi: "hãy ghi ra, hoặc lưu bằng «ecabinet profile set \(profileName) \(option) …»"
            )
        )
    }
}
