import Crypto
import Foundation

/// Who tries to log in, by digests, so that a table of attempts does not grow with what clients send.
package struct LoginAttempt: Sendable, Hashable {
    /// The login from this address.
    let pair: SHA256Digest
    /// The login and the address, each by itself.
    let separate: [SHA256Digest]

    /// - Parameter address: where the attempt comes from; `nil` where that is unknown.
    package init(login: String, address: String?) {
        func digest(_ text: String) -> SHA256Digest { SHA256.hash(data: Data(text.utf8)) }
        pair = digest("both\u{0}\(login)\u{0}\(address ?? "")")
        separate = [digest("login\u{0}\(login)")] + (address.map { [digest("address\u{0}\($0)")] } ?? [])
    }
}

/// Slows down who guesses passwords: by login, by address, and by both together.
///
/// After some wrong passwords a login or an address gets its next one checked only after a pause, which grows with their
/// number. Whoever was let in from an address before is not held up by what others do to the same login or from the same
/// address, only by wrong passwords of that login from that address. What is remembered is bounded, and forgotten in
/// the end. A value, so that tests bring their own time; belongs to a lock.
package struct LoginThrottle: Sendable {
    private struct Record {
        var failures = 0
        var lastFailure: ContinuousClock.Instant
        /// When the next password may be checked.
        var nextTurn: ContinuousClock.Instant
    }

    /// So many wrong passwords cost nothing: people mistype, and programs have old passwords.
    package static let freeFailures = 5
    /// The pause after them, and how it grows with each failure.
    package static let shortestPause = Duration.milliseconds(400)
    package static let longestPause = Duration.seconds(5)
    private static let growth = Duration.milliseconds(8)
    /// Failures are forgotten when there was none for this long.
    static let memory = Duration.seconds(600)
    /// How many logins and addresses are remembered.
    private let capacity: Int

    private var records: [SHA256Digest: Record] = [:]
    private var acquaintances: [SHA256Digest: ContinuousClock.Instant] = [:]

    package init(capacity: Int = 4096) {
        self.capacity = capacity
    }

    /// How many failures and acquaintances are remembered.
    package var count: Int { records.count + acquaintances.count }

    /// When the next password of this attempt may be checked; `nil`: at once, and before those of suspects.
    package func nextTurn(of attempt: LoginAttempt, at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        keys(of: attempt).compactMap { key in
            guard let record = records[key], isSuspect(record, at: now) else { return nil }
            return record.nextTurn
        }.max()
    }

    /// A password is being checked from now on.
    package mutating func begin(_ attempt: LoginAttempt, at now: ContinuousClock.Instant) {
        for key in keys(of: attempt) {
            guard let record = records[key], isSuspect(record, at: now) else { continue }
            let pause = Self.shortestPause + Self.growth * (record.failures - Self.freeFailures)
            records[key]?.nextTurn = now + min(pause, Self.longestPause)
        }
    }

    /// A password was right or wrong.
    package mutating func end(_ attempt: LoginAttempt, isRight: Bool, at now: ContinuousClock.Instant) {
        if isRight {
            records[attempt.pair] = nil
            acquaintances[attempt.pair] = now
            if acquaintances.count > capacity / 2 { acquaintances.forgetOldest(keeping: capacity / 4) { $0 } }
            return
        }
        for key in [attempt.pair] + attempt.separate {
            var record = records[key] ?? Record(lastFailure: now, nextTurn: now)
            if now - record.lastFailure > Self.memory { record.failures = 0 }
            record.failures += 1
            record.lastFailure = now
            records[key] = record
        }
        if records.count > capacity / 2 { records.forgetOldest(keeping: capacity / 4) { $0.lastFailure } }
    }

    private func isSuspect(_ record: Record, at now: ContinuousClock.Instant) -> Bool {
        record.failures >= Self.freeFailures && now - record.lastFailure <= Self.memory
    }

    /// What decides about an attempt.
    private func keys(of attempt: LoginAttempt) -> [SHA256Digest] {
        acquaintances[attempt.pair] != nil ? [attempt.pair] : attempt.separate
    }
}

extension Dictionary {
    /// Keeps the entries with the latest times.
    fileprivate mutating func forgetOldest(
        keeping count: Int, by time: (Value) -> ContinuousClock.Instant
    ) {
        for (key, _) in sorted(by: { time($0.value) > time($1.value) }).dropFirst(count) { self[key] = nil }
    }
}
