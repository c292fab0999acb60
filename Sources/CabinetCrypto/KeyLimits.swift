/// What is refused before OpenSSL sees it. All in bytes unless the name says otherwise.
public enum KeyLimits {
    /// The longest SubjectPublicKeyInfo. An RSA key of 4096 bits takes 550.
    public static let maximumSubjectPublicKeyInfoBytes = 1_024

    /// The longest certificate. The API's own limit for ballots is lower.
    public static let maximumCertificateBytes = 16_384

    /// The longest PEM text.
    public static let maximumPEMBytes = 65_536

    /// Sizes of an RSA modulus, in bits: at least what NIST SP 800-131A still allows, at most what
    /// does not slow the verification of a ballot.
    public static let rsaModulusBits = 2_048...4_096

    /// Sizes of an RSA public exponent, in bits: from 65,537 (FIPS 186-4, section B.3.1) to what
    /// OpenSSL takes for every modulus.
    public static let rsaExponentBits = 17...64
}
