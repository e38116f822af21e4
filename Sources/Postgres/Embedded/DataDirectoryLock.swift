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
        let opened = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard opened >= 0 else {
            throw .serverFailed("\(path) cannot be opened: \(unsafe String(cString: strerror(errno)))")
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            throw .dataDirectoryInUse(directory)
        }
        descriptor = opened
        _ = ftruncate(descriptor, 0)
        let text = Array("\(getpid())\n".utf8)
        _ = unsafe text.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    }

    deinit { close(descriptor) }
}
