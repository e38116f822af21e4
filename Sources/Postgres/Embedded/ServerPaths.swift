internal import Foundation

/// Where the parts of a private server lie.
struct ServerPaths: Sendable {
    /// Linux takes socket paths of up to 107 bytes.
    private static let longestSocketPath = 107
    private static let socketName = "/.s.PGSQL.5432"

    /// The folder given by the caller, or the one in its place.
    let data: String
    /// PostgreSQL's own folder.
    var cluster: String { "\(data)/postgres" }
    /// The server's log.
    var log: String { "\(cluster)/server.log" }
    /// The folder of the socket.
    let socket: String

    init(dataDirectory: String) {
        let data = URL(fileURLWithPath: dataDirectory).standardizedFileURL.path
        self.data = data
        let near = "\(data)/socket"
        if near.utf8.count + Self.socketName.utf8.count <= Self.longestSocketPath {
            socket = near
        } else {
            socket = "/tmp/firserver-\(Self.mark(of: data))"
        }
    }

    /// Where a private server lives whose own account cannot enter the data directory: root's home is closed to it.
    static func substitute(for dataDirectory: String) -> String { "/var/lib/firserver/\(mark(of: dataDirectory))" }

    /// A short name that the same path always gets, so that a running server is found again (64-bit FNV-1a).
    private static func mark(of path: String) -> String {
        let hash = path.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return String(hash, radix: 36)
    }

    /// Whether a process has ended and only its entry in the process table is left.
    static func isDead(_ process: Int32) -> Bool {
        // The name, in parentheses, may hold anything; the state is the letter behind it.
        let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        guard let text, let end = text.lastIndex(of: ")") else { return false }
        return text[end...].dropFirst().drop { $0 == " " }.first == "Z"
    }

    /// Whether any process works in the cluster, be it a server that is yet to listen or what a killed one left behind.
    func clusterIsInUse() -> Bool {
        let files = FileManager.default
        let home = URL(fileURLWithPath: cluster).resolvingSymlinksInPath().path
        return ((try? files.contentsOfDirectory(atPath: "/proc")) ?? []).contains { process in
            (try? files.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")) == home
        }
    }

    /// The folder with PostgreSQL's programs: Debian's of the cluster's version, the newest for a cluster that is yet to
    /// be made, or one of PATH.
    func findPrograms(for account: ServerAccount) throws(PostgresError) -> String {
        let root = "/usr/lib/postgresql"
        // A cluster belongs to one major version, whatever was installed since.
        let version = try? GuardedFolder(self.cluster, owner: account.user).text(of: "PG_VERSION")
        let cluster = version.flatMap { Int($0.prefix { $0.isNumber }) }
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [])
            .compactMap { name in Int(name).map { (number: $0, path: "\(root)/\(name)/bin") } }
            .sorted { $0.number > $1.number }.filter { cluster == nil || $0.number == cluster }.map(\.path)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let places = versions + path.split(separator: ":").map(String.init)
        let found = places.first { place in
            ["initdb", "pg_ctl", "postgres"].allSatisfy {
                FileManager.default.isExecutableFile(atPath: "\(place)/\($0)")
            }
        }
        guard let found else {
            let wanted = cluster.map { " \($0), which made the data directory," } ?? "'s programs"
            throw .serverFailed("PostgreSQL\(wanted) are not installed (Debian package postgresql)")
        }
        return found
    }
}
