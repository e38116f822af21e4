public import Logging
internal import NIOPosix
public import ServiceLifecycle
internal import Synchronization

/// A fixed number of connections, each used on a thread of the pool's own, since libpq blocks.
///
/// Connections are made when they are needed. One that is found dead is replaced; while PostgreSQL is down attempts
/// are spaced out, and calls fail within `waitingTimeout` and the configuration's connect time-out. The pool recovers
/// by itself with the first call after PostgreSQL is back.
public final class PostgresPool: Sendable, Service {
    private typealias Waiter = CheckedContinuation<Int?, Never>

    /// How the pool reaches the database.
    public let configuration: PostgresConfiguration
    private let waitingTimeout: Duration
    private let threads: NIOThreadPool
    private let logger: Logger
    private let queue: Mutex<PoolQueue<Waiter>>
    private let outage = Mutex(Outage())
    private let slots: [ConnectionSlot]

    /// A pool; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - size: the number of connections, 1 or more.
    ///   - waitingTimeout: how long a call waits for a free connection, or for PostgreSQL to come back.
    ///   - waitingLimit: how many calls may wait; more are refused at once.
    public init(
        _ configuration: PostgresConfiguration, size: Int = 8, waitingTimeout: Duration = .milliseconds(2500),
        waitingLimit: Int = 10_000, logger: Logger = Logger(label: "postgres")
    ) {
        precondition(size > 0, "a pool has at least one connection")
        self.configuration = configuration
        self.waitingTimeout = waitingTimeout
        self.logger = logger
        threads = NIOThreadPool(numberOfThreads: size)
        threads.start()
        slots = (0..<size).map { _ in ConnectionSlot() }
        queue = Mutex(PoolQueue(slots: size, waitingLimit: waitingLimit))
    }

    /// Lends a connection to `body`, which runs on a thread that may block.
    ///
    /// Never run twice.
    ///
    /// - Throws: what `body` throws; ``PostgresError/noConnection``, ``PostgresError/connectionFailed(_:)`` and
    ///   ``PostgresError/cancelled`` before it ran.
    @discardableResult
    public func withConnection<R: Sendable>(
        _ body: @escaping @Sendable (borrowing PostgresConnection) throws(PostgresError) -> R
    ) async throws(PostgresError) -> R {
        try await attempt(body)
    }

    /// Like ``withConnection(_:)`` for work that changes nothing.
    ///
    /// It is run once more when the connection breaks, and a few times more after a deadlock.
    @discardableResult
    public func read<R: Sendable>(
        _ body: @escaping @Sendable (borrowing PostgresConnection) throws(PostgresError) -> R
    ) async throws(PostgresError) -> R {
        try await repeating(after: \.isConnectionLoss) { () throws(PostgresError) in try await attempt(body) }
    }

    /// Runs `body` in a transaction.
    ///
    /// It is run once more when the connection broke before COMMIT, and a few times more after a deadlock or a
    /// serialisation failure; so it must change nothing outside the database.
    ///
    /// - Throws: what `body` throws, after a rollback; ``PostgresError/commitUnknown`` when it may be stored.
    @discardableResult
    public func transaction<R: Sendable>(
        _ body: @escaping @Sendable (borrowing PostgresConnection) throws(PostgresError) -> R
    ) async throws(PostgresError) -> R {
        try await repeating(after: { $0 == .connectionLost }) { () throws(PostgresError) in
            try await attempt { connection throws(PostgresError) -> R in
                try connection.transaction { () throws(PostgresError) -> R in try body(connection) }
            }
        }
    }

    /// Like ``transaction(_:)`` for work over whole tables: without limits for statements and locks.
    @discardableResult
    public func longTransaction<R: Sendable>(
        _ body: @escaping @Sendable (borrowing PostgresConnection) throws(PostgresError) -> R
    ) async throws(PostgresError) -> R {
        try await repeating(after: { $0 == .connectionLost }) { () throws(PostgresError) in
            try await attempt { connection throws(PostgresError) -> R in
                try connection.withoutTimeLimits { () throws(PostgresError) -> R in
                    try connection.transaction { () throws(PostgresError) -> R in try body(connection) }
                }
            }
        }
    }

    /// Waits until the service group shuts down, then closes the pool.
    public func run() async {
        try? await gracefulShutdown()
        await close()
    }

    /// Refuses new work, waits for running work and closes all connections.
    public func close() async {
        for waiter in queue.withLock({ $0.close() }) { waiter.resume(returning: nil) }
        try? await threads.shutdownGracefully()
        for slot in slots { slot.empty() }
    }

    // MARK: Attempts

    /// How often work is run again that came in the way of others.
    private static let mostCollisions = 5

    /// Runs work again: once when the connection is lost in a way that lets it, and a few times after collisions.
    private func repeating<R: Sendable>(
        after isLoss: (PostgresError) -> Bool, _ work: () async throws(PostgresError) -> R
    ) async throws(PostgresError) -> R {
        var losses = 0
        var collisions = 0
        while true {
            do throws(PostgresError) {
                return try await work()
            } catch .statementFailed(let state, _) where state.isTransient && collisions < Self.mostCollisions {
                collisions += 1
                try await pause(.milliseconds(Int.random(in: 1...(10 << collisions))))
            } catch {
                guard isLoss(error), losses < 1 else { throw error }
                losses += 1
            }
        }
    }

    private func attempt<R: Sendable>(
        _ body: @escaping @Sendable (borrowing PostgresConnection) throws(PostgresError) -> R
    ) async throws(PostgresError) -> R {
        let deadline = ContinuousClock.now + waitingTimeout
        let number = try await enter()
        defer { leave(number) }
        let slot = slots[number]
        while true {
            try await mayConnect(slot, before: deadline)
            let outcome = try await onThread { [configuration] in
                slot.use(configuration, body)
            }
            switch outcome {
            case .done(let result, let connected):
                if connected { outage.withLock { $0.succeeded() } }
                return try result.get()
            case .unreachable(let error):
                let now = ContinuousClock.now
                outage.withLock { $0.failed(error, now: now, chance: .random(in: 0...1)) }
                logger.debug("PostgreSQL cannot be reached")
                guard now < deadline else { throw error }
            }
        }
    }

    /// Waits while an outage says so.
    ///
    /// A slot with a connection is let through: only its use shows whether it lives.
    private func mayConnect(
        _ slot: ConnectionSlot, before deadline: ContinuousClock.Instant
    ) async throws(PostgresError) {
        while !slot.isConnected {
            switch outage.withLock({ $0.decide(now: .now, deadline: deadline) }) {
            case .connect: return
            case .wait(let instant): try await pause(instant - .now)
            case .fail: throw outage.withLock { $0.lastError }
            }
        }
    }

    private func onThread<R: Sendable>(_ work: @escaping @Sendable () -> R) async throws(PostgresError) -> R {
        do {
            return try await threads.runIfActive(work)
        } catch is CancellationError {
            throw .cancelled
        } catch {
            throw .closed
        }
    }

    private func pause(_ duration: Duration) async throws(PostgresError) {
        do { try await Task.sleep(for: duration) } catch { throw .cancelled }
    }

    // MARK: The queue for slots

    private func enter() async throws(PostgresError) -> Int {
        switch queue.withLock({ $0.enter() }) {
        case .slot(let slot): return slot
        case .refused: throw refusal
        case .wait(let ticket):
            guard let slot = await wait(ticket) else { throw Task.isCancelled ? .cancelled : refusal }
            return slot
        }
    }

    /// Why nobody gets a slot: while PostgreSQL is away, those who wait for it have them all.
    private var refusal: PostgresError {
        if queue.withLock({ $0.isClosed }) { return .closed }
        return outage.withLock { $0.isOngoing ? $0.lastError : .noConnection }
    }

    private func leave(_ slot: Int) {
        queue.withLock { $0.giveBack(slot) }?.resume(returning: slot)
    }

    private func wait(_ ticket: UInt64) async -> Int? {
        await withTaskGroup(of: Int??.self) { group in
            group.addTask { .some(await self.park(ticket)) }
            group.addTask {
                try? await Task.sleep(for: self.waitingTimeout)
                self.giveUp(ticket)
                return nil
            }
            // The parked task always ends: with a slot, or because the other one gave the ticket up.
            for await result in group {
                guard let slot = result else { continue }
                group.cancelAll()
                return slot
            }
            return nil
        }
    }

    private func park(_ ticket: UInt64) async -> Int? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: Waiter) in
                // A ticket that was given up meanwhile is refused here, so that no waiter is forgotten.
                switch queue.withLock({ $0.park(waiter, ticket: ticket) }) {
                case .slot(let slot): waiter.resume(returning: slot)
                case .refused: waiter.resume(returning: nil)
                case .wait: break
                }
            }
        } onCancel: {
            giveUp(ticket)
        }
    }

    private func giveUp(_ ticket: UInt64) {
        queue.withLock { $0.leave(ticket) }?.resume(returning: nil)
    }
}
