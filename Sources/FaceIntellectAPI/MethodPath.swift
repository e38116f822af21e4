import Foundation

/// What the path of a request says: `…/firserver/<Method>/<arguments>`, whatever comes before.
package struct MethodPath: Hashable {
    /// The segment after `firserver`, empty when there is none.
    package let method: String
    /// The segments after the method, percent escapes decoded.
    package let arguments: [String]
    /// The server that the Web Server 2.0 form names: `/web2/secure/face/<server_id>/firserver/…`.
    package let serverID: String?

    /// - Returns: `nil` when no segment is `firserver`, in any letter case.
    package init?(_ path: String) {
        let segments = path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
        guard let mount = segments.firstIndex(where: { $0.isEqualIgnoringCase("firserver") }) else { return nil }
        self.method = mount + 1 < segments.count ? segments[mount + 1] : ""
        self.arguments = Array(segments.dropFirst(mount + 2))
        let namesServer = mount >= 2 && segments[mount - 2].isEqualIgnoringCase("face")
        self.serverID = namesServer ? segments[mount - 1] : nil
    }
}
