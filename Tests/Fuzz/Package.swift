// swift-tools-version: 6.2

// Fuzz targets. A package of its own, because everything in it is built with the instrumentation
// of libFuzzer. scripts/fuzz builds and runs it.

import PackageDescription

let upcomingFeatures: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "fuzz",
    dependencies: [
        .package(name: "e-cabinet", path: "../..")
    ],
    targets: [
        // How an input says which message it is. The target reads it, the seeds are written in it.
        .target(
            name: "FuzzInput",
            dependencies: [
                .product(name: "CabinetAPI", package: "e-cabinet"),
                .product(name: "CabinetCodec", package: "e-cabinet"),
                .product(name: "CabinetRPC", package: "e-cabinet"),
            ],
            swiftSettings: upcomingFeatures
        ),
        .target(name: "CLibFuzzer"),
        .executableTarget(
            name: "FuzzDecode",
            dependencies: [
                "CLibFuzzer",
                "FuzzInput",
                .product(name: "CabinetCodec", package: "e-cabinet"),
            ],
            swiftSettings: upcomingFeatures
        ),
        .executableTarget(
            name: "FuzzFrames",
            dependencies: [
                "CLibFuzzer",
                .product(name: "FuzzTargets", package: "e-cabinet"),
            ],
            swiftSettings: upcomingFeatures
        ),
        .executableTarget(
            name: "FuzzConnection",
            dependencies: [
                "CLibFuzzer",
                .product(name: "FuzzTargets", package: "e-cabinet"),
            ],
            swiftSettings: upcomingFeatures
        ),
        .executableTarget(
            name: "FuzzSession",
            dependencies: [
                "CLibFuzzer",
                .product(name: "FuzzTargets", package: "e-cabinet"),
            ],
            swiftSettings: upcomingFeatures
        ),
        .executableTarget(
            name: "FuzzSeeds",
            dependencies: [
                "FuzzInput",
                .product(name: "CabinetAPI", package: "e-cabinet"),
                .product(name: "CabinetCodec", package: "e-cabinet"),
                .product(name: "CabinetRPC", package: "e-cabinet"),
            ],
            swiftSettings: upcomingFeatures
        ),
    ]
)
