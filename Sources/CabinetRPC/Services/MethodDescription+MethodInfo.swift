extension MethodDescription {
    /// A method as reflection describes it, to be called by a tool that was not built with it.
    ///
    /// - Returns: `nil` where the description has no number that a method can have, or a shape or an
    ///   idempotency that this version does not know.
    public init?(_ info: MethodInfo) {
        guard let number = UInt16(exactly: info.number), number > 0 else { return nil }
        let kind: MethodKind
        switch info.shape {
        case .unary: kind = .unary
        case .clientStreaming: kind = .clientStreaming
        case .serverStreaming: kind = .serverStreaming
        case .bidirectional: kind = .bidirectional
        case .channel: kind = .channel
        case .unspecified, .unrecognized: return nil
        }
        let idempotency: MethodIdempotency
        switch info.idempotency {
        case .unspecified: idempotency = .unspecified
        case .safe: idempotency = .safe
        case .keyed: idempotency = .keyed
        case .unrecognized: return nil
        }
        self.init(
            number: number,
            name: info.name,
            kind: kind,
            idempotency: idempotency,
            requestName: info.requestName,
            responseName: info.responseName
        )
    }
}
