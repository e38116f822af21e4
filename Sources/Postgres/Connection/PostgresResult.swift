internal import CLibPQ

/// The answer to one statement: rows in the binary format, freed with the value.
@safe public struct PostgresResult: ~Copyable {
    private let handle: OpaquePointer

    init(taking handle: OpaquePointer) {
        unsafe self.handle = unsafe handle
    }

    deinit { unsafe PQclear(handle) }

    /// The number of rows.
    public var count: Int { Int(unsafe PQntuples(handle)) }

    /// The number of columns.
    public var columnCount: Int { Int(unsafe PQnfields(handle)) }

    /// How many rows an INSERT, UPDATE, DELETE or COPY touched, or a SELECT found.
    public var affectedRows: Int {
        unsafe String(cString: PQcmdTuples(handle)).isEmpty ? 0 : Int(unsafe String(cString: PQcmdTuples(handle))) ?? 0
    }

    /// The command tag, such as `COMMIT`.
    var commandTag: String { unsafe String(cString: PQcmdStatus(handle)) }

    /// Turns every row into a value.
    public func map<T>(_ transform: (borrowing PostgresRow) throws(PostgresError) -> T) throws(PostgresError) -> [T] {
        var values: [T] = []
        values.reserveCapacity(count)
        for index in 0..<count { values.append(try transform(row(index))) }
        return values
    }

    /// Turns the first row into a value; `nil` where there is no row.
    public func first<T>(_ transform: (borrowing PostgresRow) throws(PostgresError) -> T) throws(PostgresError) -> T? {
        guard count > 0 else { return nil }
        return try transform(row(0))
    }

    /// The value in the first column of the first row.
    ///
    /// - Throws: ``PostgresError/unexpectedAnswer(_:)`` where there is no row.
    public func scalar<T: PostgresValue>(_ type: T.Type = T.self) throws(PostgresError) -> T {
        guard let value = try first({ row throws(PostgresError) in try row.decode(0, as: type) }) else {
            throw .unexpectedAnswer("no row")
        }
        return value
    }

    private func row(_ index: Int) -> PostgresRow {
        unsafe PostgresRow(handle: handle, index: Int32(index))
    }
}

/// One row of a result, lent for the length of a closure.
@safe public struct PostgresRow: ~Copyable {
    private let handle: OpaquePointer
    private let index: Int32

    init(handle: OpaquePointer, index: Int32) {
        unsafe self.handle = unsafe handle
        self.index = index
    }

    /// Reads a column.
    ///
    /// - Parameter column: the number of the column, from 0.
    /// - Throws: ``PostgresError/decodingFailed(column:reason:)`` where the column is missing, is NULL and must not
    ///   be, or has another type.
    public func decode<T: PostgresValue>(_ column: Int, as type: T.Type = T.self) throws(PostgresError) -> T {
        let number = Int32(column)
        guard number >= 0, number < (unsafe PQnfields(handle)) else {
            throw .decodingFailed(column: "\(column)", reason: "the result has no such column")
        }
        let found = PostgresType(oid: unsafe PQftype(handle, number))
        guard T.reads(found) else {
            throw .decodingFailed(column: name(number), reason: "type \(found.oid) is not \(T.self)")
        }
        guard unsafe PQgetisnull(handle, index, number) == 0 else {
            guard let value = T.decodeNull() else { throw .decodingFailed(column: name(number), reason: "NULL") }
            return value
        }
        let bytes = unsafe UnsafeRawBufferPointer(
            start: PQgetvalue(handle, index, number), count: Int(PQgetlength(handle, index, number)))
        guard let value = T.decode(unsafe RawSpan(_unsafeBytes: bytes), type: found) else {
            throw .decodingFailed(column: name(number), reason: "the bytes are no \(T.self)")
        }
        return value
    }

    private func name(_ column: Int32) -> String {
        unsafe PQfname(handle, column).map { unsafe String(cString: $0) } ?? "\(column)"
    }
}
