public import Hummingbird

extension Router where Context == ServerContext {
    /// A router that measures and logs every request and answers every failure, to which dialects add themselves.
    ///
    /// - Parameter fallback: the form of failures outside of any dialect.
    public static func server(fallback: some FailureShape = PlainFailureShape()) -> Router<ServerContext> {
        let router = Router(context: ServerContext.self)
        router.addMiddleware {
            RequestMetricsMiddleware()
            RequestLogMiddleware()
            FailureMiddleware(shape: fallback)
        }
        return router
    }
}
