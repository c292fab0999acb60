import CabinetModel

/// The name of a certificate's files: one that a principal could have.
struct CertificateFileName {
    let text: String

    init(_ text: String) throws(Failure) {
        do throws(InvalidValue) {
            self.text = try PrincipalID(text).text
        } catch {
            throw Failure(
                .usage,
                "CERTIFICATE_NAME",
                Phrase(untranslated: "«\(text)» is no name of a certificate's files"),
                because: Phrase(untranslated: error.rule)
            )
        }
    }
}
