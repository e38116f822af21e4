import Accounts
import FaceModel
import FaceStore
import Foundation
import Postgres
import Synchronization
import TestKit
import Testing

struct UserDirectoryTests {
    private static let longestSession = Duration.seconds(1000)
    private static let editor = AccountRights(dialects: [.enface], role: .editor)

    /// A clock that the test moves.
    private final class TestClock: Sendable {
        private let time = Mutex(Date(timeIntervalSince1970: 1_800_000_000))

        var now: Date { time.withLock { $0 } }

        func advance(_ seconds: Double) { time.withLock { $0 += seconds } }
    }

    private func withUsers(
        _ body: (UserDirectory, AccountDirectory, TestClock, TestDatabase) async throws -> Void
    ) async throws {
        try await TestDatabase.with { database in
            let clock = TestClock()
            let accounts = AccountDirectory(database.pool)
            let users = try await UserDirectory(
                database.pool, directory: accounts, longestSession: Self.longestSession
            ) { clock.now }
            try await body(users, accounts, clock, database)
            accounts.stop()
        }
    }

    @Test func `the first account has the shared gallery, others have galleries of their own`() async throws {
        try await withUsers { users, accounts, _, _ in
            let (first, isNew) = try await users.ensureFirst(login: "a@b.c", password: "secret")
            #expect(isNew)
            #expect(first.gallery == .sharedGallery)
            let again = try await users.ensureFirst(login: "a@b.c", password: nil)
            #expect(!again.isNew)
            #expect(again.account == first)
            try await accounts.put(login: "d@e.f", password: "secret", rights: Self.editor)
            let session = try #require(
                try await users.session(login: "d@e.f", password: "secret", from: nil, lasting: nil))
            let other = try #require(try await users.account(token: session))
            #expect(other.login == "d@e.f" && other.role == .editor)
            #expect(other.gallery != .sharedGallery)
            let second = try #require(
                try await users.session(login: "d@e.f", password: "secret", from: nil, lasting: nil))
            let same = try await users.account(token: second)
            #expect(same == other && second != session)
            let wrong = try await users.session(login: "d@e.f", password: "other", from: nil, lasting: nil)
            #expect(wrong == nil)
        }
    }

    @Test func `a session ends when it was to end`() async throws {
        try await withUsers { users, _, clock, database in
            let account = try await users.ensureFirst(login: "a@b.c", password: "secret").account
            let session = try #require(
                try await users.session(login: "a@b.c", password: "secret", from: nil, lasting: .seconds(60)))
            let endless = try #require(
                try await users.session(login: "a@b.c", password: "secret", from: nil, lasting: nil))
            let known = try await users.account(token: session)
            #expect(known == account)
            // Another server of the same database has the same key.
            let other = try await UserDirectory(
                database.pool, directory: AccountDirectory(database.pool), longestSession: Self.longestSession
            ) { clock.now }
            let there = try await other.account(token: session)
            #expect(there == account)
            clock.advance(61)
            let late = try await users.account(token: session)
            #expect(late == nil)
            let still = try await users.account(token: endless)
            #expect(still == account)
            let forged = try await users.account(token: String(endless.dropLast(2)) + "AA")
            #expect(forged == nil)
            // No session outlives the cap, not even one that was made when there was none.
            clock.advance(940)
            let capped = try await users.account(token: endless)
            #expect(capped == nil)
            let strict = try await UserDirectory(
                database.pool, directory: AccountDirectory(database.pool), longestSession: .seconds(10)
            ) { clock.now }
            let long = try #require(
                try await users.session(login: "a@b.c", password: "secret", from: nil, lasting: .seconds(500)))
            clock.advance(11)
            let (lax, strictly) = (try await users.account(token: long), try await strict.account(token: long))
            #expect(lax == account && strictly == nil)
        }
    }

    @Test func `a new password ends all sessions, a logout one of them, and neither comes back`() async throws {
        try await withUsers { users, accounts, clock, database in
            let account = try await users.ensureFirst(login: "a@b.c", password: "secret").account
            func session(_ password: String = "secret") async throws -> String {
                try #require(try await users.session(login: "a@b.c", password: password, from: nil, lasting: nil))
            }
            func isKnown(_ token: String) async throws -> Bool { try await users.account(token: token) == account }
            let (ended, kept) = (try await session(), try await session())
            #expect(try await isKnown(ended))
            let didEnd = try await users.endSession(ended)
            #expect(didEnd)
            #expect(try await !isKnown(ended))
            #expect(try await isKnown(kept))
            // The last digit of a signature holds two bits that nobody reads.
            let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
            let last = try #require(ended.last.flatMap { digits.firstIndex(of: $0) })
            for digit in digits[(last & ~3)...(last | 3)] {
                #expect(try await !isKnown(ended.dropLast() + String(digit)))
            }
            for text in ["", "a.b.c", UUID().uuidString] {
                let isSession = try await users.endSession(text)
                #expect(!isSession)
            }
            let token = try await users.makeToken(UUID(), for: account, until: nil)
            try await accounts.put(login: "a@b.c", password: "another", rights: Self.editor)
            // Another process finds out by itself, this one within five seconds.
            let other = try await UserDirectory(
                database.pool, directory: accounts, longestSession: Self.longestSession
            ) { clock.now }
            let there = try await other.account(token: kept)
            #expect(there == nil)
            #expect(try await isKnown(token.id.uuidString))
            let fresh = try await session("another")
            #expect(try await isKnown(fresh))
            // A session that began with the old password while it was still remembered ends with it.
            let late = AccountDirectory(database.pool)
            let slow = try await UserDirectory(database.pool, directory: late, longestSession: Self.longestSession) {
                clock.now
            }
            _ = try await slow.session(login: "a@b.c", password: "another", from: nil, lasting: nil)
            try await accounts.put(login: "a@b.c", password: "third", rights: Self.editor)
            let stale = try #require(
                try await slow.session(login: "a@b.c", password: "another", from: nil, lasting: nil))
            let staleAccount = try await slow.account(token: stale)
            #expect(staleAccount == nil)
            late.stop()
        }
    }

    @Test func `an account that Enface does not let in has neither sessions nor tokens`() async throws {
        try await withUsers { users, accounts, _, _ in
            let account = try await users.ensureFirst(login: "a@b.c", password: "secret").account
            let token = try await users.makeToken(UUID(), for: account, until: nil)
            try await accounts.put(
                login: "d@e.f", password: "secret", rights: AccountRights(dialects: [.faceIntellect], role: .admin))
            let foreign = try await users.session(login: "d@e.f", password: "secret", from: nil, lasting: nil)
            #expect(foreign == nil)
            _ = try await accounts.setRights(of: "a@b.c", dialects: [.faceIntellect], role: nil)
            let late = try await users.session(login: "a@b.c", password: "secret", from: nil, lasting: nil)
            let known = try await users.account(token: token.id.uuidString)
            #expect(late == nil && known == nil)
        }
    }

    @Test func `a session that nobody signed is worth nothing`() async throws {
        try await withUsers { users, _, _, _ in
            let account = try await users.ensureFirst(login: "a@b.c", password: "secret").account
            func part(_ text: String) -> String {
                Data(text.utf8).base64EncodedString().replacing("=", with: "")
            }
            let token =
                part(#"{"alg":"none","typ":"JWT"}"#) + "." + part(#"{"sub":"\#(account.id)","iat":1,"exp":9999999999}"#)
            for text in [token + ".", token, "..", ".", "a.b", String(repeating: "a.", count: 2000)] {
                let known = try await users.account(token: text)
                #expect(known == nil, "\(text)")
            }
        }
    }

    @Test func `a permanent token ends, is renewed and deleted`() async throws {
        try await withUsers { users, _, clock, _ in
            let account = try await users.ensureFirst(login: "a@b.c", password: "secret").account
            let id = UUID()
            _ = try await users.makeToken(id, for: account, until: clock.now + 60)
            let known = try await users.account(token: id.uuidString.lowercased())
            #expect(known == account)
            clock.advance(61)
            // What is remembered of a token ends with it, too.
            let late = try await users.account(token: id.uuidString)
            #expect(late == nil)
            let listed = try await users.tokens(of: account)
            #expect(listed.isEmpty)
            let revived = try await users.renewToken(id, of: account, until: nil)
            #expect(revived == nil)
            let other = UUID()
            _ = try await users.makeToken(other, for: account, until: nil)
            let renewed = try await users.renewToken(other, of: account, until: clock.now + 5)
            #expect(renewed?.expiresAt == clock.now + 5)
            let isGone = try await users.removeToken(other, of: account)
            #expect(isGone)
            let gone = try await users.account(token: other.uuidString)
            #expect(gone == nil)
        }
    }

    @Test func `a seal is the same for the same id only`() async throws {
        try await withUsers { users, _, _, database in
            let id = UUID()
            #expect(users.seal(of: id) == users.seal(of: id))
            #expect(users.seal(of: id) != users.seal(of: UUID()))
            let other = try await UserDirectory(
                database.pool, directory: AccountDirectory(database.pool), longestSession: Self.longestSession
            ) { .now }
            #expect(other.seal(of: id) == users.seal(of: id))
        }
    }
}
