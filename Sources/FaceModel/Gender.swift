/// A gender as a network tells them apart.
public enum Gender: String, Sendable, Hashable, CaseIterable, Codable {
    /// A man or a boy.
    case male
    /// A woman or a girl.
    case female
}
