import Foundation

/// What the path of a request to Web Server 2.0 says: `…/secure/<resource>/…`, whatever comes before.
package enum PlatformPath: Hashable {
    case persons
    case configuration
    case object(String)
    case state(String)
    case events
    case liveEvents

    /// - Returns: `nil` for every other path.
    package init?(_ path: String) {
        let segments = path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
        // The root of the application is `web2`, which the platform's administrator can rename.
        guard let mount = segments.firstIndex(where: { $0.isEqualIgnoringCase("secure") }), mount <= 1 else {
            return nil
        }
        let rest = Array(segments.dropFirst(mount + 1))
        switch (rest.count, rest.first?.lowercased()) {
        case (1, "persons"): self = .persons
        case (1, "configuration"): self = .configuration
        case (2, "configuration"): self = .object(rest[1])
        case (3, "configuration") where rest[2].isEqualIgnoringCase("state"): self = .state(rest[1])
        case (1, "events"): self = .events
        case (2, "ws") where rest[1].isEqualIgnoringCase("events"): self = .liveEvents
        default: return nil
        }
    }
}
