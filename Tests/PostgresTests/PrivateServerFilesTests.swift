import Foundation
import Glibc
import Postgres
import TestKit
import Testing

/// What root does in a folder that belongs to the private server's account.
@Suite(.serialized) struct PrivateServerFilesTests {
    private func start(_ directory: String) async throws(PostgresError) -> EmbeddedPostgres {
        try await EmbeddedPostgres.start(
            dataDirectory: directory, settings: ["fsync": "off", "shared_buffers": "16MB"])
    }

    /// A file that only root can read or write, which somebody would like root to destroy.
    private func makeVictim(in directory: String) throws -> String {
        let path = "\(directory)/victim"
        try "precious".write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return path
    }

    /// Puts a link in the place of whatever has the name.
    private func makeLink(to target: String, at path: String, isSymbolic: Bool) throws {
        try? FileManager.default.removeItem(atPath: path)
        if isSymbolic {
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
        } else {
            try FileManager.default.linkItem(atPath: target, toPath: path)
        }
    }

    private func expectUntouched(_ victim: String) throws {
        #expect(try String(contentsOfFile: victim, encoding: .utf8) == "precious")
        let facts = try FileManager.default.attributesOfItem(atPath: victim)
        #expect(facts[.ownerAccountID] as? UInt == UInt(geteuid()))
        #expect(facts[.posixPermissions] as? Int == 0o600)
    }

    @Test(.enabled(if: geteuid() == 0), arguments: [true, false])
    func `root writes through no link of the private server's account`(isSymbolic: Bool) async throws {
        try await withTemporaryDirectory { directory in
            let victim = try makeVictim(in: directory)
            let server = try await start("\(directory)/data")
            try await server.stop()
            let cluster = "\(server.folder)/postgres"
            for name in ["postgresql.conf.new", "postgresql.conf"] {
                try makeLink(to: victim, at: "\(cluster)/\(name)", isSymbolic: isSymbolic)
            }
            try await server.restart()
            try expectUntouched(victim)
            let settings = try FileManager.default.attributesOfItem(atPath: "\(cluster)/postgresql.conf")
            #expect(settings[.type] as? FileAttributeType == .typeRegular)
            #expect(settings[.posixPermissions] as? Int == 0o600)
            #expect(settings[.ownerAccountName] as? String == "postgres")
            try await server.crash()
        }
    }

    @Test(.enabled(if: geteuid() == 0)) func `root reads through no link and waits for no FIFO`() async throws {
        try await withTemporaryDirectory { directory in
            let server = try await start("\(directory)/data")
            try await server.crash()
            let file = "\(server.folder)/postgres/postmaster.pid"
            // PostgreSQL may have taken it along.
            try? FileManager.default.removeItem(atPath: file)
            let made = unsafe mkfifo(file, 0o600)
            #expect(made == 0)
            #expect(server.processID == nil)
            try FileManager.default.removeItem(atPath: file)
            try "1\n".write(toFile: "\(directory)/other", atomically: true, encoding: .utf8)
            try makeLink(to: "\(directory)/other", at: file, isSymbolic: true)
            #expect(server.processID == nil)
        }
    }

    @Test(arguments: [true, false]) func `the lock is no other file`(isSymbolic: Bool) async throws {
        try await withTemporaryDirectory { directory in
            let victim = try makeVictim(in: directory)
            let data = "\(directory)/data"
            try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
            let lock = "\(data)/firserver.lock"
            try makeLink(to: victim, at: lock, isSymbolic: isSymbolic)
            let error = await #expect(throws: PostgresError.self) { try await self.start(data) }
            #expect(error?.description.contains("firserver.lock") == true)
            try expectUntouched(victim)
        }
    }

    @Test func `what is left of initdb is removed without a look behind links`() async throws {
        try await withTemporaryDirectory { directory in
            let victim = try makeVictim(in: directory)
            let left = "\(directory)/data/postgres.new/base"
            try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
            try makeLink(to: directory, at: "\(left)/link", isSymbolic: true)
            let server = try await start("\(directory)/data")
            try expectUntouched(victim)
            try await server.crash()
        }
    }

    @Test func `the pages of a new cluster have checksums`() async throws {
        try await TestDatabase.with(isMigrated: false) { database in
            let answer = try await database.pool.read { connection throws(PostgresError) in
                try connection.query("SHOW data_checksums").scalar(String.self)
            }
            #expect(answer == "on")
        }
    }
}
