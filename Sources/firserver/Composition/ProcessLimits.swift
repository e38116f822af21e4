import CMalloc
import Glibc

/// What the process asks of the system before anything else happens.
enum ProcessLimits {
    /// Beyond this size a block is the system's again as soon as it is freed, in bytes.
    ///
    /// By itself the C library learns from the first large body or picture to keep memory of that size, and then keeps
    /// twice as much for ever (mallopt(3), "dynamic mmap threshold"). Bodies and photos of a camera's size are beyond it;
    /// at 1 MiB, with the pixels of small photos beyond it, too, each search took a tenth more time.
    private static let largestKeptBlock = Int32(4 << 20)
    /// How much free memory each part of the heap keeps, in bytes.
    private static let keptMemory = Int32(16 << 20)
    /// Files beside connections: the database, logs, networks.
    private static let otherFiles: rlim_t = 512

    /// Has large memory go back to the system when it is freed.
    static func giveMemoryBack() {
        _ = mallopt(M_MMAP_THRESHOLD, largestKeptBlock)
        _ = mallopt(M_TRIM_THRESHOLD, keptMemory)
    }

    /// Raises the number of files that the process may open, as far as it may, to what its connections need.
    ///
    /// - Returns: whether it is enough.
    static func raiseFileLimit(forConnections connections: Int) -> Bool {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return true }
        let wanted = rlim_t(connections) + otherFiles
        guard limit.rlim_cur < wanted else { return true }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        return unsafe setrlimit(resource, &limit) == 0 && limit.rlim_cur == wanted
    }
}
