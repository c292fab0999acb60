/// What a certificate of e-Cabinet is for.
public enum CertificatePurpose: Hashable, Sendable {
    /// A server, which is reached under these names and addresses.
    case server([HostName])
    /// A device, which connects to a server.
    case device
    /// A person, who signs ballots.
    case signing
}
