import Foundation
import TLSTestSupport

/// Runs a program to its end, on a thread of its own: the threads of the tests are few, and handlers and
/// clients need them.
func runAside(
    _ program: String,
    _ arguments: [String],
    in folder: String? = nil
) async throws -> (status: Int32, output: String) {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            continuation.resume(with: Result { try run(program, arguments, in: folder) })
        }
    }
}
