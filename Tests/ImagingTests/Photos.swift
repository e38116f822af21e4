import Foundation

/// The photos that set-up unpacks next to the package.
enum Photos {
    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: ".deps/photos")

    /// The bytes of one photo, named by its path below the folder.
    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }
}
