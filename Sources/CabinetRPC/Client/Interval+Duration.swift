internal import CabinetWire

extension Interval {
    /// A duration; none for a negative one.
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else {
            self.init(nanoseconds: 0)
            return
        }
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = whole.addingReportingOverflow(UInt64(attoseconds) / 1_000_000_000)
        self.init(nanoseconds: overflow || carry ? .max : sum)
    }
}
