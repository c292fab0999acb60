import CommandSupport
import Foundation

/// The settings of the server, as its configuration file has them.
struct ServerConfiguration: Sendable {
    static let file = "ecabinetd.json"

    let name: String
    let data: String
    let certificate: String
    let key: String
    let authorities: String
    /// The certificate of the first administrator's device.
    let administrator: String

    private struct Document: Encodable {
        struct TLS: Encodable {
            let certificate: String
            let key: String
            let authorities: String
        }

        struct Administrator: Encodable {
            let certificate: String
        }

        let name: String
        let data: String
        let listen: String?
        let grace: Int
        let tls: TLS
        let administrator: Administrator
    }

    /// The file.
    ///
    /// - Parameter listen: `nil` where it is said on the command line.
    func json(listen: HostAndPort?) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(
            Document(
                name: name,
                data: data,
                listen: listen.map { "\($0)" },
                grace: 1,
                tls: Document.TLS(certificate: certificate, key: key, authorities: authorities),
                administrator: Document.Administrator(certificate: administrator)
            )
        )
    }
}
