import Logging
import Postgres

extension RecognitionError {
    /// What a failure of the database means to whoever asked.
    init(_ error: PostgresError) {
        if error == .textContainsNUL {
            self = .invalidText
            return
        }
        self =
            switch error.meaning {
            case .outage: .storeUnavailable
            case .busy: .overloaded
            case .duplicate: .alreadyExists
            case .missingReference: .vanished
            case .invalidValue: .invalidValue
            case .unforeseen: .storeFailed
            }
    }
}

extension Logger {
    /// Tells of a failed call of the database: as loudly as somebody has to do something about it.
    func databaseFailed(_ error: PostgresError) {
        let level: Logger.Level =
            switch error.meaning {
            case .outage, .unforeseen: .error
            case .busy: .warning
            case .duplicate, .missingReference, .invalidValue: .debug
            }
        log(level: level, "the database call failed", metadata: ["error": "\(error)"])
    }
}
