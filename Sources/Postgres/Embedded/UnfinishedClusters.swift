internal import Foundation

/// The folders beside a cluster in which one is being made, or was until a kill.
struct UnfinishedClusters {
    private static let name = "postgres.new"

    private let folder: String

    init(_ paths: ServerPaths) { folder = paths.data }

    /// A folder that nobody has used.
    func nextPath() -> String { "\(folder)/\(Self.name)-\(UUID().uuidString.prefix(8))" }

    /// Removes all of them.
    ///
    /// Where somebody is still writing, something may stay; it is never used, and goes the next time. Foundation goes
    /// through a folder by paths, behind which its owner can exchange what they mean; `rm` does not.
    func remove() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where name.wholeMatch(of: /postgres\.new(-[0-9A-F]{8})?/) != nil {
            _ = try? ChildProcess.run(
                "/bin/rm", ["-rf", "--one-file-system", "--", "\(folder)/\(name)"], environment: [])
        }
    }
}
