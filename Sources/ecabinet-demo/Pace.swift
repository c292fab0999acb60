/// How fast the session is played.
struct Pace: Sendable {
    /// Fast enough for whoever is curious, and slow enough to be read.
    static let usual = 0.4

    /// 0…60.
    let seconds: Double

    /// Waits for some steps.
    func pause(_ steps: Double = 1) async throws {
        try Task.checkCancellation()
        guard seconds > 0 else { return }
        try await Task.sleep(for: .milliseconds(Int64(seconds * steps * 1_000)))
    }
}
