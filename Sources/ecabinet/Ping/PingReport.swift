import CabinetPKI
import CabinetRPC
import CabinetTLS
import CabinetTexts
import CabinetWire
import CommandSupport

/// What a server answered, as it is printed.
struct PingReport: Report {
    /// A certificate that ends so soon is pointed out.
    private static let soonDays: Int64 = 30

    let address: HostAndPort
    let greeting: ServerGreeting
    let isServing: Bool
    /// Until the server's HELLO: name resolution, TCP and TLS.
    let connecting: Duration
    /// At least one.
    let latencies: [Duration]
    var nowUnixSeconds = WallClock.milliseconds() / 1_000

    private var sorted: [Duration] { latencies.sorted() }
    private var shortest: Duration { sorted.first ?? .zero }
    private var longest: Duration { sorted.last ?? .zero }
    private var median: Duration {
        let sorted = sorted
        guard !sorted.isEmpty else { return .zero }
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2)
            ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    private var certificate: CertificateSummary? {
        CertificateSummary(der: greeting.server.certificateDER)
    }

    private var daysLeft: Int64 {
        (greeting.server.notAfter.secondsSince1970 - nowUnixSeconds) / 86_400
    }

    // MARK: - JSON

    var json: JSONValue {
        .object([
            .init("server", .string("\(address)")),
            .init("is_serving", .bool(isServing)),
            .init("agent", .string(greeting.agent)),
            .init("connect_ms", milliseconds(connecting)),
            .init(
                "latency_ms",
                .object([
                    .init("count", .integer(Int64(latencies.count))),
                    .init("min", milliseconds(shortest)),
                    .init("median", milliseconds(median)),
                    .init("max", milliseconds(longest)),
                ])
            ),
            .init("protocol", .string(Self.protocolName)),
            .init("tls", .string(Self.tlsName)),
            .init("cipher_suite", .optional(greeting.handshake.map { "\($0.cipherSuite)" })),
            .init("is_resumed", greeting.handshake.map { .bool($0.isResumed) } ?? .null),
            .init("certificate", certificateJSON),
            .init("limits", limitsJSON),
            .init("schema_hash", .string(Hexadecimal.text(greeting.schemaHash))),
            .init("ping_interval_ms", greeting.pingInterval.map(milliseconds) ?? .null),
        ])
    }

    private static let protocolName = "CWP/1"
    /// There is no other in CWP/1.
    private static let tlsName = "1.3"

    private var certificateJSON: JSONValue {
        .object([
            .init("subject", .string(certificate?.subject ?? greeting.server.subject)),
            .init("issuer", .optional(certificate?.issuer)),
            .init("serial", .optional(certificate?.serial)),
            .init("fingerprint", .string("\(greeting.server.publicKeyFingerprint)")),
            .init(
                "not_after",
                Times.here.json(
                    unixMilliseconds: greeting.server.notAfter.secondsSince1970 * 1_000
                )
            ),
        ])
    }

    private var limitsJSON: JSONValue {
        .object(
            limits.map { JSONValue.Member($0.name, .integer(Int64($0.value))) }
        )
    }

    private var limits: [(name: String, value: Int)] {
        [
            ("max_calls", greeting.limits.maxCalls),
            ("max_subscriptions", greeting.limits.maxSubscriptions),
            ("max_frame_bytes", greeting.limits.maxFrameBytes),
            ("max_metadata_bytes", greeting.limits.maxMetadataBytes),
            ("initial_credit_bytes", greeting.limits.initialCreditBytes),
        ]
    }

    /// With microseconds.
    private func milliseconds(_ duration: Duration) -> JSONValue {
        .number(Double(microseconds(duration)) / 1_000)
    }

    private func microseconds(_ duration: Duration) -> Int64 {
        duration.components.seconds * 1_000_000
            + duration.components.attoseconds / 1_000_000_000_000
    }

    // MARK: - For people

    func lines(_ style: Style, _ language: Language) -> [String] {
        var facts = FactList()
        facts.add(language.text(vi: "máy chủ", en: "server"), "\(address), \(greeting.agent)")
        facts.add(
            language.text(vi: "trạng thái", en: "state"),
            isServing
                ? language.text(vi: "đang phục vụ", en: "serving")
                : language.text(vi: "không phục vụ", en: "not serving"),
            isServing ? .green : .red
        )
        facts.add(
            language.text(vi: "giao thức", en: "protocol"),
            "\(Self.protocolName)" + language.text(vi: " trên ", en: " over ")
                + "TLS \(Self.tlsName)"
        )
        facts.add(
            language.text(vi: "mã hóa", en: "cipher suite"),
            greeting.handshake.map { "\($0.cipherSuite)" }
        )
        facts.add(
            language.text(vi: "phiên TLS", en: "TLS session"),
            greeting.handshake.map {
                $0.isResumed
                    ? language.text(vi: "được tiếp tục", en: "resumed")
                    : language.text(vi: "mới", en: "new")
            }
        )
        facts.add(language.text(vi: "kết nối", en: "connect"), text(connecting))
        let times = (text(shortest), text(median), text(longest))
        facts.add(
            language.text(vi: "độ trễ", en: "latency"),
            language.text(
                vi: "ngắn nhất \(times.0), trung vị \(times.1), dài nhất \(times.2) của"
                    + " \(latencies.count) lần",
                en: "min \(times.0), median \(times.1), max \(times.2) of \(latencies.count)"
            )
        )
        facts.add(
            language.text(vi: "chứng thư của", en: "subject"),
            certificate?.subject ?? greeting.server.subject
        )
        facts.add(language.text(vi: "do cơ quan", en: "issuer"), certificate?.issuer)
        facts.add(
            language.text(vi: "hiệu lực đến", en: "valid until"),
            validity(language),
            daysLeft < Self.soonDays ? .yellow : nil
        )
        facts.add(language.text(vi: "khóa", en: "key"), "\(greeting.server.publicKeyFingerprint)")
        facts.add(
            language.text(vi: "giới hạn", en: "limits"),
            limits.map { "\($0.name.replacing("_", with: " ")) \($0.value)" }
                .joined(separator: "\n")
        )
        return facts.lines(style)
    }

    private func validity(_ language: Language) -> String {
        let end = Times.here.local(
            unixMilliseconds: greeting.server.notAfter.secondsSince1970 * 1_000
        )
        guard daysLeft < Self.soonDays else { return end }
        return language.text(vi: "\(end), còn \(daysLeft) ngày", en: "\(end), in \(daysLeft) days")
    }

    private func text(_ duration: Duration) -> String {
        let microseconds = microseconds(duration)
        let hundredths = (microseconds + 5) / 10
        let fraction = String(100 + hundredths % 100).dropFirst()
        return "\(hundredths / 100).\(fraction) ms"
    }
}
