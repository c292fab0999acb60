internal import COpenSSLShims

/// The server that a client wants: a DNS name or an IP address (RFC 9525, section 6).
struct ServerName: Sendable {
    let name: String
    private let isAddress: Bool

    /// - Throws: ``TLSError`` with the reason `wrongHost` for what can be no name.
    init(_ name: String) throws(TLSError) {
        // A NUL would end the name for C, and so shorten what is verified.
        guard !name.isEmpty, name.utf8.count <= 253, name.utf8.allSatisfy({ (0x21...0x7e) ~= $0 })
        else {
            throw TLSError(
                .wrongHost,
                "«\(name)» is no host name or address that a certificate could have"
            )
        }
        self.name = name
        ErrorQueue.clear()
        let address = a2i_IPADDRESS(name)
        ASN1_OCTET_STRING_free(address)
        ErrorQueue.clear()
        isAddress = address != nil
    }

    /// What sessions with the server are kept under.
    var key: String { name.lowercased() }

    /// Makes the handshake fail unless the server's certificate has this as an alternative name.
    func expect(in ssl: OpaquePointer) -> Bool {
        guard let parameters = SSL_get0_param(ssl) else { return false }
        if isAddress { return X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1 }
        X509_VERIFY_PARAM_set_hostflags(
            parameters,
            UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)
                | UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)
        )
        return SSL_set1_host(ssl, name) == 1 && cabinet_SSL_set_tlsext_host_name(ssl, name) == 1
    }
}
