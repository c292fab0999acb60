internal import Foundation

/// PEM texts (RFC 7468).
public enum PEM {
    /// - Parameter label: As `CERTIFICATE` or `X509 CRL`.
    public static func text(_ label: String, _ der: [UInt8]) -> String {
        let text = Data(der).base64EncodedString(options: [
            .lineLength64Characters, .endLineWithLineFeed,
        ])
        return "-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----\n"
    }
}
