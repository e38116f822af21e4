/// Which statements a connection has prepared; the one used longest ago gives way when there are too many.
struct StatementCache {
    struct Key: Hashable {
        let sql: String
        let types: [UInt32]
    }

    private struct Entry {
        let name: String
        var lastUse: UInt64
    }

    private let capacity: Int
    private var entries: [Key: Entry] = [:]
    private var uses: UInt64 = 0
    private var names: UInt64 = 0

    init(capacity: Int) {
        precondition(capacity > 0, "at least one statement must fit")
        self.capacity = capacity
    }

    var count: Int { entries.count }

    /// The name of a prepared statement, if there is one.
    mutating func name(for key: Key) -> String? {
        uses += 1
        entries[key]?.lastUse = uses
        return entries[key]?.name
    }

    /// A name that no statement of this connection had before.
    mutating func makeName() -> String {
        names += 1
        return "s\(names)"
    }

    /// Remembers a prepared statement.
    ///
    /// - Returns: the name of the statement that gave way, to be deallocated.
    mutating func insert(_ name: String, for key: Key) -> String? {
        var evicted: String?
        if entries.count >= capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            evicted = oldest.value.name
            entries[oldest.key] = nil
        }
        uses += 1
        entries[key] = Entry(name: name, lastUse: uses)
        return evicted
    }
}
