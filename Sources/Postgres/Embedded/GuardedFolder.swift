internal import Glibc

/// A folder that another account may write to, seen from one with more rights.
///
/// Everything in it is reached by name from the opened folder, no link is followed, and nothing that lies there already
/// is written to: whoever owns the folder could have put a link to somebody else's file in the place of any name.
struct GuardedFolder: ~Copyable {
    private let path: String
    private let descriptor: Int32

    /// Opens a folder that has to belong to `owner`.
    init(_ path: String, owner: uid_t) throws(PostgresError) {
        self.path = path
        let opened = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { throw .serverFailed("\(path) cannot be opened: \(Self.reason)") }
        var facts = stat()
        guard unsafe fstat(opened, &facts) == 0, facts.st_uid == owner else {
            close(opened)
            throw .serverFailed("\(path) does not belong to user \(owner)")
        }
        descriptor = opened
    }

    deinit { close(descriptor) }

    /// The text of a regular file; `nil` where there is none, and for one of more than 64 KiB.
    func text(of name: String) -> String? {
        // A FIFO must not block, and a device not answer for ever.
        let file = unsafe openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var facts = stat()
        guard unsafe fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        return FileContent.text(of: file, limit: 64 << 10)
    }

    /// Puts a file that only `account` can read in the place of whatever has the name.
    func write(_ text: String, to name: String, for account: ServerAccount) throws(PostgresError) {
        let fresh = "\(name).new"
        do throws(PostgresError) {
            try make(fresh, text, for: account)
            guard unsafe renameat(descriptor, fresh, descriptor, name) == 0 else {
                throw .serverFailed("\(path)/\(name) cannot be written: \(Self.reason)")
            }
        } catch {
            _ = unsafe unlinkat(descriptor, fresh, 0)
            throw error
        }
    }

    private func make(_ name: String, _ text: String, for account: ServerAccount) throws(PostgresError) {
        // What an earlier start left half done, or somebody put there, goes; only the name, not what it leads to.
        _ = unsafe unlinkat(descriptor, name, 0)
        let file = unsafe openat(
            descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600 as mode_t)
        guard file >= 0 else { throw .serverFailed("\(path)/\(name) cannot be written: \(Self.reason)") }
        defer { close(file) }
        guard FileContent.write(text, to: file), fchown(file, account.user, account.group) == 0 else {
            throw .serverFailed("\(path)/\(name) cannot be written: \(Self.reason)")
        }
    }

    private static var reason: String { unsafe String(cString: strerror(errno)) }
}

/// Whole files by their descriptors.
enum FileContent {
    /// The text from the beginning; `nil` for one that is longer than `limit` bytes or cannot be read.
    static func text(of descriptor: Int32, limit: Int) -> String? {
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count < bytes.count {
            let part = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(
                    descriptor, buffer.baseAddress.map { unsafe $0 + count }, buffer.count - count, off_t(count))
            }
            if part < 0, errno == EINTR { continue }
            guard part >= 0 else { return nil }
            guard part > 0 else { return String(decoding: bytes.prefix(count), as: UTF8.self) }
            count += part
        }
        return nil
    }

    /// Writes everything; returns whether that was possible.
    static func write(_ text: String, to descriptor: Int32) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
