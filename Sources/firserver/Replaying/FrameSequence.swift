import Foundation

/// The frames of a recording: the pictures of a folder by name, or the pictures of a motion JPEG file.
struct FrameSequence {
    private let pictures: [URL]
    private let film: [UInt8]
    private let ranges: [Range<Int>]

    /// - Throws: ``SettingsError`` when nothing is found.
    init(_ source: URL) throws {
        let isFolder = (try? source.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory
        guard let isFolder else { throw SettingsError("\(source.path) does not exist") }
        if isFolder {
            pictures = try FileManager.default.contentsOfDirectory(
                at: source, includingPropertiesForKeys: nil, options: .skipsHiddenFiles
            ).filter { ["jpg", "jpeg", "png"].contains($0.pathExtension.lowercased()) }
                .sorted { $0.lastPathComponent.localizedStandardCompare($1.lastPathComponent) == .orderedAscending }
            (film, ranges) = ([], [])
        } else {
            film = try [UInt8](Data(contentsOf: source))
            ranges = Self.pictures(in: film)
            pictures = []
        }
        guard count > 0 else { throw SettingsError("\(source.path) has no frames: JPEG and PNG files, or motion JPEG") }
    }

    var count: Int { pictures.count + ranges.count }

    /// The file of a frame.
    func frame(_ index: Int) throws -> [UInt8] {
        pictures.isEmpty ? Array(film[ranges[index]]) : try [UInt8](Data(contentsOf: pictures[index]))
    }

    func name(_ index: Int) -> String { pictures.isEmpty ? "frame \(index)" : pictures[index].lastPathComponent }

    /// Where the JPEG files of a motion JPEG stream lie.
    ///
    /// Segments before the scan are skipped by their length, as an embedded preview has markers of its own; within the
    /// scan FF D9 is always the end (ITU-T T.81, annex B).
    private static func pictures(in film: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var position = 0
        while let start = film.marker(0xD8, from: position) {
            var next = start + 2
            while next + 3 < film.count, film[next] == 0xFF, film[next + 1] != 0xDA {
                next += 2 + Int(film[next + 2]) << 8 + Int(film[next + 3])
            }
            guard let end = film.marker(0xD9, from: next) else { break }
            ranges.append(start..<end + 2)
            position = end + 2
        }
        return ranges
    }
}

extension [UInt8] {
    /// The place of a marker at or after a place.
    fileprivate func marker(_ code: UInt8, from start: Int) -> Int? {
        var index = start
        while index + 1 < count {
            if self[index] == 0xFF, self[index + 1] == code { return index }
            index += 1
        }
        return nil
    }
}
