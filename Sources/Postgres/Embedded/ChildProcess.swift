internal import CLibPQ
internal import Glibc

/// Runs a program and waits for its end.
///
/// Foundation's `Process` takes a program as running for as long as anybody holds a descriptor that it passes on:
/// it would wait for the server that `pg_ctl` starts. Here nothing but standard input, output and error is passed on,
/// and only the program itself is waited for.
enum ChildProcess {
    /// Standard input and output are `/dev/null`; messages are the end of what it wrote to standard error.
    ///
    /// - Returns: the exit status, or −1 when a signal ended the program.
    static func run(
        _ program: String, _ arguments: [String], environment: [String]
    ) throws(PostgresError) -> (status: Int32, message: String) {
        // Not a pipe: a server that keeps standard error open would keep the pipe open. And without a name: nobody can
        // put a link in its place.
        let messages = unsafe memfd_create("firserver-messages", UInt32(CLIBPQ_MFD_CLOEXEC))
        guard messages >= 0 else { throw .serverFailed("there is no memory for the messages of \(program)") }
        defer { close(messages) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, messages, 2)
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        // A place that every account may be in.
        unsafe posix_spawn_file_actions_addchdir_np(&actions, "/")
        // Signals that we block or ignore are nothing to the program.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let copies = unsafe ([program] + arguments).map { unsafe strdup($0) }
        let variables = unsafe environment.map { unsafe strdup($0) }
        defer { unsafe (copies + variables).forEach { unsafe free($0) } }
        var process = pid_t()
        let spawned = unsafe posix_spawn(
            &process, program, &actions, &attributes, copies + [nil], variables + [nil])
        guard spawned == 0 else {
            throw .serverFailed("\(program) cannot be run: \(unsafe String(cString: strerror(spawned)))")
        }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw .serverFailed("\(program) cannot be waited for") }
        }
        let text = FileContent.text(of: messages, limit: 1 << 20) ?? ""
        let message = text.split(whereSeparator: \.isNewline).suffix(4).joined(separator: "; ")
        // The low seven bits name the signal that ended the program, the next byte is its exit status.
        return (status & 0x7F == 0 ? status >> 8 & 0xFF : -1, message)
    }
}
