public import Hummingbird

extension Router where Context == ServerContext {
    /// A router that measures and logs every request and answers every failure, to which dialects add themselves.
    ///
    /// - Parameters:
    ///   - fallback: the form of failures outside of any dialect.
    ///   - browserGuard: which requests of pages are let through; `nil`: all of them.
    ///   - budgets: what all requests share; the same as those of the server.
    public static func server(
        fallback: some FailureShape = PlainFailureShape(), browserGuard: BrowserGuard? = nil,
        budgets: RequestBudgets = RequestBudgets()
    ) -> Router<ServerContext> {
        // Routes are found by their verb, before any middleware gets to see HEAD.
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        router.addMiddleware {
            RequestMetricsMiddleware()
            RequestLogMiddleware()
            RequestLimitsMiddleware(budgets)
            EmptyBodyMiddleware()
            AnswerHeadersMiddleware()
            FailureMiddleware(shape: fallback)
        }
        if let browserGuard { router.add(middleware: BrowserGuardMiddleware(browserGuard)) }
        return router
    }
}
