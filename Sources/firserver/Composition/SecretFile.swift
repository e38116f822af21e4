import Foundation
import SystemPackage

/// A file with one secret that nobody but the server's account can read.
struct SecretFile: Sendable {
    let url: URL

    /// Writes a line in the place of what the file had; a link or a file with another name of its own is replaced, not
    /// followed.
    func write(_ secret: String) throws {
        let folder = url.deletingLastPathComponent()
        if !FileManager.default.fileExists(atPath: folder.path) {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        let fresh = folder.appending(path: ".\(url.lastPathComponent)-\(UUID().uuidString)")
        let file = try FileDescriptor.open(
            FilePath(fresh.path), .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
            permissions: [.ownerReadWrite])
        do {
            try file.closeAfter { _ = try file.writeAll(Array("\(secret)\n".utf8)) }
            guard unsafe rename(fresh.path, url.path) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            try? FileManager.default.removeItem(at: fresh)
            throw error
        }
    }
}
