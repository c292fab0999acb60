extension Result where Failure == any Error {
    /// What comes of something, kept until what it needs has been put away.
    static func of(_ body: () async throws -> Success) async -> Self {
        do {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }
}
