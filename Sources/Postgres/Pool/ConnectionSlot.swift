internal import Synchronization

/// The place of one connection of a pool.
///
/// One borrower at a time uses it; the pool's queue sees to that.
final class ConnectionSlot: Sendable {
    enum Outcome<R: Sendable>: Sendable {
        case done(Result<R, PostgresError>, connected: Bool)
        case unreachable(PostgresError)
    }

    private let connection = Mutex<PostgresConnection?>(nil)

    var isConnected: Bool {
        connection.withLock { connection in
            switch connection {
            case .some: true
            case .none: false
            }
        }
    }

    /// Runs `body` with the connection, or with a new one where there is none or it died.
    func use<R: Sendable>(
        _ configuration: PostgresConfiguration,
        _ body: (borrowing PostgresConnection) throws(PostgresError) -> R
    ) -> Outcome<R> {
        if let old = take(), old.isAlive() { return run(body, on: old, isNew: false) }
        do throws(PostgresError) {
            return run(body, on: try PostgresConnection(configuration), isNew: true)
        } catch {
            return .unreachable(error)
        }
    }

    func empty() {
        _ = take()
    }

    private func run<R: Sendable>(
        _ body: (borrowing PostgresConnection) throws(PostgresError) -> R,
        on borrowed: consuming PostgresConnection, isNew: Bool
    ) -> Outcome<R> {
        let result: Result<R, PostgresError>
        do throws(PostgresError) {
            result = .success(try body(borrowed))
        } catch {
            result = .failure(error)
        }
        // One that broke, or that was left inside a transaction, is closed here.
        if borrowed.isUsable { put(borrowed) }
        return .done(result, connected: isNew)
    }

    private func take() -> PostgresConnection? {
        connection.withLock { $0.take() }
    }

    private func put(_ borrowed: consuming sending PostgresConnection) {
        var borrowed: PostgresConnection? = consume borrowed
        connection.withLock { $0 = borrowed.take() }
    }
}
