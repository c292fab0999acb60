/// Who there is. It belongs to the installation and is no part of a meeting's log: what a meeting
/// needs of it is frozen in that log.
///
///     command ──decide──▶ the principal as it becomes ──store──▶ apply
///
/// ``decide(_:by:at:)`` has every rule, and only it has. ``apply(_:)`` never fails. Neither has a
/// clock, randomness or input and output.
///
/// A principal is never removed, and a key belongs to one principal for ever: a revoked one comes
/// back for nobody.
public struct DirectoryState: Hashable, Sendable {
    public private(set) var principals: [PrincipalID: Principal] = [:]
    /// Whose a key is, revoked ones included.
    public private(set) var owners: [KeyFingerprint: PrincipalID] = [:]
    private var index = DirectoryIndex()

    /// The directory in which there is nobody.
    public init() {}

    /// The directory of stored principals, in any order.
    ///
    /// - Throws: ``InvalidValue`` where there are more than 10,000, or one identifier or one key is of
    ///   two of them.
    public init(restoring stored: some Sequence<Principal>) throws(InvalidValue) {
        for principal in stored {
            guard principals[principal.id] == nil else {
                throw InvalidValue("principal \(principal.id) is stored once")
            }
            guard principals.count < Limits.principals else {
                throw InvalidValue("a directory has at most 10,000 principals")
            }
            for certificate in principal.certificates {
                guard let owner = owners[certificate.fingerprint] else { continue }
                throw InvalidValue(
                    "key \(certificate.fingerprint) is of one principal, not of \(owner) and "
                        + "\(principal.id)"
                )
            }
            apply(principal)
        }
    }

    /// Whom a connection belongs to; `nil` where it belongs to nobody.
    ///
    /// A key authenticates nobody where its certificate is for signing, is revoked or is not valid at
    /// the time, or where its owner is suspended. A connection that is open has to be asked about
    /// again: certificates expire.
    ///
    /// - Parameter fingerprint: Of the key of the connection's certificate.
    /// - Complexity: O(1).
    public func principal(
        authenticatedBy fingerprint: KeyFingerprint,
        at time: Moment
    ) -> Principal? {
        guard let owner = owners[fingerprint], let principal = principals[owner],
            !principal.isSuspended,
            let certificate = principal.certificate(fingerprint),
            certificate.authenticates(at: time)
        else { return nil }
        return principal
    }

    /// The principals that a text is found in and that have a role, by display name in Vietnamese
    /// collation, then by identifier.
    ///
    /// - Parameters: Those of ``listing(matching:role:)``.
    /// - Complexity: O(*n*) in the principals.
    public func list(matching text: SearchText? = nil, role: Role? = nil) -> [Principal] {
        listing(matching: text, role: role).compactMap(\.self)
    }

    /// All principals in the order of ``list(matching:role:)``, and `nil` in the place of each that it
    /// leaves out: whoever wants a few looks at no more than those, and finds the place again.
    ///
    /// - Parameters:
    ///   - text: Looked for anywhere in the display name or the office, without regard to case, tones
    ///     and other marks; `nil` finds all.
    ///   - role: `nil` finds all.
    /// - Complexity: O(1), and O(1) for each place that is looked at.
    public func listing(
        matching text: SearchText? = nil,
        role: Role? = nil
    ) -> LazyMapCollection<Range<Int>, Principal?> {
        let text = text.map { FoldedText($0.value) }
        return (0..<index.count).lazy.map { [index, principals] place in
            guard let id = index.identifier(at: place, matching: text),
                let principal = principals[id], role.map(principal.roles.contains) ?? true
            else { return nil }
            return principal
        }
    }

    /// Puts a principal in the place of the one with the same identifier, or as a new one.
    ///
    /// - Parameter principal: From ``decide(_:by:at:)`` of this state.
    /// - Complexity: O(*n*) in the principals, a move of memory, where a name or an office changes.
    public mutating func apply(_ principal: Principal) {
        index.put(principal, replacing: principals[principal.id])
        principals[principal.id] = principal
        for certificate in principal.certificates {
            owners[certificate.fingerprint] = principal.id
        }
    }
}
