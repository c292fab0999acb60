import CabinetTLS
import TLSTestSupport
import Testing

@Suite struct ConfigurationTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let reason: TLSConfigurationError.Reason
        /// The file that the error must name.
        let file: String
        var chain = "server.pem"
        var key = "server.key"
        var ca = "ca.pem"
        var crl: String?
        var passphrase: String?
        var time: WallTime?
        var isClient = false
        var testDescription: String { "\(reason) \(file)" }
    }

    private static let beginning = WallTime(secondsSince1970: 0)
    private static let late = WallTime(secondsSince1970: 5_000_000_000)

    @Test(arguments: [
        Mistake(reason: .unreadable, file: "missing.pem", chain: "missing.pem"),
        Mistake(reason: .unreadable, file: "missing.key", key: "missing.key"),
        Mistake(reason: .unreadable, file: "missing.pem", ca: "missing.pem"),
        Mistake(reason: .unreadable, file: "missing.crl", crl: "missing.crl"),
        Mistake(reason: .unreadable, file: ".", chain: "."),
        Mistake(reason: .noPEM, file: "nothing.pem", chain: "nothing.pem"),
        Mistake(reason: .noPEM, file: "nothing.pem", key: "nothing.pem"),
        Mistake(reason: .noPEM, file: "server.pem", key: "server.pem"),
        Mistake(reason: .noPEM, file: "server.key", chain: "server.key"),
        Mistake(reason: .noPEM, file: "ca.pem", crl: "ca.pem"),
        Mistake(reason: .malformed, file: "broken.pem", chain: "broken.pem"),
        Mistake(reason: .keyMismatch, file: "client.key", key: "client.key"),
        Mistake(reason: .keyEncrypted, file: "encrypted.key", key: "encrypted.key"),
        Mistake(
            reason: .wrongPassphrase,
            file: "encrypted.key",
            key: "encrypted.key",
            passphrase: "wrong"
        ),
        Mistake(reason: .expired, file: "server.pem", time: late),
        Mistake(reason: .notYetValid, file: "server.pem", time: beginning),
        Mistake(reason: .wrongPurpose, file: "client.pem", chain: "client.pem", key: "client.key"),
        Mistake(reason: .wrongPurpose, file: "server.pem", isClient: true),
        Mistake(reason: .weakKey, file: "weak.pem", chain: "weak.pem", key: "weak.key"),
        Mistake(reason: .notAnAuthority, file: "plain.pem", ca: "plain.pem"),
        Mistake(
            reason: .revocationListMissing,
            file: "ca.crl",
            ca: "cas.pem",
            crl: "ca.crl"
        ),
        Mistake(reason: .revocationListMissing, file: "other.crl", crl: "other.crl"),
        Mistake(
            reason: .revocationListExpired,
            file: "stale.crl",
            crl: "stale.crl",
            time: WallTime.tomorrow
        ),
    ])
    func aMistakeIsNamedWithItsFile(_ mistake: Mistake) throws {
        let pki = PKI.shared
        var files = TLSFiles(
            certificateChain: pki.path(mistake.chain),
            privateKey: pki.path(mistake.key),
            trustedAuthorities: pki.path(mistake.ca),
            revocationLists: mistake.crl.map { pki.path($0) }
        )
        if let passphrase = mistake.passphrase { files.passphrase = { passphrase } }
        let options = mistake.time.map(at) ?? TLSContextOptions()
        do throws(TLSConfigurationError) {
            if mistake.isClient {
                _ = try TLSClientContext(files, options: options)
            } else {
                _ = try TLSServerContext(files, options: options)
            }
            Issue.record("was accepted")
        } catch {
            #expect(error.reason == mistake.reason, "\(error)")
            #expect(error.file == pki.path(mistake.file))
            #expect("\(error)".contains(mistake.file))
        }
    }

    @Test func anEncryptedKeyNeedsItsPassphrase() throws {
        var files = PKI.shared.files("encrypted")
        files.passphrase = { "secret" }
        _ = try TLSClientContext(files)
    }

    @Test func aKeyLogIsWarnedAbout() throws {
        let lines = Lines()
        var options = TLSContextOptions()
        options.keyLog = TLSKeyLog(writeLine: { lines.add($0) }, warn: { lines.add($0) })
        let context = try makeServer(options: options)
        #expect(lines.all.count == 1)
        #expect(lines.all.first?.contains("KEY LOG") == true)
        let pair = try EmbeddedPair(context, makeClient())
        defer { pair.finish() }
        try pair.pump()
        #expect(lines.all.contains { $0.hasPrefix("CLIENT_TRAFFIC_SECRET_0 ") })
    }
}
