import CabinetLoad
import Testing

@Suite struct MetricsSnapshotTests {
    /// After the example of the format's documentation (Prometheus, «Exposition formats»): comments, types,
    /// escapes in labels, timestamps, infinities, and lines that have nothing.
    private static let example = #"""
        # HELP http_requests_total The total number of HTTP requests.
        # TYPE http_requests_total counter
        http_requests_total{method="post",code="200"} 1027 1395066363000
        http_requests_total{method="post",code="400"}    3 1395066363000

        # Escaping in label values:
        msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9

        # Minimalistic line:
        metric_without_timestamp_and_labels 12.47

        # A weird metric from before the epoch:
        something_weird{problem="division by zero"} +Inf -3982045

        # A histogram, which has a pretty complex representation in the text format:
        # TYPE http_request_duration_seconds histogram
        http_request_duration_seconds_bucket{le="0.05"} 24054
        http_request_duration_seconds_bucket{le="+Inf"} 144320
        http_request_duration_seconds_sum 53423
        http_request_duration_seconds_count 144320
        """#

    @Test("The example of the format's documentation is read")
    func documentation() throws {
        let snapshot = try MetricsSnapshot(text: Self.example)
        #expect(snapshot.samples.count == 9)
        #expect(snapshot.sum("http_requests_total") == 1_030)
        #expect(snapshot.sum("http_requests_total", where: ["code": "400"]) == 3)
        #expect(snapshot.sum("http_requests_total", where: ["code": "500"]) == nil)
        #expect(snapshot.sum("metric_without_timestamp_and_labels") == 12.47)
        #expect(snapshot.sum("something_weird") == .infinity)
        #expect(
            snapshot.sum("http_request_duration_seconds_bucket", where: ["le": "+Inf"]) == 144_320
        )
        let access = snapshot.samples.first { $0.name == "msdos_file_access_time_seconds" }
        #expect(
            access?.labels
                == [
                    "path": #"C:\DIR\FILE.TXT"#, "error": "Cannot find file:\n\"FILE.TXT\"",
                ]
        )
    }

    @Test(
        "Lines that the format allows",
        arguments: [
            ("a 1", 1.0), ("\ta\t1\t", 1), ("a{} 1", 1), ("a {x = \"y\" , } 1 5", 1),
            ("a{x=\"}\"} 1", 1),
            ("a:b_c 1e-3", 0.001), ("a{x=\"\u{301}\"} -1", -1), ("a{x=\"\r\"} -Inf", -.infinity),
        ] as [(String, Double)]
    )
    func allowed(_ line: String, _ value: Double) throws {
        #expect(try MetricsSnapshot(text: "# x\n\(line)\n").samples.map(\.value) == [value])
    }

    @Test("NaN is a value")
    func notANumber() throws {
        let samples = try MetricsSnapshot(text: "a NaN").samples
        #expect(samples.map(\.value.isNaN) == [true])
    }

    @Test(
        "Lines that are none are named",
        arguments: [
            "a", "a one", "1a 1", "a{x=\"y\"", "a{x=\"y} 1", "a{x=y} 1", "a{x} 1", "a{x=\"y\\",
            "a{1x=\"\"} 1",
            "a 1 soon", "a 1 2 3", "{x=\"y\"} 1", "a{x=\"1\",x=\"2\"} 1", "<html>", "a{x=\"y\"} ",
            "é 1",
        ]
    )
    func garbage(_ line: String) {
        let error = #expect(throws: MetricsSnapshot.InvalidText.self) {
            try MetricsSnapshot(text: "fine 1\n\n\(line)\n")
        }
        #expect(error?.description == "line 3 is no sample of the Prometheus text format")
    }

    @Test("A page with too many samples is not read")
    func tooMany() throws {
        let most = String(repeating: "a 1\n", count: MetricsSnapshot.maximumSamples)
        #expect(try MetricsSnapshot(text: most).samples.count == 20_000)
        let error = #expect(throws: MetricsSnapshot.InvalidText.self) {
            try MetricsSnapshot(text: most + "a 1")
        }
        #expect(error?.description == "there are more than 20000 samples")
    }
}
