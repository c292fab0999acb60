/// The algorithms that protect a connection's records (RFC 8446, section 4.1.2).
public struct TLSCipherSuite: Hashable, Sendable {
    /// Its number in the registry of IANA.
    public let code: UInt16

    public init(code: UInt16) {
        self.code = code
    }
}

extension TLSCipherSuite: CustomStringConvertible {
    /// Its name in RFC 8446, appendix B.4, for example `TLS_AES_128_GCM_SHA256`; for any other its number.
    public var description: String {
        switch code {
        case 0x1301: "TLS_AES_128_GCM_SHA256"
        case 0x1302: "TLS_AES_256_GCM_SHA384"
        case 0x1303: "TLS_CHACHA20_POLY1305_SHA256"
        case 0x1304: "TLS_AES_128_CCM_SHA256"
        case 0x1305: "TLS_AES_128_CCM_8_SHA256"
        default: "0x" + String(code, radix: 16)
        }
    }
}
