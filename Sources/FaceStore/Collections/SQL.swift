/// Pieces of SQL that several repositories use.
enum SQL {
    /// A text without the difference of letter case, of every script: `lower` alone follows the database's locale, and
    /// that of the private server knows ASCII only.
    static func folded(_ text: String) -> String { "lower((\(text)) COLLATE \"und-x-icu\")" }
}
