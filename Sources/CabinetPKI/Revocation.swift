internal import CabinetLedger

/// A certificate that is not to be accepted any more.
public struct Revocation: Hashable, Sendable {
    /// Why (RFC 5280, section 5.3.1).
    public enum Reason: UInt8, CaseIterable, Sendable {
        case keyCompromise = 1
        case affiliationChanged = 3
        case superseded = 4
        case cessationOfOperation = 5
    }

    public let serial: SerialNumber
    /// Seconds since 1970-01-01T00:00:00Z.
    public let unixSeconds: Int64
    public let reason: Reason

    public init(_ serial: SerialNumber, at unixSeconds: Int64, _ reason: Reason) {
        self.serial = serial
        self.unixSeconds = unixSeconds
        self.reason = reason
    }

    var der: [UInt8] {
        get throws(IssuingError) {
            DER.sequence(
                serial.der,
                try CertificateTime.der(unixSeconds),
                DER.sequence(
                    DER.sequence(
                        DER.identifier(2, 5, 29, 21),
                        // ENUMERATED.
                        DER.octetString(DER.element(0x0a, [reason.rawValue]))
                    )
                )
            )
        }
    }
}
