internal import CabinetModel

extension Moment {
    /// A moment that may not have come: 0.
    ///
    /// - Throws: ``InvalidValue`` where it is before 1970.
    static func optional(_ unixMilliseconds: Int64) throws(InvalidValue) -> Moment? {
        unixMilliseconds == 0 ? nil : try Moment(unixMilliseconds: unixMilliseconds)
    }
}

extension Optional where Wrapped == Moment {
    /// As it travels: 0 where the moment has not come or is not set.
    var unixMilliseconds: Int64 { self?.unixMilliseconds ?? 0 }
}

extension Identifier {
    /// An identifier that may be absent: the empty text.
    static func optional(_ text: String) throws(InvalidValue) -> Self? {
        text.isEmpty ? nil : try Self(text)
    }
}
