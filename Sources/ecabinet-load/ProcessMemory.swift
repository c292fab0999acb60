import Foundation

/// The memory of a process on this machine.
struct ProcessMemory: Sendable {
    private static let lookInterval = Duration.milliseconds(10)

    private let process: Int32

    /// - Parameter process: Its number.
    init(of process: Int32) {
        self.process = process
    }

    /// What is in memory of it, in KiB.
    ///
    /// - Throws: ``Failure`` where there is no such process.
    func residentKiB() throws(Failure) -> Int {
        let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        guard let number = line?.split(separator: " ").dropLast().last, let kib = Int(number) else {
            throw Failure(.unavailable, "there is no process \(process)")
        }
        return kib
    }

    /// Looks at it again and again until the task is cancelled, and gives the most that there was.
    func peakKiB() async throws -> Int {
        var peak = 0
        while !Task.isCancelled {
            peak = max(peak, try residentKiB())
            try? await Task.sleep(for: Self.lookInterval)
        }
        return peak
    }
}
