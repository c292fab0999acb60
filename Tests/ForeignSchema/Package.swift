// swift-tools-version: 6.2

// A package of strangers that uses e-cabinet. scripts/check-foreign-schema copies it, generates its
// code, and builds and runs it.

import PackageDescription

let cabinet = Context.environment["CABINET_PATH"] ?? "../.."

let products: [Target.Dependency] = [
    .product(name: "CabinetCodec", package: "e-cabinet"),
    .product(name: "CabinetRPC", package: "e-cabinet"),
    .product(name: "CabinetTLS", package: "e-cabinet"),
]

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// The same schema in every visibility and with each side of the services, each in a module.
let variants = ["Public", "Package", "Internal"].flatMap { visibility in
    ["Both", "Client", "Server", "None"].map { "Depot" + visibility + $0 }
}

let package = Package(
    name: "depot",
    dependencies: [.package(name: "e-cabinet", path: cabinet)],
    targets: [
        .target(name: "CDepot"),
        .target(name: "COrders", dependencies: ["CDepot"]),
        .target(
            name: "Orders",
            dependencies: ["COrders", "DepotPublicBoth"] + products,
            swiftSettings: strict
        ),
        .executableTarget(
            name: "Demo",
            dependencies: ["DepotPublicBoth", "Orders"] + products,
            swiftSettings: strict
        ),
        // A package that has chosen neither Swift 6 nor its upcoming features.
        .target(
            name: "DepotSwift5",
            dependencies: ["CDepot"] + products,
            swiftSettings: [.treatAllWarnings(as: .error), .swiftLanguageMode(.v5)]
        ),
    ]
        + variants.map {
            .target(name: $0, dependencies: ["CDepot"] + products, swiftSettings: strict)
        }
)
