import CabinetClient
import CabinetLedger

extension LogExportError: FailureConvertible {
    var failure: Failure { Failure(malformedAnswer: "\(self)") }
}

extension LogFileError: FailureConvertible {
    var failure: Failure { Failure(malformedAnswer: "\(self)") }
}
