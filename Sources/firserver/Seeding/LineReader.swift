import Foundation

/// Reads a file line by line without having all of it in memory; Foundation's own `lines` is not there on Linux.
struct LineReader: ~Copyable {
    private static let chunkSize = 1 << 20

    private let handle: FileHandle
    private var bytes: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    init(_ file: URL) throws { handle = try FileHandle(forReadingFrom: file) }

    deinit { try? handle.close() }

    /// The next line without its end; `nil` after the last.
    mutating func next() throws -> ArraySlice<UInt8>? {
        while true {
            if let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return bytes[start..<end]
            }
            guard !isAtEnd else {
                defer { start = bytes.count }
                return start == bytes.count ? nil : bytes[start...]
            }
            if let chunk = try handle.read(upToCount: Self.chunkSize), !chunk.isEmpty {
                bytes.removeFirst(start)
                bytes += chunk
                start = 0
            } else {
                isAtEnd = true
            }
        }
    }
}
