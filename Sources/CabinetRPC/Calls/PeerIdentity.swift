public import CabinetTLS

/// Whom a connection is with.
public typealias PeerIdentity = CabinetTLS.PeerIdentity
