import ArgumentParser
import CabinetTLS

/// Who this side is, and whom it trusts: own files, or certificates that are made for a trial.
struct CertificateOptions: ParsableArguments {
    @Option(help: ArgumentHelp("This side's certificate, in PEM.", valueName: "file"))
    var certificate: String?

    @Option(help: ArgumentHelp("The private key of the certificate.", valueName: "file"))
    var key: String?

    @Option(help: ArgumentHelp("The authorities that may sign the peer's.", valueName: "file"))
    var ca: String?

    @Option(help: ArgumentHelp("Revocation lists of all authorities.", valueName: "file"))
    var crl: String?

    @Option(
        help: ArgumentHelp(
            "Instead of these: a folder with a throw-away authority, which is made if it is not there.",
            discussion: """
                It holds ca.pem, server.pem and client.pem with their keys, valid for a year on \
                localhost. It needs the openssl command. For trials alone.
                """,
            valueName: "folder"
        )
    )
    var pki: String?

    func validate() throws {
        let own = [certificate, key, ca]
        if pki != nil {
            guard own.allSatisfy({ $0 == nil }), crl == nil else {
                throw ValidationError(
                    "--pki stands in place of --certificate, --key, --ca and --crl."
                )
            }
        } else if own.contains(where: { $0 == nil }) {
            throw ValidationError("It needs --certificate, --key and --ca, or --pki for a trial.")
        }
    }

    func serverContext() throws -> TLSServerContext {
        let files = try files(of: "server")
        return try Failure.wrongFile { () throws(TLSConfigurationError) in
            try TLSServerContext(files)
        }
    }

    func clientContext() throws -> TLSClientContext {
        let files = try files(of: "client")
        return try Failure.wrongFile { () throws(TLSConfigurationError) in
            try TLSClientContext(files)
        }
    }

    /// - Parameter side: `server` or `client`.
    private func files(of side: String) throws -> TLSFiles {
        if let pki { return try ThrowawayPKI(folder: pki).files(of: side) }
        guard let certificate, let key, let ca else {
            preconditionFailure("the command line was not validated")
        }
        return TLSFiles(
            certificateChain: certificate,
            privateKey: key,
            trustedAuthorities: ca,
            revocationLists: crl
        )
    }
}

extension Failure {
    /// Says which of the files of a context is wrong.
    static func wrongFile<Context>(
        _ make: () throws(TLSConfigurationError) -> Context
    ) throws(Failure) -> Context {
        do throws(TLSConfigurationError) {
            return try make()
        } catch {
            throw Failure(.wrongFile, "\(error)")
        }
    }
}
