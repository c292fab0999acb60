import Testing

@testable import CabinetMetrics

/// What the system says of a process.
@Suite struct ProcessMetricsTests {
    @Test("Every metric of the process has a value that can be true")
    func values() throws {
        let registry = MetricsRegistry(ProcessMetrics.families)
        ProcessMetrics.observe(in: registry)
        var values: [Substring: Double] = [:]
        for line in registry.exposition.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ")
            values[parts[0]] = Double(parts[1])
        }
        #expect(values.count == ProcessMetrics.families.count)
        let descriptors = try #require(values["process_open_fds"])
        #expect(descriptors >= 3)
        #expect(try descriptors <= #require(values["process_max_fds"]))
        let resident = try #require(values["process_resident_memory_bytes"])
        #expect(resident > 1_048_576)
        #expect(try resident < #require(values["process_virtual_memory_bytes"]))
        #expect(try #require(values["process_cpu_seconds_total"]) > 0)
        // After 2020, and not in the future of a clock that is right.
        #expect(try #require(values["process_start_time_seconds"]) > 1_577_836_800)
    }

    @Test("The name of a program does not hide when it started")
    func programName() {
        let rest = (3...52).map { "\($0)" }.joined(separator: " ")
        #expect(ProcessMetrics.startTicks("7 (a b) S 1 2 (x)) \(rest)") == 22)
        #expect(ProcessMetrics.startTicks("7 (a) S 1 2") == nil)
        #expect(ProcessMetrics.startTicks("") == nil)
    }
}
