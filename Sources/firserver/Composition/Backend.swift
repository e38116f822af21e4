import Accounts
import EmulatorAPI
import FaceModel
import Foundation
import Inference
import Logging
import Postgres
import Recognition
import ServiceLifecycle
import Synchronization

/// Everything behind the HTTP port: database, networks, galleries.
///
/// It comes up while the port is open already, and goes down when the last request is answered.
final class Backend: Service {
    private let settings: Settings
    private let service: DeferredFaceService
    private let accounts: DeferredAccounts
    private let users: DeferredUsers
    private let keys: DeferredKeys
    private let tools: EmulatorTools?
    private let logger = Logger(label: "firserver")
    private let database = Mutex<Database?>(nil)

    init(
        _ settings: Settings, service: DeferredFaceService, accounts: DeferredAccounts, users: DeferredUsers,
        keys: DeferredKeys,
        tools: EmulatorTools?
    ) {
        self.settings = settings
        self.service = service
        self.accounts = accounts
        self.users = users
        self.keys = keys
        self.tools = tools
    }

    /// Whether recognition works at this moment: galleries loaded, database reachable.
    func isReady() async -> Bool {
        guard service.isReady, let database = database.withLock({ $0 }) else { return false }
        return await database.isReachable()
    }

    func run() async throws {
        let database = try await Database.open(settings)
        self.database.withLock { $0 = database }
        let recognition: RecognitionService
        do {
            recognition = try await database.supervised { try await start(database) }
        } catch {
            try? await database.close()
            // Told to stop while coming up: that is no failure.
            if error is CancellationError { return }
            throw error
        }
        // The claim ends after everything that relies on it.
        var services: [any Service] = [database.claim, database.pool, recognition]
        if let embedded = database.embedded { services.insert(embedded, at: 0) }
        try await ServiceGroup(services: services, logger: logger).run()
    }

    private func start(_ database: Database) async throws -> RecognitionService {
        // The networks first: a mistake in their folder shows even while the database is away.
        let recognition = try await RecognitionService.make(
            settings, database: database, clock: tools?.clock ?? ServerClock(), ids: tools?.ids ?? IDSource(),
            interpreter: tools?.interpreter)
        try await untilAvailable { try await database.claim.make() }
        _ = try await untilAvailable { try await database.migrate() }
        try await untilAvailable { try await recognition.load() }
        try await untilAvailable { try await seed(recognition) }
        try await untilAvailable { try await openAccounts(database) }
        try await untilAvailable { try await openKeys(database) }
        service.becomeReady(with: recognition)
        logger.info("ready", metadata: ["inference.precision": "\(settings.inferencePrecision.rawValue)"])
        return recognition
    }

    /// Repeats the work while PostgreSQL cannot be reached: it may be starting, too.
    private func untilAvailable<R: Sendable>(_ body: () async throws -> R) async throws -> R {
        while true {
            do {
                return try await body()
            } catch {
                switch error {
                case let error as PostgresError where error.isUnavailability: break
                case RecognitionError.storeUnavailable, UserError.unavailable: break
                default: throw error
                }
                logger.warning("waiting for PostgreSQL", metadata: ["error": "\(error)"])
            }
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(500)) }
            if Task.isShuttingDownGracefully { throw CancellationError() }
        }
    }

    private func openAccounts(_ database: Database) async throws {
        let directory = AccountDirectory(database.pool)
        let clock = tools?.clock ?? ServerClock()
        let users = try await UserDirectory(
            database.pool, directory: directory, longestSession: settings.access.longestSession
        ) { clock.now() }
        let tokenFile = SecretFile(url: settings.dataDirectory.absoluteURL.appending(path: "enface-token"))
        try await users.add(settings.firstUser, tokenFile: tokenFile, logger: logger)
        for user in settings.enfaceUsers {
            try await directory.ensure(login: user.login, password: user.password, at: .enface, role: .editor)
        }
        self.users.becomeReady(with: users)
        guard settings.authentication else { return }
        for user in settings.users {
            try await directory.ensure(login: user.login, password: user.password, at: .faceIntellect, role: .admin)
        }
        if try await !directory.all().contains(where: { $0.rights.dialects.contains(.faceIntellect) }) {
            logger.warning("authentication is on and no account may use it; see firserver users --help")
        }
        accounts.becomeReady(with: directory)
    }

    private func openKeys(_ database: Database) async throws {
        let directory = KeyDirectory(database.pool)
        for key in settings.openCV.keys {
            try await directory.put(name: key.name, secret: key.secret, isReadOnly: key.isReadOnly)
        }
        keys.becomeReady(with: directory)
    }

    /// The numbers that the embedder computes with.
    var inferencePrecision: InferencePrecision { settings.inferencePrecision }

    /// Whether the liveness of faces is what a setting says.
    var hasScriptedLiveness: Bool { !service.tellsLiveness }

    /// Adds the configured sample people; `nil` when none are configured.
    func seedPeople() async throws -> Seeder.Summary? {
        guard let manifest = settings.seedManifest else { return nil }
        return try await seed(try service.ready(), from: manifest)
    }

    private func seed(_ recognition: RecognitionService, from manifest: URL) async throws -> Seeder.Summary {
        let people = try SeedPeople.read(manifest, photos: settings.seedPhotos)
        return await Seeder(service: recognition, workers: 2 * settings.analysisThreads, showsProgress: false)
            .seed(people)
    }

    private func seed(_ recognition: RecognitionService) async throws {
        guard let manifest = settings.seedManifest else { return }
        let page = try await recognition.persons(in: .sharedGallery, matching: .init(), offset: 0, limit: 1)
        guard page.total == 0 else { return }
        let summary = try await seed(recognition, from: manifest)
        for (_, reason) in summary.refused {
            logger.warning("a sample person was refused", metadata: ["reason": "\(reason)"])
        }
        logger.info("added sample people", metadata: ["person.count": "\(summary.added)"])
    }
}
