public import HTTPSupport
public import Hummingbird
public import Recognition

/// OpenCV Face Recognition (Seventh Sense): the cloud API below `/opencv`, the self-hosted FR Server below
/// `/opencv-server`, and both at the root, where method and body tell them apart.
public struct OpenCVFaceAPI: Sendable {
    /// The use cases that it calls.
    public typealias Service = FaceService & FaceEngine & CollectionService & NamedCollectionService & ProbeService
        & LivenessService

    let service: any Service
    let keys: any KeyChecker
    let configuration: OpenCVConfiguration

    /// A dialect over a service.
    ///
    /// - Parameter keys: says what the programs that call may do.
    public init(service: any Service, keys: any KeyChecker, configuration: OpenCVConfiguration) {
        self.service = service
        self.keys = keys
        self.configuration = configuration
    }

    /// Adds the dialect to a router, after the router's logging and metrics.
    public func add(to router: Router<ServerContext>) {
        router.add(middleware: OpenCVMiddleware(api: self))
    }
}
