import Postgres
import TestKit
import Testing

/// What a failed connection says: enough to mend it, and nothing of a password.
struct ConnectionSecretsTests {
    private func message(_ connectionString: String) throws -> String {
        let error = #expect(throws: PostgresError.self) { _ = try PostgresConnection(.init(connectionString)) }
        return try #require(error).description
    }

    @Test(arguments: [
        // libpq quotes a password that it cannot decode.
        ("postgresql://u:S3c%rtpass@127.0.0.1:1/db", ["S3c", "rtpass"]),
        ("postgresql://u@127.0.0.1:1/db?password=S3c%rtpass", ["S3c", "rtpass"]),
        ("postgresql://u:S3cret%00pass@127.0.0.1:1/db", ["S3cret", "pass@"]),
        // What stands behind these signs is no password any more to libpq, but a host, a port or a database.
        ("postgresql://u:S3c@rtpass@127.0.0.1:1/db", ["S3c", "rtpass"]),
        ("postgresql://u:S3c/rtpass@127.0.0.1:1/db", ["S3c", "rtpass"]),
        ("postgresql://u:12/rtpass@127.0.0.1:1/db", ["rtpass"]),
        ("postgresql://u:S3c@rt%pass@127.0.0.1:1/db", ["S3c", "rt%", "%pass"]),
        ("postgresql://u:S3cretpass", ["S3cretpass"]),
        ("postgres:/u:S3cretpass@127.0.0.1/db", ["S3cretpass"]),
        ("host=127.0.0.1 port=1 password=S3cret rtpass", ["S3cret", "rtpass"]),
        ("host=127.0.0.1 port=1 password='S3cret rtpass", ["S3cret", "rtpass"]),
        // Everything is well but for the port.
        ("postgresql://u:127.0.0.1@127.0.0.1:1/db", ["at \"127.0.0.1"]),
        ("postgresql://u:%31%327.0.0.1@127.0.0.1:1/db", ["at \"127.0.0.1"]),
    ])
    func `no piece of a password is in the message`(connectionString: String, pieces: [String]) throws {
        let message = try message(connectionString)
        for piece in pieces { #expect(!message.contains(piece), "\(message)") }
    }

    @Test func `libpq's words are kept where they are harmless`() throws {
        for string in [
            "postgresql://u:S3cretpass@127.0.0.1:1/db", "host=127.0.0.1 port=1 user=a@b password='S3cret@pass'",
            "postgresql://u%40x:S3c%25rt%40pass@127.0.0.1:1/db", "host=127.0.0.1 port=1",
        ] {
            let message = try message(string)
            #expect(message.contains("port 1 failed: Connection refused"), "\(message)")
        }
        #expect(try message("postgresql://u:S3c%rtpass@127.0.0.1:1/db").contains("%25"))
    }
}
