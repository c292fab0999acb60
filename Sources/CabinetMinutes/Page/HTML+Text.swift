internal import CabinetDocuments
internal import CabinetModel

extension HTML.Interpolation {
    mutating func appendInterpolation(_ text: Text<some TextKind>) {
        appendInterpolation(written: text.value)
    }
}
