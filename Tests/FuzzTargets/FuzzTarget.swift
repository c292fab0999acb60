/// What the fuzzer runs on any bytes: `scripts/fuzz` builds it with libFuzzer, and FuzzTargetsTests
/// replays seeds and regressions without.
///
/// A library of its own within the package, because it needs what the package keeps to itself.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// Cuts bytes into frames and takes their bodies apart.
    case frames
    /// Drives both ends of a connection: each against a peer that is no good, or against each other.
    case connection
    /// Drives a server's session within the process.
    case session

    /// Runs an input.
    ///
    /// - Throws: What does not hold for it, but has to hold for all. A trap is a finding as well.
    public func run(_ input: UnsafeRawBufferPointer) throws {
        switch self {
        case .frames: try FramesTarget.run(input)
        case .connection: try ConnectionTarget.run(input)
        case .session: try SessionTarget.run(input)
        }
    }
}

/// Something that has to hold for all bytes, and does not.
public struct FuzzFinding: Error, CustomStringConvertible {
    public let description: String
}

func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
    if !condition { throw FuzzFinding(description: message()) }
}
