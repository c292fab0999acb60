internal import COpenSSL

/// The parameters of RSASSA-PSS that are accepted: SHA-256 for the mask as well, and a salt as long as
/// the digest.
enum PSSParameters {
    /// Exactly: verification would find out any length otherwise.
    private static let saltByteCount: Int32 = 32

    /// - Returns: The call that failed; `nil` where none did.
    static func set(on context: OpaquePointer?) -> StaticString? {
        let sha256 = SHA256Implementation.shared.messageDigest
        guard EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 else {
            return "EVP_PKEY_CTX_set_rsa_padding"
        }
        guard EVP_PKEY_CTX_set_rsa_mgf1_md(context, sha256) == 1 else {
            return "EVP_PKEY_CTX_set_rsa_mgf1_md"
        }
        guard EVP_PKEY_CTX_set_rsa_pss_saltlen(context, saltByteCount) == 1 else {
            return "EVP_PKEY_CTX_set_rsa_pss_saltlen"
        }
        return nil
    }
}
