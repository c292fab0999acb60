import CabinetClientTexts
import CabinetTexts

extension Failure {
    /// A failure in the words that members and secretaries read everywhere.
    ///
    /// - Parameter advice: In a language.
    init(
        _ status: ExitStatus,
        _ reason: String,
        attributes: [JSONValue.Member] = [],
        _ advice: (Language) -> Advice
    ) {
        let english = advice(.english)
        let vietnamese = advice(.vietnamese)
        self.init(
            status,
            reason,
            Phrase(english.happened, vi: vietnamese.happened),
            because: english.detail.map { Phrase(technical: $0) },
            advice: Phrase(english.next, vi: vietnamese.next),
            attributes: attributes
        )
    }
}
