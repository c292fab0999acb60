internal import Foundation

/// What was measured of a subject, in nanoseconds of processor time per operation.
struct Measurement {
    let subject: Subject
    var rounds: [Double] = []

    var median: Double {
        let sorted = rounds.sorted()
        return sorted[sorted.count / 2]
    }

    var minimum: Double { rounds.min() ?? .nan }
}

/// Measures all subjects in turn, round after round, so that whatever else the machine does is
/// shared by all of them.
///
/// Processor time of the thread, not time on the wall: what other processes take is not counted.
func measure(_ subjects: [Subject], rounds: Int, roundSeconds: Double) -> [Measurement] {
    let plan = subjects.map { ($0, iterations(of: $0, seconds: roundSeconds)) }
    var measurements = subjects.map { Measurement(subject: $0) }
    for _ in 0..<rounds {
        for (index, (subject, iterations)) in plan.enumerated() {
            measurements[index].rounds.append(nanoseconds(of: subject, iterations: iterations))
        }
    }
    return measurements
}

/// As many as fill a round. Also warms up.
private func iterations(of subject: Subject, seconds: Double) -> Int {
    var iterations = 1
    while true {
        let total = nanoseconds(of: subject, iterations: iterations) * Double(iterations)
        if total >= seconds * 1e9 { return iterations }
        iterations = max(iterations + 1, Int(Double(iterations) * min(8, seconds * 1.2e9 / total)))
    }
}

private func nanoseconds(of subject: Subject, iterations: Int) -> Double {
    let start = processorTime()
    subject.run(iterations)
    return (processorTime() - start) / Double(iterations)
}

private func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}
