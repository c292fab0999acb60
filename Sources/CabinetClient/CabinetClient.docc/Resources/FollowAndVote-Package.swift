// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "tablet",
    dependencies: [
        .package(path: "../e-cabinet"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    ],
    targets: [
        .executableTarget(
            name: "tablet",
            dependencies: [
                .product(name: "CabinetClient", package: "e-cabinet"),
                .product(name: "CabinetModel", package: "e-cabinet"),
                .product(name: "CabinetRPC", package: "e-cabinet"),
                .product(name: "CabinetTLS", package: "e-cabinet"),
                .product(name: "Logging", package: "swift-log"),
            ]
        )
    ]
)
