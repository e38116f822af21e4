// swift-tools-version: 6.3
import PackageDescription

// OpenVINO comes from a wheel that `scripts/setup` unpacks; its libraries have no folder that the loader knows.
let runtimeLibraries = "\(Context.packageDirectory)/.deps/openvino/libs"

let package = Package(
    name: "firserver",
    products: [.executable(name: "firserver", targets: ["firserver"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration", exact: "1.4.0",
            traits: [.defaults, "CommandLineArguments"]),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        // Floor 0: C libraries, and the values that everybody shares.
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CSPNG", pkgConfig: "spng", providers: [.apt(["libspng-dev"])]),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "COpenVINO", pkgConfig: "openvino"),
        .systemLibrary(name: "CMalloc"),
        .target(name: "CProcessor"),
        .target(name: "CDetectorKernels", dependencies: ["CProcessor"]),
        .target(name: "CGalleryKernels", dependencies: ["CProcessor"]),
        .target(name: "CImagingKernels", dependencies: ["CProcessor"]),
        .target(name: "CJPEGKernels", linkerSettings: [.linkedLibrary("jpeg")]),
        .target(name: "FaceModel"),
        // Floor 1: one C library each.
        .target(
            name: "Imaging",
            dependencies: ["FaceModel", "CTurboJPEG", "CSPNG", "CProcessor", "CImagingKernels", "CJPEGKernels"]),
        .target(
            name: "Inference", dependencies: ["COpenVINO"],
            linkerSettings: [.unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", runtimeLibraries])]),
        .target(name: "Postgres", dependencies: ["CLibPQ", serviceLifecycle, logging, nioPosix]),
        // Floor 2: pictures to faces, faces to neighbours, rows.
        .target(
            name: "FaceAnalysis",
            dependencies: [
                "FaceModel", "Imaging", "Inference", "CProcessor", "CDetectorKernels", crypto, logging, metrics,
            ]),
        .target(name: "Gallery", dependencies: ["FaceModel", "COpenBLAS", "CProcessor", "CGalleryKernels"]),
        .target(name: "FaceStore", dependencies: ["FaceModel", "Postgres"]),
        // Floor 3: the use cases.
        .target(
            name: "Recognition",
            dependencies: [
                "FaceModel", "FaceAnalysis", "Gallery", "FaceStore", "Postgres", crypto, serviceLifecycle, logging,
                metrics,
            ]),
        .target(
            name: "Accounts",
            dependencies: ["FaceModel", "FaceStore", "Postgres", crypto, cryptoExtras, jwtKit, logging, nioPosix]),
        // Floors 4 and 5: HTTP.
        .target(
            name: "HTTPSupport",
            dependencies: [
                "FaceModel", hummingbird, httpTypes, nioCore, nioHTTP1, nioHTTPTypes, nioHTTPTypesHTTP1, nioWebSocket,
                logging,
                metrics,
            ]),
        .target(
            name: "FaceIntellectAPI",
            dependencies: ["FaceModel", "Recognition", "HTTPSupport", hummingbird, httpTypes, nioCore, logging]),
        .target(
            name: "EmulatorAPI",
            dependencies: [
                "FaceModel", "Recognition", "HTTPSupport", crypto, hummingbird, httpTypes, nioCore, logging,
            ]),
        .target(
            name: "OpenCVFaceAPI",
            dependencies: ["FaceModel", "Recognition", "HTTPSupport", hummingbird, httpTypes, nioCore, logging]),
        .target(
            name: "EnfaceAPI",
            dependencies: [
                "FaceModel", "Recognition", "Accounts", "HTTPSupport", hummingbird, httpTypes, nioCore, logging,
            ]),
        // Floor 6: the program.
        .target(name: "Telemetry", dependencies: [logging, coreMetrics]),
        .executableTarget(
            name: "firserver",
            dependencies: [
                "FaceModel", "Imaging", "Inference", "FaceAnalysis", "Postgres", "Recognition", "HTTPSupport",
                "FaceIntellectAPI",
                "EnfaceAPI", "EmulatorAPI", "OpenCVFaceAPI", "Accounts", "Telemetry", "CMalloc", hummingbird,
                httpTypes,
                serviceLifecycle,
                unixSignals,
                argumentParser, configuration,
                systemPackage, logging, coreMetrics, nioCore, nioPosix, nioHTTP1,
            ]),
        .target(
            name: "TestKit",
            dependencies: [
                "CProcessor", "FaceModel", "Imaging", "Postgres", "FaceStore", "HTTPSupport", hummingbird, httpTypes,
                serviceLifecycle,
                logging, nioCore, nioPosix, nioHTTP1, nioWebSocket,
            ]),
        .executableTarget(
            name: "firserver-bench",
            dependencies: [
                "FaceModel", "Imaging", "Inference", "FaceAnalysis", "Gallery", "Postgres", "FaceStore", "HTTPSupport",
                "TestKit", argumentParser, nioCore, nioHTTP1,
            ],
            path: "Benchmarks", exclude: ["load.py", "peers", "results", "run.py"]),
        .testTarget(
            name: "AccountsTests", dependencies: ["Accounts", "FaceModel", "FaceStore", "Postgres", "TestKit"]),
        .testTarget(name: "FaceModelTests", dependencies: ["FaceModel"]),
        .testTarget(
            name: "ImagingTests",
            dependencies: [
                "FaceModel", "Imaging", "TestKit", "CTurboJPEG", "CSPNG", "CProcessor", "CImagingKernels",
                "CJPEGKernels",
            ]),
        .testTarget(name: "PostgresTests", dependencies: ["Postgres", "TestKit", serviceLifecycle, logging]),
        .testTarget(name: "FaceStoreTests", dependencies: ["FaceModel", "Postgres", "FaceStore", "TestKit"]),
        .testTarget(
            name: "FaceAnalysisTests",
            dependencies: [
                "FaceAnalysis", "FaceModel", "Imaging", "Inference", "TestKit", "CProcessor", "CDetectorKernels",
                crypto,
            ]),
        .testTarget(
            name: "RecognitionTests",
            dependencies: ["Recognition", "FaceAnalysis", "FaceModel", "FaceStore", "Imaging", "Postgres", "TestKit"]),
        .testTarget(
            name: "HTTPSupportTests",
            dependencies: [
                "HTTPSupport", "TestKit", hummingbird, httpTypes, nioCore, nioHTTP1, logging, metrics, metricsTestKit,
                serviceLifecycle,
            ]),
        .testTarget(
            name: "FaceIntellectAPITests",
            dependencies: [
                "FaceIntellectAPI", "FaceModel", "HTTPSupport", "Recognition", "TestKit", hummingbird, httpTypes,
                nioCore,
                nioHTTP1, logging, serviceLifecycle,
            ]),
        .testTarget(
            name: "ConformanceTests",
            dependencies: [
                "FaceModel", "Imaging", "FaceIntellectAPI", "FaceStore", "HTTPSupport", "Postgres", "TestKit", crypto,
                nioCore,
                nioHTTP1,
            ]),
        .testTarget(name: "TelemetryTests", dependencies: ["Telemetry", coreMetrics]),
        .testTarget(
            name: "GalleryTests", dependencies: ["Gallery", "FaceModel", "TestKit", "CProcessor", "CGalleryKernels"]),
    ]
)

var serviceLifecycle: Target.Dependency { .product(name: "ServiceLifecycle", package: "swift-service-lifecycle") }
var unixSignals: Target.Dependency { .product(name: "UnixSignals", package: "swift-service-lifecycle") }
var argumentParser: Target.Dependency { .product(name: "ArgumentParser", package: "swift-argument-parser") }
var configuration: Target.Dependency { .product(name: "Configuration", package: "swift-configuration") }
var systemPackage: Target.Dependency { .product(name: "SystemPackage", package: "swift-system") }
var crypto: Target.Dependency { .product(name: "Crypto", package: "swift-crypto") }
var cryptoExtras: Target.Dependency { .product(name: "CryptoExtras", package: "swift-crypto") }
var jwtKit: Target.Dependency { .product(name: "JWTKit", package: "jwt-kit") }
var hummingbird: Target.Dependency { .product(name: "Hummingbird", package: "hummingbird") }
var httpTypes: Target.Dependency { .product(name: "HTTPTypes", package: "swift-http-types") }
var logging: Target.Dependency { .product(name: "Logging", package: "swift-log") }
var coreMetrics: Target.Dependency { .product(name: "CoreMetrics", package: "swift-metrics") }
var metrics: Target.Dependency { .product(name: "Metrics", package: "swift-metrics") }
var nioCore: Target.Dependency { .product(name: "NIOCore", package: "swift-nio") }
var nioPosix: Target.Dependency { .product(name: "NIOPosix", package: "swift-nio") }
var metricsTestKit: Target.Dependency { .product(name: "MetricsTestKit", package: "swift-metrics") }
var nioHTTPTypes: Target.Dependency { .product(name: "NIOHTTPTypes", package: "swift-nio-extras") }
var nioHTTP1: Target.Dependency { .product(name: "NIOHTTP1", package: "swift-nio") }
var nioHTTPTypesHTTP1: Target.Dependency { .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras") }
var nioWebSocket: Target.Dependency { .product(name: "NIOWebSocket", package: "swift-nio") }

for target in package.targets where target.type != .system && !target.name.hasPrefix("C") {
    target.swiftSettings = [
        .strictMemorySafety(), .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"), .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableExperimentalFeature("Lifetimes"),
    ]
}

// Optimising these tests takes the compiler minutes and saves them nothing: they wait for servers and databases.
for target in package.targets where target.type == .test {
    guard !["FaceAnalysisTests", "GalleryTests", "ImagingTests"].contains(target.name) else { continue }
    target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-Onone"])]
}

// C and programs end at once where a mistake would let an intruder go on; scripts/check_hardening looks at the result.
for target in package.targets where target.type == .regular && target.name.hasPrefix("C") {
    target.cSettings = [
        .unsafeFlags(["-fstack-protector-strong", "-fstack-clash-protection"]),
        .define("_FORTIFY_SOURCE", to: "3", .when(configuration: .release)),
    ]
}
for target in package.targets where target.type == .executable {
    target.linkerSettings = [
        .unsafeFlags(["-Xlinker", "-z", "-Xlinker", "relro", "-Xlinker", "-z", "-Xlinker", "now"])
    ]
}
