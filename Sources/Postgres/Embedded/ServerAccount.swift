internal import Glibc

/// The account under which the private server runs: PostgreSQL refuses to be run by root.
struct ServerAccount: Sendable {
    /// The unprivileged account that Debian's package makes.
    private static let name = "postgres"

    let user: uid_t
    let group: gid_t
    private let mustSwitch: Bool

    /// The calling user, or `postgres` when that is root.
    init() throws(PostgresError) {
        guard geteuid() == 0 else {
            user = geteuid()
            group = getegid()
            mustSwitch = false
            return
        }
        guard let entry = unsafe getpwnam(Self.name) else {
            throw .serverFailed("root cannot run PostgreSQL and there is no account named \(Self.name)")
        }
        user = unsafe entry.pointee.pw_uid
        group = unsafe entry.pointee.pw_gid
        mustSwitch = true
    }

    /// Makes a directory that only this account can enter; one that exists must belong to it.
    func makeDirectory(_ path: String) throws(PostgresError) {
        if unsafe mkdir(path, 0o700) != 0 {
            var facts = stat()
            guard unsafe lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR,
                [user, geteuid()].contains(facts.st_uid), facts.st_mode & 0o077 == 0
            else { throw .serverFailed("\(path) is not a directory that only user \(user) can enter") }
            guard facts.st_uid != user else { return }
            // A process made it and was killed before it gave it away.
        }
        if mustSwitch { try give(path) }
    }

    /// Gives a directory that was made just now to the account; one that somebody put in its place stays as it is.
    private func give(_ path: String) throws(PostgresError) {
        let directory = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        defer { if directory >= 0 { close(directory) } }
        var facts = stat()
        guard directory >= 0, unsafe fstat(directory, &facts) == 0, facts.st_uid == geteuid(),
            facts.st_mode & 0o077 == 0, fchown(directory, user, group) == 0
        else { throw .serverFailed("the owner of \(path) cannot be set") }
    }

    /// Whether the account can reach a directory through all folders above it.
    func canEnter(_ directory: String) throws(PostgresError) -> Bool {
        guard mustSwitch else { return true }
        return try run("/usr/bin/test", ["-x", directory]).status == 0
    }

    /// Runs a program as this account and waits for its end.
    ///
    /// - Returns: the exit status and the end of what it wrote to standard error.
    func run(_ program: String, _ arguments: [String]) throws(PostgresError) -> (status: Int32, message: String) {
        // Messages must not depend on the machine's language, nor the server on our own variables.
        let environment = ["PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"]
        guard mustSwitch else { return try ChildProcess.run(program, arguments, environment: environment) }
        return try ChildProcess.run(
            "/usr/bin/setpriv", ["--reuid=\(user)", "--regid=\(group)", "--init-groups", "--", program] + arguments,
            environment: environment)
    }
}
