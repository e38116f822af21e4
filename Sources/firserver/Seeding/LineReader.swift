import Foundation

/// Reads a file line by line without having all of it in memory; Foundation's own `lines` is not there on Linux.
final class LineReader {
    private static let chunkSize = 1 << 20

    private let handle: FileHandle
    private var rest = Data()
    private var isAtEnd = false

    init(_ file: URL) throws { handle = try FileHandle(forReadingFrom: file) }

    deinit { try? handle.close() }

    /// The next line without its end; `nil` after the last.
    func next() throws -> Data? {
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                defer { rest = rest[(end + 1)...] }
                return rest[..<end]
            }
            guard !isAtEnd else {
                defer { rest = Data() }
                return rest.isEmpty ? nil : rest
            }
            if let chunk = try handle.read(upToCount: Self.chunkSize), !chunk.isEmpty {
                rest = Data(rest) + chunk
            } else {
                isAtEnd = true
            }
        }
    }
}
