/// Somebody or something that can open a connection or sign a ballot (directory.proto, `Principal`).
public struct Principal: Hashable, Sendable {
    public let id: PrincipalID
    /// Name for people, as its owner writes it.
    public internal(set) var displayName: DisplayName
    /// The office that it holds; `nil` where there is none.
    public internal(set) var office: Office?
    /// What it may be in any meeting, and in the installation. At least one.
    public internal(set) var roles: RoleSet
    /// Revoked ones included, in the order in which they were added. At most 12, with at most 4 for
    /// signing that are not revoked, each of another key.
    public internal(set) var certificates: [PrincipalCertificate]
    /// Whether it is shut out of every connection.
    public internal(set) var isSuspended: Bool
    /// Number of changes, those of its certificates included. The first is 1.
    public internal(set) var revision: UInt64

    /// - Throws: ``InvalidValue`` where a rule of the properties does not hold.
    public init(
        _ id: PrincipalID,
        displayName: DisplayName,
        office: Office? = nil,
        roles: RoleSet,
        certificates: [PrincipalCertificate] = [],
        isSuspended: Bool = false,
        revision: UInt64 = 1
    ) throws(InvalidValue) {
        guard !roles.isEmpty else { throw InvalidValue("a principal has a role") }
        guard revision > 0 else { throw InvalidValue("the first revision is 1") }
        self.id = id
        self.displayName = displayName
        self.office = office
        self.roles = roles
        self.certificates = certificates
        self.isSuspended = isSuspended
        self.revision = revision
        guard certificates.count <= Limits.certificatesPerPrincipal else {
            throw InvalidValue("a principal has at most 12 certificates")
        }
        guard signingCertificateCount <= Limits.signingKeys else {
            throw InvalidValue("at most 4 signing certificates are not revoked")
        }
        guard Set(certificates.map(\.fingerprint)).count == certificates.count else {
            throw InvalidValue("each key is of one certificate")
        }
    }

    /// The certificate of a key; `nil` where it has none.
    public func certificate(_ key: KeyFingerprint) -> PrincipalCertificate? {
        certificates.first { $0.fingerprint == key }
    }

    /// The keys that it can sign ballots with at a time, which a meeting freezes.
    public func signingKeys(at time: Moment) -> SigningKeys {
        SigningKeys(
            sorted:
                certificates
                .filter { $0.use == .signing && $0.revoked == nil && $0.validity.contains(time) }
                .map(\.fingerprint)
                .sorted()
        )
    }

    /// Whether it can open a connection and keep the directory.
    func canAdminister(at time: Moment) -> Bool {
        roles.contains(.administrator) && !isSuspended
            && certificates.contains { $0.authenticates(at: time) }
    }

    /// Signing certificates that are not revoked, whether they are valid or not.
    var signingCertificateCount: Int {
        certificates.count { $0.use == .signing && $0.revoked == nil }
    }

    /// The same with one more change counted.
    func changed(_ change: (inout Principal) -> Void) -> Principal {
        var copy = self
        change(&copy)
        // No principal is changed so often; one that is read from a store may say so.
        copy.revision = revision == .max ? .max : revision + 1
        return copy
    }
}
