internal import Glibc

/// Holds a data directory for this process, as long as the value lives.
///
/// The operating system lets go of it when the process ends in whatever way. Programs that the process starts do not
/// inherit it.
struct DataDirectoryLock: ~Copyable {
    private let descriptor: Int32

    /// - Throws: ``PostgresError/dataDirectoryInUse(_:)`` when another process holds it.
    init(directory: String) throws(PostgresError) {
        let path = "\(directory)/firserver.lock"
        let opened = unsafe open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            throw .serverFailed("\(path) cannot be opened: \(unsafe String(cString: strerror(errno)))")
        }
        // It is emptied below: it must not be another name of a file that is somebody's.
        var facts = stat()
        guard unsafe fstat(opened, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_nlink == 1,
            facts.st_uid == geteuid()
        else {
            close(opened)
            throw .serverFailed("\(path) is not a file of this account's own")
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            throw .dataDirectoryInUse(directory)
        }
        descriptor = opened
        _ = ftruncate(descriptor, 0)
        _ = FileContent.write("\(getpid())\n", to: descriptor)
    }

    deinit { close(descriptor) }
}
