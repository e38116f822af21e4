import Foundation

/// Addresses of requests as they may be written down: what is secret or names somebody is replaced by `***`.
///
/// Clients choose the ids of persons, and some choose e-mail addresses. The address of a kept picture ends in a seal, and
/// who has it may look.
public enum LoggedAddress {
    static let mark = "***"

    /// A path; the same text where there is nothing to hide.
    public static func path(_ path: String) -> String {
        // Nearly all paths are plain, and every request has one.
        guard
            path.utf8.contains(where: { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "%") })
                || path.contains(sealedPictures)
        else { return path }
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        return withoutSeals(segments.map { isMailAddress($0) ? Substring(mark) : $0 }).joined(separator: "/")
    }

    /// A path with the query behind it: values of parameters that are secret go, too.
    public static func target(_ target: String) -> String {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let path = path(parts[0])
        guard parts.count == 2 else { return path }
        let pairs = parts[1].split(separator: "&", omittingEmptySubsequences: false).map { pair in
            let words = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard words.count == 2, isSecret(words[0]) || isMailAddress(words[1]) else { return String(pair) }
            return "\(words[0])=\(mark)"
        }
        return "\(path)?\(pairs.joined(separator: "&"))"
    }

    /// A text with the links of kept pictures without their seals.
    public static func text(_ text: String) -> String {
        guard text.contains(sealedPictures) else { return text }
        return withoutSeals(text.split(separator: "/", omittingEmptySubsequences: false)).joined(separator: "/")
    }

    private static let sealedPictures = "/images/"

    /// `…/images/{id}/{seal}/{seal}` without what stands behind the id.
    private static func withoutSeals(_ segments: [Substring]) -> [Substring] {
        var segments = segments
        for index in segments.indices.dropLast(2) where segments[index] == "images" {
            guard UUID(uuidString: String(segments[index + 1])) != nil else { continue }
            for seal in segments.indices[(index + 2)...].prefix(2) { segments[seal] = Substring(mark) }
        }
        return segments
    }

    private static func isSecret(_ name: Substring) -> Bool {
        SecretName.isSecret(String(name).removingPercentEncoding ?? String(name))
    }

    /// Whether a part of an address is one of mail, escaped once, twice or not at all.
    private static func isMailAddress(_ part: Substring) -> Bool {
        var text = String(part)
        for _ in 0..<2 where !text.contains("@") { text = text.removingPercentEncoding ?? text }
        return text.contains("@")
    }
}
