// swift-tools-version: 6.2

// Benchmarks of the codec against bare protobuf-c and SwiftProtobuf. A package of its own, so that
// nobody who builds e-cabinet fetches SwiftProtobuf. scripts/bench builds and runs it.

import PackageDescription

let upcomingFeatures: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "codec-benchmark",
    dependencies: [
        .package(name: "e-cabinet", path: "../../.."),
        .package(
            url: "https://github.com/apple/swift-protobuf.git",
            exact: "1.39.0",
            traits: []
        ),
    ],
    targets: [
        // Finds the descriptors at link time, in the C that CabinetAPI brings along.
        .target(
            name: "CBareProtobufC",
            linkerSettings: [.linkedLibrary("protobuf-c")]
        ),
        .target(
            name: "SwiftProtobufMessages",
            dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")]
        ),
        .executableTarget(
            name: "CodecBenchmark",
            dependencies: [
                .product(name: "CabinetAPI", package: "e-cabinet"),
                .product(name: "CabinetCodec", package: "e-cabinet"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
                "CBareProtobufC",
                "SwiftProtobufMessages",
            ],
            swiftSettings: upcomingFeatures
        ),
    ]
)
