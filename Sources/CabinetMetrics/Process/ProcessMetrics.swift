internal import Glibc

/// The metrics of a process that all programs have by the same names, from the system.
///
/// Source: <https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics>
public enum ProcessMetrics {
    public static let families = [
        MetricFamily(
            "process_cpu_seconds_total",
            .counter,
            "User and system CPU time of the process, in seconds."
        ),
        MetricFamily(
            "process_open_fds",
            .gauge,
            "File descriptors that the process has open."
        ),
        MetricFamily(
            "process_max_fds",
            .gauge,
            "File descriptors that the process may have open."
        ),
        MetricFamily(
            "process_virtual_memory_bytes",
            .gauge,
            "Address space of the process, in bytes."
        ),
        MetricFamily(
            "process_resident_memory_bytes",
            .gauge,
            "Memory of the process that is in RAM, in bytes."
        ),
        MetricFamily(
            "process_start_time_seconds",
            .gauge,
            "When the process started, in seconds since 1970 (UTC)."
        ),
    ]

    /// Has a registry that was made with ``families`` ask the system.
    public static func observe(in registry: MetricsRegistry) {
        func observe(_ name: String, _ read: @escaping @Sendable () -> Double?) {
            registry.observe(name) { read().map { [MetricsRegistry.Observation($0)] } ?? [] }
        }
        observe("process_cpu_seconds_total") { cpuSeconds }
        observe("process_open_fds") { openDescriptors.map { Double($0) } }
        observe("process_max_fds") { maximumDescriptors }
        observe("process_virtual_memory_bytes") { memory?.virtual }
        observe("process_resident_memory_bytes") { memory?.resident }
        // It does not change.
        let start = startTime
        observe("process_start_time_seconds") { start }
    }

    private static var cpuSeconds: Double? {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    }

    private static var openDescriptors: Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            // «.» and «..» are no descriptors.
            if entry.pointee.d_name.0 != UInt8(ascii: ".") { count += 1 }
        }
        // The folder's own does not count.
        return count - 1
    }

    private static var maximumDescriptors: Double? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return nil
        }
        return limit.rlim_cur == rlim_t.max ? .infinity : Double(limit.rlim_cur)
    }

    private static var memory: (virtual: Double, resident: Double)? {
        let fields = ProcFile.text("/proc/self/statm")?.split(separator: " ") ?? []
        let page = Double(sysconf(Int32(_SC_PAGESIZE)))
        guard fields.count > 1, let virtual = Double(fields[0]), let resident = Double(fields[1])
        else { return nil }
        return (virtual * page, resident * page)
    }

    /// When the machine started and how long after it the process did, as the kernel says.
    private static var startTime: Double? {
        guard let process = ProcFile.text("/proc/self/stat"),
            let ticks = startTicks(process),
            let machine = ProcFile.text("/proc/stat")?.split(separator: "\n")
                .first(where: { $0.hasPrefix("btime ") })?.split(separator: " ").last,
            let boot = Double(machine)
        else { return nil }
        return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// The 22nd field of `/proc/PID/stat` (proc(5)). The second is the program's name in parentheses, and
    /// may have anything in it.
    static func startTicks(_ stat: String) -> Double? {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? Double(fields[19]) : nil
    }
}
