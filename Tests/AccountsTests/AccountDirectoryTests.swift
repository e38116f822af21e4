import Accounts
import FaceModel
import Postgres
import TestKit
import Testing

struct AccountDirectoryTests {
    private static let editor = AccountRights(dialects: [.faceIntellect], role: .editor)

    @Test func `rights are kept over a new password, and changed part by part`() async throws {
        try await withDirectory { accounts in
            func rights(_ password: String) async throws -> AccountRights? {
                try await accounts.admission(login: "gate", password: password)?.rights
            }
            try await accounts.put(login: "gate", password: "first", rights: Self.editor)
            #expect(try await accounts.setRights(of: "gate", dialects: nil, role: .reader))
            #expect(try await rights("first") == AccountRights(dialects: [.faceIntellect], role: .reader))
            #expect(try await accounts.setRights(of: "gate", dialects: [], role: nil))
            #expect(try await rights("first") == AccountRights(dialects: [], role: .reader))
            try await accounts.put(login: "gate", password: "second", rights: Self.editor)
            #expect(try await rights("second") == AccountRights(dialects: [], role: .reader))
            // What settings want at every start adds a dialect and takes nothing back.
            for _ in 0..<2 {
                try await accounts.ensure(login: "gate", password: "second", at: .enface, role: .admin)
                #expect(try await rights("second") == AccountRights(dialects: [.enface], role: .reader))
            }
            #expect(try await !accounts.setRights(of: "nobody", dialects: nil, role: .admin))
        }
    }

    @Test func `a change of another process is in force after five seconds`() async throws {
        try await TestDatabase.with { database in
            let (here, there) = (AccountDirectory(database.pool), AccountDirectory(database.pool))
            try await here.put(login: "gate", password: "first", rights: Self.editor)
            #expect(try await here.admission(login: "gate", password: "first") != nil)
            _ = try await there.setRights(of: "gate", dialects: nil, role: .reader)
            try await Task.sleep(for: .milliseconds(5100))
            #expect(try await here.admission(login: "gate", password: "first")?.rights.role == .reader)
            try await there.put(login: "gate", password: "second", rights: Self.editor)
            try await Task.sleep(for: .milliseconds(5100))
            #expect(try await here.admission(login: "gate", password: "first") == nil)
            here.stop()
            there.stop()
        }
    }

    @Test func `only the right password of a known login is accepted`() async throws {
        try await withDirectory { accounts in
            try await accounts.put(login: "gate", password: "päss:word", rights: Self.editor)
            for _ in 0..<2 {
                #expect(try await accounts.admission(login: "gate", password: "päss:word")?.rights == Self.editor)
            }
            for (login, password) in [
                ("gate", "päss:wor"), ("gate", ""), ("Gate", "päss:word"), ("nobody", "päss:word"), ("", ""),
                ("gate\u{0}", "päss:word"),
            ] {
                #expect(try await accounts.admission(login: login, password: password) == nil)
            }
        }
    }

    @Test func `a new password takes the place of the old one at once`() async throws {
        try await withDirectory { accounts in
            try await accounts.put(login: "gate", password: "first", rights: Self.editor)
            #expect(try await accounts.admission(login: "gate", password: "first") != nil)
            try await accounts.put(login: "gate", password: "second", rights: Self.editor)
            #expect(try await accounts.admission(login: "gate", password: "first") == nil)
            #expect(try await accounts.admission(login: "gate", password: "second") != nil)
            #expect(try await accounts.remove(login: "gate") == RemovedAccount(lists: 0, persons: 0, pictures: 0))
            #expect(try await accounts.admission(login: "gate", password: "second") == nil)
            #expect(try await accounts.remove(login: "gate") == nil)
        }
    }

    @Test func `logins are listed, passwords are kept by scrypt with a salt of their own`() async throws {
        try await TestDatabase.with { database in
            let accounts = AccountDirectory(database.pool)
            try await accounts.put(login: "b", password: "same", rights: Self.editor)
            try await accounts.put(login: "a", password: "same", rights: Self.editor)
            #expect(try await accounts.all().map(\.login) == ["a", "b"])
            let keys = try await database.pool.read { connection throws(PostgresError) in
                try connection.query("SELECT key, salt FROM accounts").map { row throws(PostgresError) in
                    (try row.decode(0, as: [UInt8].self), try row.decode(1, as: [UInt8].self))
                }
            }
            #expect(Set(keys.map(\.0)).count == 2 && Set(keys.map(\.1)).count == 2)
            #expect(keys.allSatisfy { $0.0.count == 32 && $0.1.count == 16 })
            accounts.stop()
        }
    }

    @Test(arguments: [("", "x"), ("a:b", "x"), ("a\n", "x"), ("a", ""), (String(repeating: "a", count: 257), "x")])
    func `a login or password that HTTP cannot carry is refused`(login: String, password: String) async throws {
        try await withDirectory { accounts in
            await #expect(throws: AccountDirectory.Refusal.self) {
                try await accounts.put(login: login, password: password, rights: Self.editor)
            }
        }
    }

    private func withDirectory(_ body: (AccountDirectory) async throws -> Void) async throws {
        try await TestDatabase.with { database in
            let accounts = AccountDirectory(database.pool)
            try await body(accounts)
            accounts.stop()
        }
    }
}
