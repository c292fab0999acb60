import CabinetCrypto
import CabinetPKI
import CommandSupport
import Foundation

/// An authority for trials, in a folder: its certificate and key, what it has issued, and the list of what
/// it has revoked.
///
/// Only one process at a time changes it.
struct TrialAuthority {
    private static let organization = "e-Cabinet TRIAL"
    /// A certificate is valid from an hour before it was made, so that a clock that is a little behind
    /// accepts it at once.
    private static let leadSeconds: Int64 = 3_600
    /// More is not a register of a trial.
    private static let maxRegisterBytes = 16 << 20

    /// What there is in the folder.
    private struct Paths {
        let folder: String
        var certificate: String { "\(folder)/ca.pem" }
        var key: String { "\(folder)/ca.key" }
        var revocationList: String { "\(folder)/crl.pem" }
        var register: String { "\(folder)/issued.json" }
        var lock: String { "\(folder)/lock" }
    }

    private let paths: Paths
    private let authority: CertificateAuthority
    private var register: CertificateRegister
    /// Held for as long as this is.
    private let lock: FileLock

    var folder: String { paths.folder }
    var certificateFile: String { paths.certificate }
    var revocationListFile: String { paths.revocationList }
    var certificates: [CertificateRegister.Entry] { register.entries }
    var certificate: SignerCertificate { authority.certificate }

    // MARK: - Making and opening

    /// Makes an authority in a folder that is new, or empty.
    static func create(
        in folder: String,
        name: String,
        days: Int,
        listDays: Int
    ) throws(Failure) -> TrialAuthority {
        let paths = Paths(folder: folder)
        try Files.makePrivateFolder(folder)
        let lock = try FileLock(paths.lock)
        guard !FileManager.default.fileExists(atPath: paths.key) else {
            throw Failure(
                .cannotWrite,
                "AUTHORITY_EXISTS",
                Phrase(untranslated: "\(folder) has an authority already"),
                advice: Phrase(untranslated: "take another folder; a key is never overwritten")
            )
        }
        let key = try issuing { try PrivateKey.generate(.ecdsaP256SHA256) }
        let authority = try issuing {
            try CertificateAuthority.create(
                DistinguishedName(organization: organization, commonName: name),
                key: key,
                validity: validity(days: days)
            )
        }
        try Files.create(paths.key, with: bytes(try issuing { try key.pem() }))
        try Files.create(
            paths.certificate,
            with: bytes(PEM.text("CERTIFICATE", authority.certificate.der)),
            permissions: 0o644
        )
        var made = TrialAuthority(
            paths: paths,
            authority: authority,
            register: CertificateRegister(),
            lock: lock
        )
        try made.renewRevocationList(days: listDays)
        return made
    }

    private init(
        paths: Paths,
        authority: CertificateAuthority,
        register: CertificateRegister,
        lock: FileLock
    ) {
        self.paths = paths
        self.authority = authority
        self.register = register
        self.lock = lock
    }

    /// Opens the authority of a folder.
    init(in folder: String) throws(Failure) {
        paths = Paths(folder: folder)
        guard FileManager.default.fileExists(atPath: paths.key) else {
            throw Failure(
                .noInput,
                "AUTHORITY_NOT_FOUND",
                Phrase(untranslated: "\(folder) has no authority"),
                advice: Phrase(untranslated: "make one with «ecabinet pki create --pki \(folder)»")
            )
        }
        lock = try FileLock(paths.lock)
        let certificatePEM = try Files.text(paths.certificate)
        let keyPEM = try Files.text(paths.key)
        authority = try issuing {
            try CertificateAuthority(
                certificate: SignerCertificate(pem: certificatePEM),
                key: PrivateKey(pem: keyPEM)
            )
        }
        let path = paths.register
        // Without it a new revocation list would let in again whoever was revoked.
        guard FileManager.default.fileExists(atPath: path) else {
            throw Failure(
                .badData,
                "REGISTER_MISSING",
                Phrase(
                    untranslated: "\(path) is missing: what was issued and revoked is not known"
                ),
                advice: Phrase(untranslated: "put it back from a copy, or make another authority")
            )
        }
        register = try CertificateRegister(
            Files.read(path, atMost: Self.maxRegisterBytes),
            path: path
        )
    }

    // MARK: - Issuing and revoking

    /// Issues a certificate with a new key, into two files of the name in a folder of the kind.
    mutating func issue(
        _ kind: CertificateRegister.Kind,
        _ name: String,
        commonName: String,
        hosts: [HostName],
        days: Int
    ) throws(Failure) -> CertificateRegister.Entry {
        let key = try issuing { try PrivateKey.generate(.ecdsaP256SHA256) }
        let serial = SerialNumber.random()
        var validity = Self.validity(days: days)
        if let last = authority.certificate.validUnixSeconds.last, last < validity.upperBound {
            guard last > Self.now else {
                throw Failure(
                    .badData,
                    "AUTHORITY_EXPIRED",
                    Phrase(untranslated: "the authority's own certificate has expired"),
                    advice: Phrase(
                        untranslated: "make another authority with «ecabinet pki create»"
                    )
                )
            }
            validity = min(validity.lowerBound, last)...last
        }
        let certificate = try issuing { [authority] in
            try authority.issue(
                kind.purpose(hosts),
                to: DistinguishedName(
                    organization: Self.organization,
                    commonName: commonName
                ),
                key: key.publicKey,
                serial: serial,
                validity: validity
            )
        }
        let entry = CertificateRegister.Entry(
            kind: kind,
            name: name,
            commonName: commonName,
            serial: serial,
            fingerprint: key.publicKey.fingerprint.description,
            validity: validity
        )
        let keyFile = "\(folder)/\(entry.keyFile)"
        let certificateFile = "\(folder)/\(entry.certificateFile)"
        for file in [keyFile, certificateFile] where FileManager.default.fileExists(atPath: file) {
            throw Failure(
                .cannotWrite,
                "FILE_EXISTS",
                Phrase(untranslated: "\(file) is there already"),
                advice: Phrase(untranslated: "a key is never overwritten; take another name")
            )
        }
        // First of all, so that there is no certificate that could not be revoked.
        register.add(entry)
        try save()
        try Files.makePrivateFolder("\(folder)/\(kind.folder)")
        try Files.create(keyFile, with: Self.bytes(try issuing { try key.pem() }))
        try Files.create(
            certificateFile,
            with: Self.bytes(PEM.text("CERTIFICATE", certificate.der)),
            permissions: 0o644
        )
        return entry
    }

    /// Revokes the certificates of a name, and writes the list anew.
    ///
    /// - Returns: Those that were not revoked before.
    mutating func revoke(
        _ kind: CertificateRegister.Kind,
        _ name: String,
        _ reason: Revocation.Reason,
        listDays: Int
    ) throws(Failure) -> [CertificateRegister.Entry] {
        guard register.entries.contains(where: { $0.kind == kind && $0.name == name }) else {
            throw Failure(
                .noInput,
                "CERTIFICATE_NOT_FOUND",
                Phrase(
                    untranslated:
                        "the authority has issued no \(kind.rawValue) certificate «\(name)»"
                ),
                advice: Phrase(untranslated: "«ecabinet pki list» says what it has issued")
            )
        }
        let revoked = register.revoke(kind, name, at: Self.now, reason)
        // The register first: a list that lacks what it has is mended by the next one.
        try save()
        try renewRevocationList(days: listDays)
        return revoked
    }

    /// Writes the list of what was revoked anew: current from now on.
    mutating func renewRevocationList(days: Int) throws(Failure) {
        register.listNumber += 1
        try save()
        let now = Self.now
        let list = try issuing { [authority, register] in
            try authority.revocationList(
                register.revocations,
                number: register.listNumber,
                validity: now - Self.leadSeconds...now + Int64(days) * 86_400
            )
        }
        try Files.replace(
            paths.revocationList,
            with: Self.bytes(PEM.text("X509 CRL", list)),
            permissions: 0o644
        )
    }

    private func save() throws(Failure) {
        try Files.replace(paths.register, with: Self.bytes(register.json.text + "\n"))
    }

    private static var now: Int64 { WallClock.milliseconds() / 1_000 }

    private static func validity(days: Int) -> ClosedRange<Int64> {
        now - leadSeconds...now + Int64(days) * 86_400
    }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
}

/// Runs something of the authority, and says what was wrong with it.
private func issuing<Value>(_ body: () throws -> Value) throws(Failure) -> Value {
    do {
        return try body()
    } catch {
        throw Failure(
            .badData,
            "ISSUING",
            Phrase(untranslated: "no certificate or list was made"),
            because: Phrase(untranslated: "\(error)")
        )
    }
}
