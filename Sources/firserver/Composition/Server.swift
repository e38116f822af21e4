import CoreMetrics
import EmulatorAPI
import EnfaceAPI
import FaceIntellectAPI
import FaceModel
import Foundation
import Glibc
import HTTPSupport
import Hummingbird
import Inference
import Logging
import NIOCore
import OpenCVFaceAPI
import Recognition
import ServiceLifecycle
import Telemetry
import UnixSignals

/// The whole server, put together.
struct Server {
    let settings: Settings
    private let metrics = PrometheusRegistry()

    init(_ settings: Settings) {
        self.settings = settings
        let level = settings.logLevel
        switch settings.logFormat {
        case .json: LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: level) }
        case .text:
            LoggingSystem.bootstrap { label in
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = level
                return handler
            }
        }
        MetricsSystem.bootstrap(metrics)
        // Always 1: what is told are the labels.
        Gauge(
            label: "firserver_build_info",
            dimensions: [
                ("version", Firserver.version), ("inference_precision", settings.inferencePrecision.rawValue),
            ]
        ).record(1)
    }

    /// Serves until SIGTERM or SIGINT: then no new connections, running requests finish, the database ends last.
    func run() async throws {
        try checkAccess()
        try checkPort()
        let connections = settings.limits.http.maximumConnections
        if !ProcessLimits.raiseFileLimit(forConnections: connections) {
            Logger(label: "firserver").warning(
                "the system allows too few open files for so many connections (ulimit -n)",
                metadata: ["connections": "\(connections)"])
        }
        let service = DeferredFaceService()
        let accounts = DeferredAccounts()
        let users = DeferredUsers()
        let keys = DeferredKeys()
        let tools = settings.emulator ? EmulatorTools() : nil
        let budgets = RequestBudgets(settings.limits.http)
        let backend = Backend(
            settings, service: service, accounts: accounts, users: users, keys: keys, tools: tools)
        let dialect = faceIntellect(service, accounts: accounts)
        let application = Application(
            router: router(
                dialect: dialect, openCV: openCV(service, keys: keys), service: service, users: users, backend: backend,
                tools: tools, budgets: budgets),
            webSockets: [dialect.liveEvents], browserGuard: browserGuard,
            address: .hostname(settings.httpHost, port: settings.httpPort),
            limits: settings.limits.http, budgets: budgets,
            logger: Logger(label: "http"))
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: backend, failureTerminationBehavior: .gracefullyShutdownGroup),
                .init(service: application, failureTerminationBehavior: .gracefullyShutdownGroup),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: Logger(label: "firserver"))
        configuration.maximumGracefulShutdownDuration = settings.httpDrainTime
        try await ServiceGroup(configuration: configuration).run()
    }

    /// Tells at once that another program has the port, before a database and networks are started for nothing.
    ///
    /// The socket does not listen: who comes this early is refused, not let in and thrown out again. Everything else that
    /// is wrong with the address shows when the server listens.
    private func checkPort() throws {
        guard let address = try? SocketAddress.makeAddressResolvingHost(settings.httpHost, port: settings.httpPort)
        else { return }
        let probe = socket(address.protocol.rawValue, Int32(SOCK_STREAM.rawValue), 0)
        guard probe >= 0 else { return }
        defer { close(probe) }
        var reuses: Int32 = 1
        unsafe setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &reuses, socklen_t(MemoryLayout<Int32>.size))
        let isBound = unsafe address.withSockAddr { bytes, size in unsafe bind(probe, bytes, socklen_t(size)) == 0 }
        if !isBound, errno == EADDRINUSE {
            throw SettingsError("port \(settings.httpPort) is in use by another program; choose one with --http-port")
        }
    }

    private func router(
        dialect: FaceIntellectAPI, openCV: OpenCVFaceAPI, service: DeferredFaceService, users: DeferredUsers,
        backend: Backend,
        tools: EmulatorTools?, budgets: RequestBudgets
    ) -> Router<ServerContext> {
        let router = Router.server(browserGuard: browserGuard, budgets: budgets)
        if let tools {
            EmulatorAPI(service: service, tools: tools, maximumBodySize: settings.limits.http.maximumBodySize) {
                let summary = try await backend.seedPeople()
                return summary.map { .init(added: $0.added, refused: $0.refused.map(\.reason)) }
            }.add(to: router)
        }
        dialect.add(to: router)
        EnfaceAPI(lists: service, users: users, configuration: settings.enface).add(to: router)
        openCV.add(to: router)
        OperationsRoutes(backend: backend, metrics: metrics).add(to: router)
        return router
    }

    private func faceIntellect(_ service: DeferredFaceService, accounts: DeferredAccounts) -> FaceIntellectAPI {
        FaceIntellectAPI(
            service: service,
            configuration: FaceIntellectConfiguration(
                serverID: settings.serverID, acceptAnyServerID: settings.acceptAnyServerID, sourceID: settings.sourceID,
                findFacesMinSim: settings.findFacesMinSim, countFindFaces: settings.countFindFaces,
                protocolsIncludeFir: settings.protocolsIncludeFir, maximumBodySize: settings.limits.http.maximumBodySize
            ),
            authentication: settings.authentication ? BasicAuthentication(realm: "firserver", checker: accounts) : nil)
    }
}
