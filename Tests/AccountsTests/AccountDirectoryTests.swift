import Accounts
import Postgres
import TestKit
import Testing

struct AccountDirectoryTests {
    @Test func `only the right password of a known login is accepted`() async throws {
        try await withDirectory { accounts in
            try await accounts.put(login: "gate", password: "päss:word")
            for _ in 0..<2 { #expect(try await accounts.accepts(login: "gate", password: "päss:word")) }
            for (login, password) in [
                ("gate", "päss:wor"), ("gate", ""), ("Gate", "päss:word"), ("nobody", "päss:word"), ("", ""),
                ("gate\u{0}", "päss:word"),
            ] {
                #expect(try await !accounts.accepts(login: login, password: password))
            }
        }
    }

    @Test func `a new password takes the place of the old one at once`() async throws {
        try await withDirectory { accounts in
            try await accounts.put(login: "gate", password: "first")
            #expect(try await accounts.accepts(login: "gate", password: "first"))
            try await accounts.put(login: "gate", password: "second")
            #expect(try await !accounts.accepts(login: "gate", password: "first"))
            #expect(try await accounts.accepts(login: "gate", password: "second"))
            #expect(try await accounts.remove(login: "gate"))
            #expect(try await !accounts.accepts(login: "gate", password: "second"))
            #expect(try await !accounts.remove(login: "gate"))
        }
    }

    @Test func `logins are listed, passwords are kept by scrypt with a salt of their own`() async throws {
        try await TestDatabase.with { database in
            let accounts = AccountDirectory(database.pool)
            try await accounts.put(login: "b", password: "same")
            try await accounts.put(login: "a", password: "same")
            #expect(try await accounts.logins() == ["a", "b"])
            let keys = try await database.pool.read { connection throws(PostgresError) in
                try connection.query("SELECT key, salt FROM accounts").map { row throws(PostgresError) in
                    (try row.decode(0, as: [UInt8].self), try row.decode(1, as: [UInt8].self))
                }
            }
            #expect(Set(keys.map(\.0)).count == 2 && Set(keys.map(\.1)).count == 2)
            #expect(keys.allSatisfy { $0.0.count == 32 && $0.1.count == 16 })
            await accounts.stop()
        }
    }

    @Test(arguments: [("", "x"), ("a:b", "x"), ("a\n", "x"), ("a", ""), (String(repeating: "a", count: 257), "x")])
    func `a login or password that HTTP cannot carry is refused`(login: String, password: String) async throws {
        try await withDirectory { accounts in
            await #expect(throws: AccountDirectory.Refusal.self) {
                try await accounts.put(login: login, password: password)
            }
        }
    }

    private func withDirectory(_ body: (AccountDirectory) async throws -> Void) async throws {
        try await TestDatabase.with { database in
            let accounts = AccountDirectory(database.pool)
            try await body(accounts)
            await accounts.stop()
        }
    }
}
