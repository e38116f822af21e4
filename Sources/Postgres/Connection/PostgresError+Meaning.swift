extension PostgresError {
    /// What a failure means to whoever asked for the work.
    public enum Meaning: Sendable, Hashable {
        /// PostgreSQL cannot be used at the moment.
        case outage
        /// Others were in the way for too long; in a moment the same work may succeed.
        case busy
        /// Something has the same unique key already.
        case duplicate
        /// Something that the work refers to is gone.
        case missingReference
        /// PostgreSQL does not take a value: a character, a size, a number out of range, a broken check.
        case invalidValue
        /// Nobody foresaw it.
        case unforeseen
    }

    /// What the failure means to whoever asked for the work.
    public var meaning: Meaning {
        switch self {
        case .connectionFailed, .connectionLost, .commitUnknown, .closed: .outage
        case .noConnection, .cancelled: .busy
        case .textContainsNUL: .invalidValue
        case .statementFailed(let state, _): state.meaning
        case .transactionRolledBack, .decodingFailed, .unexpectedAnswer, .migrationFailed, .serverFailed,
            .dataDirectoryInUse, .databaseInUse:
            .unforeseen
        }
    }
}

extension SQLState {
    fileprivate var meaning: PostgresError.Meaning {
        if endsSession { return .outage }
        if isTransient { return .busy }
        switch self {
        case .queryCanceled, .lockNotAvailable: return .busy
        case .uniqueViolation: return .duplicate
        case .foreignKeyViolation: return .missingReference
        case .notNullViolation, .checkViolation, .stringTooLong, .numberOutOfRange, .timeOutOfRange,
            .invalidText, .characterNotInRepertoire, .untranslatableCharacter:
            return .invalidValue
        default: break
        }
        switch conditionClass {
        // Insufficient resources and errors of the machine: disk full, too many connections, a file that is gone.
        case "53", "58": return .outage
        // Limits of the program: a row or an index entry that is too large, JSON that is nested too deeply.
        case "54": return .invalidValue
        default: return .unforeseen
        }
    }
}
