// swift-tools-version: 6.2

import PackageDescription

let upcomingFeatures: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// A warning stops our own builds (scripts/test sets the variable), not those of a package that
// depends on this one with a newer compiler.
let strictness: [SwiftSetting] =
    Context.environment["CABINET_WARNINGS_AS_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)]

let swiftSettings = upcomingFeatures + strictness

let package = Package(
    name: "e-cabinet",
    products: [
        .library(name: "CabinetAPI", targets: ["CabinetAPI"]),
        .library(name: "CabinetClient", targets: ["CabinetClient"]),
        .library(name: "CabinetRPC", targets: ["CabinetRPC"]),
        .library(name: "CabinetStore", targets: ["CabinetStore"]),
        .library(name: "CabinetCodec", targets: ["CabinetCodec"]),
        .library(name: "CabinetCrypto", targets: ["CabinetCrypto"]),
        .library(name: "CabinetLedger", targets: ["CabinetLedger"]),
        .library(name: "CabinetMapping", targets: ["CabinetMapping"]),
        .library(name: "CabinetMinutes", targets: ["CabinetMinutes"]),
        .library(name: "CabinetModel", targets: ["CabinetModel"]),
        .library(name: "CabinetServer", targets: ["CabinetServer"]),
        .library(name: "CabinetTLS", targets: ["CabinetTLS"]),
        .executable(name: "protoc-gen-cabinet", targets: ["protoc-gen-cabinet"]),
        .executable(name: "ecabinet", targets: ["ecabinet"]),
        .executable(name: "ecabinet-demo", targets: ["ecabinet-demo"]),
        .executable(name: "ecabinet-load", targets: ["ecabinet-load"]),
        .executable(name: "ecabinetd", targets: ["ecabinetd"]),
        // For Tests/Fuzz alone, which is a package of its own.
        .library(name: "FuzzTargets", targets: ["FuzzTargets"]),
    ],
    dependencies: [
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.0.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.5.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
    ],
    targets: [
        // System libraries.
        .systemLibrary(
            name: "CProtobufC",
            pkgConfig: "libprotobuf-c",
            providers: [.apt(["libprotobuf-c-dev"])]
        ),
        .systemLibrary(
            name: "COpenSSL",
            pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(
            name: "CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]
        ),
        // The parts of the C library that Swift's Glibc leaves out.
        .systemLibrary(name: "CMalloc"),

        // What threads share.
        .target(
            name: "CabinetLocks",
            dependencies: [.product(name: "NIOConcurrencyHelpers", package: "swift-nio")],
            swiftSettings: swiftSettings
        ),

        // The protocol: frames and connection state, without input or output.
        .target(name: "CabinetWire", swiftSettings: swiftSettings),

        // The ledger: cryptography over OpenSSL, and the Merkle log, checkpoints and receipts. Pure.
        .target(
            name: "CabinetCrypto",
            dependencies: ["COpenSSL"],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "CabinetLedger",
            dependencies: ["CabinetCrypto"],
            swiftSettings: swiftSettings
        ),

        // Where the logs are kept.
        .target(
            name: "CabinetStore",
            dependencies: ["CSQLite", "CabinetLocks"],
            swiftSettings: swiftSettings
        ),

        // The meeting: rules, state, verdicts and what each audience sees. Pure.
        .target(name: "CabinetModel", swiftSettings: swiftSettings),

        // TLS: OpenSSL's contexts and sessions, and the NIO handler that runs them.
        .target(name: "COpenSSLShims", dependencies: ["COpenSSL"]),
        .target(
            name: "CabinetTLS",
            dependencies: [
                "CabinetLocks", "COpenSSLShims", .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: swiftSettings
        ),
        // The codec: decoding and encoding of generated messages over protobuf-c.
        .target(
            name: "CabinetCodec",
            dependencies: ["CProtobufC"],
            swiftSettings: swiftSettings
        ),

        // The schema: C by protoc-gen-c, Swift by protoc-gen-cabinet. scripts/generate writes both.
        .target(name: "CCabinetProto", dependencies: ["CProtobufC"]),
        .target(
            name: "CabinetRPC",
            dependencies: [
                "CabinetLocks",
                "CabinetCodec", "CabinetTLS", "CabinetWire", "CCabinetProto",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "CabinetAPI",
            dependencies: ["CabinetCodec", "CabinetRPC", "CCabinetProto"],
            swiftSettings: swiftSettings
        ),
        // Between the schema and the meeting: entries, ballots, commands, responses, events. Pure.
        .target(
            name: "CabinetMapping",
            dependencies: [
                "CabinetAPI", "CabinetCodec", "CabinetCrypto", "CabinetLedger", "CabinetModel",
                "CabinetRPC",
            ],
            swiftSettings: swiftSettings
        ),
        // What files for people and programs are written with: HTML that escapes, JSON in its order. Pure.
        .target(name: "CabinetDocuments", swiftSettings: swiftSettings),
        // The minutes of a meeting from its log alone: a folder of files, made and verified.
        .target(
            name: "CabinetMinutes",
            dependencies: [
                "CabinetLocks",
                "CabinetAPI", "CabinetCrypto", "CabinetDocuments", "CabinetLedger",
                "CabinetMapping", "CabinetModel", "CabinetTexts",
            ],
            swiftSettings: swiftSettings
        ),
        // The server: the single writer of all meetings, and the services.
        .target(
            name: "CabinetServer",
            dependencies: [
                "CabinetLocks",
                "CabinetAPI", "CabinetCodec", "CabinetCrypto", "CabinetLedger", "CabinetMapping",
                "CabinetModel", "CabinetRPC", "CabinetStore", "CabinetTLS",
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: swiftSettings
        ),
        // What a member's device links: ballots, their journal, and the proofs.
        .target(
            name: "CabinetClient",
            dependencies: [
                "CabinetLocks",
                "CabinetAPI", "CabinetCodec", "CabinetCrypto", "CabinetLedger", "CabinetMapping",
                "CabinetModel", "CabinetRPC", "CabinetStore",
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: swiftSettings
        ),
        // What people read, in Vietnamese and in English: words, explanations, widths. Pure.
        .target(
            name: "CabinetTexts",
            dependencies: ["CabinetModel"],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "CabinetClientTexts",
            dependencies: [
                "CabinetClient", "CabinetMapping", "CabinetModel", "CabinetRPC", "CabinetTLS",
                "CabinetTexts",
            ],
            swiftSettings: swiftSettings
        ),
        // The live board of a meeting, as lines for a terminal. Pure.
        .target(
            name: "CabinetBoard",
            dependencies: [
                "CabinetAPI", "CabinetClient", "CabinetClientTexts", "CabinetMapping",
                "CabinetModel", "CabinetTexts",
            ],
            swiftSettings: swiftSettings
        ),
        // Tests of connections and of implementations.
        .target(
            name: "CabinetDiagnostics",
            dependencies: ["CabinetAPI", "CabinetCrypto", "CabinetRPC"],
            swiftSettings: swiftSettings
        ),

        // What the commands have in common.
        .target(
            name: "CommandSupport",
            dependencies: [
                "CMalloc", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings
        ),

        // What a program counts, for a monitoring system: a registry, its text and its endpoint.
        .target(
            name: "CabinetMetrics",
            dependencies: [
                "CabinetLocks",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: swiftSettings
        ),

        // The server's executable: configuration and wiring.
        .executableTarget(
            name: "ecabinetd",
            dependencies: [
                "CabinetCrypto", "CabinetMetrics", "CabinetModel", "CabinetRPC", "CabinetServer",
                "CabinetStore", "CabinetTLS", "CommandSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            exclude: ["METRICS.md"],
            swiftSettings: swiftSettings
        ),

        // Certificates and revocation lists, for trials.
        .target(
            name: "CabinetPKI",
            dependencies: ["CabinetCrypto", "CabinetLedger", "COpenSSLShims"],
            swiftSettings: swiftSettings
        ),
        // The command line for people.
        .executableTarget(
            name: "ecabinet",
            dependencies: [
                // The board and the texts.
                "CabinetBoard", "CabinetClientTexts", "CabinetLocks", "CabinetTexts",
                "CabinetAPI", "CabinetClient", "CabinetCodec", "CabinetCrypto", "CabinetLedger",
                "CabinetMapping", "CabinetMinutes", "CabinetModel", "CabinetPKI", "CabinetRPC",
                "CabinetTLS", "CabinetWire", "CommandSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: swiftSettings
        ),

        // The session of 24 June 2019, played again.
        .executableTarget(
            name: "ecabinet-demo",
            dependencies: [
                "CabinetLocks",
                "CabinetAPI", "CabinetBoard", "CabinetClient", "CabinetCrypto", "CabinetLedger",
                "CabinetMapping", "CabinetMinutes", "CabinetModel", "CabinetPKI", "CabinetRPC",
                "CabinetTLS", "CabinetTexts", "CommandSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: swiftSettings
        ),

        // The load harness: scenarios, measurements, reports. Pure.
        .target(
            name: "CabinetLoad",
            dependencies: [
                .product(name: "DequeModule", package: "swift-collections"),
                "CabinetDocuments",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "Yams", package: "Yams"),
            ],
            exclude: ["REPORT.md"],
            swiftSettings: swiftSettings
        ),
        // How its processes work together: generated, as the schema.
        .target(name: "CLoadProto", dependencies: ["CProtobufC"]),
        .target(
            name: "LoadAPI",
            dependencies: ["CabinetCodec", "CabinetRPC", "CLoadProto"],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "ecabinet-load",
            dependencies: [
                "CabinetLoad", "CabinetLocks", "CabinetTexts", "LoadAPI",
                "CabinetAPI", "CabinetClient", "CabinetCodec", "CabinetCrypto",
                "CabinetDiagnostics",
                "CabinetLedger", "CabinetMapping", "CabinetModel", "CabinetRPC", "CabinetTLS",
                "CabinetWire", "CommandSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            exclude: ["Scenarios"],
            swiftSettings: swiftSettings
        ),

        // The code generator.
        .target(name: "CDescriptorProto", dependencies: ["CProtobufC"]),
        .target(
            name: "CabinetCodegen",
            dependencies: ["CDescriptorProto", "COpenSSL", "CProtobufC"],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "protoc-gen-cabinet",
            dependencies: ["CabinetCodegen"],
            swiftSettings: swiftSettings
        ),

        // Tests.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: swiftSettings),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "CabinetAPI", "CabinetDiagnostics", "CabinetRPC", "CabinetTLS", "CabinetWire",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            path: "Tests/FuzzTargets",
            swiftSettings: swiftSettings
        ),
        .target(
            name: "CFixtureProto",
            dependencies: ["CProtobufC"],
            path: "Tests/Fixtures/CFixtureProto"
        ),
        .target(
            name: "FixtureAPI",
            dependencies: ["CabinetCodec", "CabinetRPC", "CFixtureProto"],
            path: "Tests/Fixtures/FixtureAPI",
            swiftSettings: swiftSettings
        ),
        .target(
            name: "CConformanceProto",
            dependencies: ["CProtobufC"],
            path: "Tests/Fixtures/CConformanceProto"
        ),
        .target(
            name: "ConformanceAPI",
            dependencies: ["CabinetCodec", "CabinetRPC", "CConformanceProto"],
            path: "Tests/Fixtures/ConformanceAPI",
            swiftSettings: swiftSettings
        ),
        // Certificates that are made for a run of the tests.
        .target(
            name: "TLSTestSupport",
            dependencies: ["CabinetTLS"],
            path: "Tests/TLSTestSupport",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetWireTests",
            dependencies: ["CabinetWire", "TestSupport"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetCryptoTests",
            dependencies: ["CabinetCrypto", "COpenSSL", "TLSTestSupport"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetLedgerTests",
            dependencies: ["CabinetCrypto", "CabinetLedger", "TestSupport"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetStoreTests",
            dependencies: ["CabinetStore", "TestSupport"],
            swiftSettings: swiftSettings
        ),
        // Meetings at random, for the tests of whatever carries or keeps them.
        .target(
            name: "ModelTestSupport",
            dependencies: ["CabinetModel", "TestSupport"],
            path: "Tests/ModelTestSupport",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetModelTests",
            dependencies: ["CabinetModel", "ModelTestSupport", "TestSupport"],
            swiftSettings: swiftSettings
        ),
        // Members' keys and certificates.
        .target(
            name: "BallotTestSupport",
            dependencies: ["CabinetCrypto"],
            path: "Tests/BallotTestSupport",
            swiftSettings: swiftSettings
        ),
        // Logs of meetings, signed by their members and by a log's key.
        .target(
            name: "LogTestSupport",
            dependencies: [
                "BallotTestSupport", "CabinetAPI", "CabinetCrypto", "CabinetLedger",
                "CabinetMapping", "CabinetModel", "ModelTestSupport",
            ],
            path: "Tests/LogTestSupport",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetServerTests",
            dependencies: [
                "CabinetLocks",
                "BallotTestSupport", "CabinetAPI", "CabinetCodec", "CabinetCrypto", "CabinetLedger",
                "CabinetMapping", "CabinetModel", "CabinetRPC", "CabinetServer", "CabinetStore",
                "ModelTestSupport", "TestSupport",
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetMappingTests",
            dependencies: [
                "BallotTestSupport", "CabinetAPI", "CabinetCodec", "CabinetCrypto", "CabinetLedger",
                "CabinetMapping",
                "CabinetModel", "CabinetRPC", "LogTestSupport", "ModelTestSupport", "TestSupport",
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetDocumentsTests",
            dependencies: ["CabinetDocuments", "TestSupport"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetMinutesTests",
            dependencies: [
                "BallotTestSupport", "CabinetAPI", "CabinetCrypto", "CabinetLedger",
                "CabinetMapping", "CabinetMinutes", "CabinetModel", "CabinetTexts",
                "LogTestSupport",
                "ModelTestSupport", "TestSupport",
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetClientTests",
            dependencies: [
                "CabinetLocks",
                "BallotTestSupport", "CabinetAPI", "CabinetClient", "CabinetCodec",
                "CabinetCrypto", "CabinetLedger", "CabinetMapping", "CabinetModel", "CabinetRPC",
                "CabinetServer", "CabinetStore", "CabinetTLS", "ModelTestSupport", "TestSupport",
                "TLSTestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetTextsTests",
            dependencies: ["CabinetModel", "CabinetTexts", "ModelTestSupport"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetClientTextsTests",
            dependencies: [
                "CabinetClient", "CabinetClientTexts", "CabinetMapping", "CabinetModel",
                "CabinetRPC", "CabinetTexts", "ModelTestSupport",
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetBoardTests",
            dependencies: [
                "CabinetAPI", "CabinetBoard", "CabinetClient", "CabinetMapping", "CabinetModel",
                "CabinetRPC", "CabinetTexts", "ModelTestSupport",
            ],
            exclude: ["Golden"],
            swiftSettings: swiftSettings
        ),
        // ecabinet watch on a terminal of tmux, with a real server.
        .testTarget(
            name: "EcabinetWatchTests",
            dependencies: [
                "CabinetAPI", "CabinetClient", "CabinetCrypto", "CabinetModel", "CabinetRPC",
                "CabinetTLS", "TLSTestSupport", "ecabinet", "ecabinetd",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetTLSTests",
            dependencies: [
                "CabinetLocks",
                "CabinetTLS", "TLSTestSupport", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetCodecTests",
            dependencies: [
                "CabinetCodec", "CabinetRPC", "CabinetAPI", "CabinetCodegen", "FixtureAPI",
                "TestSupport",
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetCodegenTests",
            dependencies: ["CabinetCodegen", "protoc-gen-cabinet"],
            exclude: ["Golden"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "FuzzTargetsTests",
            dependencies: ["FuzzTargets", "TestSupport"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetPKITests",
            dependencies: ["CabinetCrypto", "CabinetPKI", "TLSTestSupport", "TestSupport"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "EcabinetTests",
            dependencies: [
                "ecabinet", "ecabinetd", "CabinetAPI", "CabinetClient", "CabinetClientTexts",
                "CabinetCodec", "CabinetCrypto", "CabinetDiagnostics", "CabinetLedger",
                "CabinetMapping", "CabinetMinutes",
                "CabinetModel", "CabinetPKI", "CabinetRPC", "CabinetTexts", "CabinetTLS",
                "LogTestSupport", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetLoadTests",
            dependencies: ["CabinetDocuments", "CabinetLoad", "TestSupport"],
            exclude: ["Golden"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetMetricsTests",
            dependencies: [
                "CabinetLocks", "CabinetMetrics", "TestSupport",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "EcabinetLoadTests",
            dependencies: ["ecabinet-load", "ecabinetd", "TLSTestSupport"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "EcabinetDemoTests",
            dependencies: ["ecabinet", "ecabinet-demo", "ecabinetd", "TestSupport"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "EcabinetdTests",
            dependencies: [
                "CabinetLocks",
                "ecabinetd", "CabinetAPI", "CabinetClient", "CabinetCrypto", "CabinetModel",
                "CabinetRPC", "CabinetTLS", "ModelTestSupport", "TestSupport", "TLSTestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CabinetRPCTests",
            dependencies: [
                "CabinetLocks",
                "CabinetAPI", "CabinetCodec", "CabinetDiagnostics", "CabinetRPC", "CabinetTLS",
                "CabinetWire", "FixtureAPI", "TestSupport", "TLSTestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: swiftSettings
        ),
        // The cases of proto/conformance, run against this implementation.
        .testTarget(
            name: "ConformanceTests",
            dependencies: [
                "CabinetLocks",
                "CabinetAPI", "CabinetCodec", "CabinetDiagnostics", "CabinetRPC", "CabinetTLS",
                "CabinetWire", "ConformanceAPI", "TLSTestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: swiftSettings
        ),
    ]
)
