import Accounts
import FaceModel
import FaceStore
import Foundation
import Postgres
import Synchronization
import TestKit
import Testing

struct UserDirectoryTests {
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
            let users = try await UserDirectory(database.pool, directory: accounts) { clock.now }
            try await body(users, accounts, clock, database)
            await accounts.stop()
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
            try await accounts.put(login: "d@e.f", password: "secret")
            let other = try #require(try await users.account(login: "d@e.f", password: "secret"))
            #expect(other.gallery != .sharedGallery)
            let same = try await users.account(login: "d@e.f", password: "secret")
            #expect(same == other)
            let wrong = try await users.account(login: "d@e.f", password: "other")
            #expect(wrong == nil)
        }
    }

    @Test func `a session ends when it was to end`() async throws {
        try await withUsers { users, _, clock, database in
            let account = try await users.ensureFirst(login: "a@b.c", password: "secret").account
            let session = try await users.session(for: account, lasting: .seconds(60))
            let endless = try await users.session(for: account, lasting: nil)
            let known = try await users.account(token: session)
            #expect(known == account)
            // Another server of the same database has the same key.
            let other = try await UserDirectory(database.pool, directory: AccountDirectory(database.pool)) { clock.now }
            let there = try await other.account(token: session)
            #expect(there == account)
            clock.advance(61)
            let late = try await users.account(token: session)
            #expect(late == nil)
            let still = try await users.account(token: endless)
            #expect(still == account)
            let forged = try await users.account(token: String(endless.dropLast(2)) + "AA")
            #expect(forged == nil)
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
            let other = try await UserDirectory(database.pool, directory: AccountDirectory(database.pool)) { .now }
            #expect(other.seal(of: id) == users.seal(of: id))
        }
    }
}
