internal import CabinetModel
internal import Foundation

/// Where a message comes from, as far as it matters to the texts in it.
///
/// Requests have to be in Unicode normalisation form NFC (common.proto, «Text»). What is in a log was
/// in a request once, and is not measured again: another version of Unicode may normalise letters
/// that were new then in another way, and a log has to be readable for ever.
enum Provenance {
    case request
    case record
}

extension Text {
    /// - Throws: ``InvalidValue`` where it is out of bounds, has a control character, or comes with a
    ///   request and is not in NFC.
    init(_ value: String, from provenance: Provenance) throws(InvalidValue) {
        try self.init(value)
        if provenance == .request { try requireNFC(value) }
    }

    /// A text that may be absent: the empty one.
    static func optional(
        _ value: String,
        from provenance: Provenance
    ) throws(InvalidValue) -> Self? {
        value.isEmpty ? nil : try Self(value, from: provenance)
    }
}

/// - Throws: ``InvalidValue`` where a text is not in Unicode normalisation form NFC.
/// - Complexity: O(*n*); ASCII, which is in NFC whatever it says, costs one pass.
func requireNFC(_ text: String) throws(InvalidValue) {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return }
    guard text.precomposedStringWithCanonicalMapping.utf8.elementsEqual(text.utf8) else {
        throw InvalidValue("the text is in Unicode normalisation form NFC")
    }
}
