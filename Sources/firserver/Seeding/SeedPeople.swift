import FaceModel
import Foundation
import HTTPSupport
import NIOCore
import Recognition

/// A person that is to be added, with photos in the order in which they are tried.
struct SeedPerson: Sendable {
    let key: PersonKey
    let texts: PersonTexts
    let photos: [URL]
    /// The face as a template, which is believed without a look at a photo.
    var template: [UInt8]?

    var label: String { [texts.surname, texts.name].filter { !$0.isEmpty }.joined(separator: " ") }
}

/// Reads people from a manifest or a folder.
enum SeedPeople {
    private struct Manifest: Decodable {
        let people: [Entry]
    }

    private struct Entry: Decodable {
        let id: String?
        let surname: String
        let name: String?
        let patronymic: String?
        let department: String?
        let comment: String?
        let photo: String?
        let fir: String?

        /// An entry on a line of its own; millions of them want a reader that builds no tree.
        init(_ object: JSONObject) throws {
            guard let surname = object.text(forKey: "surname") else { throw SettingsError("surname is missing") }
            self.surname = surname
            id = object.text(forKey: "id")
            name = object.text(forKey: "name")
            patronymic = object.text(forKey: "patronymic")
            department = object.text(forKey: "department")
            comment = object.text(forKey: "comment")
            photo = object.text(forKey: "photo")
            fir = object.text(forKey: "fir")
        }
    }

    /// - Parameter photos: the folder that a manifest's photos are relative to; by default the manifest's own.
    static func read(_ source: URL, photos: URL?) throws -> [SeedPerson] {
        guard let values = try? source.resourceValues(forKeys: [.isDirectoryKey]) else {
            throw SettingsError("\(source.path) does not exist")
        }
        return values.isDirectory == true
            ? try readFolder(source) : try readManifest(source, photos: photos ?? source.deletingLastPathComponent())
    }

    private static func readManifest(_ file: URL, photos: URL) throws -> [SeedPerson] {
        let manifest: Manifest
        do {
            manifest = try JSONDecoder().decode(Manifest.self, from: Data(contentsOf: file))
        } catch {
            throw SettingsError("\(file.path) is no manifest of people: \(error)")
        }
        return try manifest.people.map { try person($0, photos: photos) }
    }

    private static func person(_ entry: Entry, photos: URL) throws -> SeedPerson {
        let texts = PersonTexts(
            name: entry.name ?? "", surname: entry.surname, patronymic: entry.patronymic ?? "",
            department: entry.department ?? "", comment: entry.comment ?? "")
        let face = entry.photo ?? entry.fir ?? ""
        let template = try entry.fir.flatMap { $0.isEmpty ? nil : $0 }.map { text in
            guard let bytes = Data(base64Encoded: text) else { throw SettingsError("a fir is no base64") }
            return [UInt8](bytes)
        }
        return SeedPerson(
            key: try key(entry.id) ?? .id(stableID(for: "\(texts.surname)\n\(texts.name)\n\(face)")), texts: texts,
            photos: entry.photo.map { [photos.appending(path: $0)] } ?? [], template: template)
    }

    /// Reads a file of JSON lines, each a person as in a manifest, some people at a time: it may be larger than memory.
    ///
    /// - Throws: what `receive` throws, or a ``SettingsError`` that names the first bad line.
    static func readLines(
        _ file: URL, photos: URL?, batch size: Int, receive: ([SeedPerson]) async throws -> Void
    ) async throws {
        var people: [SeedPerson] = []
        var number = 0
        var lines = try LineReader(file)
        while let line = try lines.next() {
            number += 1
            guard !line.isEmpty else { continue }
            do {
                let entry = try Entry(JSONObject(ByteBuffer(bytes: line)))
                people.append(try person(entry, photos: photos ?? file.deletingLastPathComponent()))
            } catch {
                throw SettingsError("\(file.path), line \(number): \(error)")
            }
            if people.count == size {
                try await receive(people)
                people = []
            }
        }
        if !people.isEmpty { try await receive(people) }
    }

    private static func key(_ text: String?) throws -> PersonKey? {
        guard let text, !text.isEmpty else { return nil }
        if let id = UUID(uuidString: text) { return .id(id) }
        guard text.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            throw SettingsError("\(text) is no GUID and no number")
        }
        return .external(text)
    }

    private static func readFolder(_ folder: URL) throws -> [SeedPerson] {
        let people = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: [.isDirectoryKey], options: .skipsHiddenFiles)
        return try people.sorted { $0.path < $1.path }.compactMap { person in
            guard try person.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true else { return nil }
            let photos = try FileManager.default.contentsOfDirectory(
                at: person, includingPropertiesForKeys: nil, options: .skipsHiddenFiles
            ).filter { ["jpg", "jpeg", "png"].contains($0.pathExtension.lowercased()) }.sorted { $0.path < $1.path }
            let words = person.lastPathComponent.split(separator: "_", maxSplits: 1).map(String.init)
            let texts = PersonTexts(
                name: words.count > 1 ? words[1].replacing("_", with: " ") : "",
                surname: words.first ?? person.lastPathComponent)
            return SeedPerson(key: .id(stableID(for: person.lastPathComponent)), texts: texts, photos: photos)
        }
    }

    /// The same id for the same text, so that seeding twice replaces instead of doubling: 128-bit FNV-1a (draft-eastlake-fnv,
    /// §5) in a UUID of version 8, which RFC 9562 leaves to the application.
    private static func stableID(for text: String) -> UUID {
        var hash: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
        for byte in text.utf8 { hash = (hash ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013B }
        var bytes = (0..<16).map { UInt8(truncatingIfNeeded: hash >> (120 - 8 * UInt128($0))) }
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        return UUID(
            uuid: (
                bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7], bytes[8], bytes[9],
                bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]
            ))
    }
}
