/// Names of fields, parameters and headers whose values nobody may read in a log or a journal.
public enum SecretName {
    private static let words = [
        "password", "passwd", "pwd", "token", "secret", "authorization", "apikey", "credential",
    ]

    /// Whether a name says that its value is a secret; letter case, `-` and `_` do not matter.
    public static func isSecret(_ name: String) -> Bool {
        let plain = name.lowercased().filter { $0 != "-" && $0 != "_" }
        return words.contains { plain.contains($0) }
    }
}
