public import HTTPSupport
public import Hummingbird
public import Recognition

/// The HTTP interface of AxxonSoft Face Intellect (7.1 to 8.2) and Face PSIM: `/firserver/<Method>`.
///
/// Clients reach it under three forms of path, with any word or the Web Server 2.0 prefix before `firserver`, so it is
/// not a set of routes but one place that every request passes: whatever has a segment `firserver` is answered here, all
/// else goes on to the router.
public struct FaceIntellectAPI: Sendable {
    let service: any FaceService & RecognitionLog
    let configuration: FaceIntellectConfiguration
    let authentication: BasicAuthentication?

    /// A dialect over a service.
    ///
    /// - Parameter authentication: whom to let in; `nil` lets everybody in and passes over whatever they claim to be.
    public init(
        service: any FaceService & RecognitionLog, configuration: FaceIntellectConfiguration,
        authentication: BasicAuthentication? = nil
    ) {
        self.service = service
        self.configuration = configuration
        self.authentication = authentication
    }

    /// Adds the dialect to a router, after the router's logging and metrics and before the routes of other dialects:
    /// a route that was added earlier wins over it.
    public func add(to router: Router<ServerContext>) {
        router.add(middleware: FaceIntellectMiddleware(api: self))
        router.add(middleware: PlatformMiddleware(api: self))
    }
}
