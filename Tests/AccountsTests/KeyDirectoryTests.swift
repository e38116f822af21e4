import Accounts
import Foundation
import Postgres
import TestKit
import Testing

struct KeyDirectoryTests {
    @Test func `a key is known by its secret, which is kept nowhere`() async throws {
        try await TestDatabase.with { database in
            let keys = KeyDirectory(database.pool)
            let secret = KeyDirectory.makeSecret()
            #expect(secret.count == 43 && secret != KeyDirectory.makeSecret())
            try await keys.add(name: "door", secret: secret, isReadOnly: false)
            #expect(try await keys.find(secret: secret)?.name == "door")
            #expect(try await keys.find(secret: secret + "x") == nil)
            await #expect(throws: KeyDirectory.Refusal.taken) {
                try await keys.add(name: "door", secret: "other", isReadOnly: false)
            }
            await #expect(throws: KeyDirectory.Refusal.taken) {
                try await keys.add(name: "other", secret: secret, isReadOnly: false)
            }
            // What the settings name is put in the place of what was there; a disabled key stays disabled.
            #expect(try await keys.setDisabled(true, name: "door"))
            try await keys.put(name: "door", secret: "short", isReadOnly: true)
            let key = try await keys.find(secret: "short")
            #expect(key?.isReadOnly == true && key?.isDisabled == true)
            #expect(try await keys.find(secret: secret) == nil)
            let rows = try await database.pool.read { connection throws(PostgresError) in
                try connection.query("SELECT encode(digest, 'escape') || name FROM api_keys").scalar(String.self)
            }
            #expect(!rows.contains("short"))
        }
    }

    @Test(arguments: [("", "s"), ("a b", "s"), ("a:b", "s"), ("a", ""), ("a", "s s"), ("a", "ä")])
    func `names and secrets that cannot be used are refused`(name: String, secret: String) async throws {
        try await TestDatabase.with { database in
            _ = await #expect(throws: KeyDirectory.Refusal.self) {
                try await KeyDirectory(database.pool).add(name: name, secret: secret, isReadOnly: false)
            }
        }
    }
}
