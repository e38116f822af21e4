import Foundation

/// A path below a mount of the dialect.
struct EnfacePath {
    /// A picture's address: its id and the code without which nobody gets it.
    struct Picture: Hashable {
        let id: UUID
        let code: String
    }

    let profile: Profile
    /// The mount as it was written, without a slash at the end.
    let mount: String
    /// What stands behind the mount, without slashes at the ends.
    let rest: String

    /// - Parameter alias: the profile of `/v1`.
    init?(_ path: String, alias: Profile) {
        let segments = path.split(separator: "/").map(String.init)
        if segments.first == "v1" {
            profile = alias
            mount = "/v1"
            rest = segments.dropFirst().joined(separator: "/")
            return
        }
        let mounted = Profile.allCases.first {
            Array($0.mount.split(separator: "/").map(String.init)) == Array(segments.prefix(2))
        }
        guard let mounted else { return nil }
        profile = mounted
        mount = mounted.mount
        rest = segments.dropFirst(2).joined(separator: "/")
    }

    /// The picture, if the path is that of one: `images/{id}/{random}/{key}`.
    var picture: Picture? {
        let segments = rest.split(separator: "/")
        guard segments.count == 4, segments[0] == "images", let id = UUID(uuidString: String(segments[1])) else {
            return nil
        }
        return Picture(id: id, code: "\(segments[2])/\(segments[3])")
    }
}
