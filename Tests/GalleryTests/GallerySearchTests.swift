import CProcessor
import FaceModel
import Foundation
import Gallery
import TestKit
import Testing

/// A gallery as simple as it can be: what the real one must equal.
struct PlainGallery {
    struct Row {
        let face: UUID
        var subject: UUID
        var embedding: Embedding
    }

    var rows: [Row] = []

    mutating func insert(face: UUID, subject: UUID, embedding: Embedding) {
        if let index = rows.firstIndex(where: { $0.face == face }) {
            rows[index].subject = subject
            rows[index].embedding = embedding
        } else {
            rows.append(Row(face: face, subject: subject, embedding: embedding))
        }
    }

    mutating func remove(face: UUID) { rows.removeAll { $0.face == face } }

    func search(_ probe: Embedding, limit: Int) -> [GalleryMatchValues] {
        let scored = rows.enumerated().map {
            (order: $0.offset, row: $0.element, cosine: $0.element.embedding.cosine(to: probe))
        }
        let ordered = scored.sorted { $0.cosine != $1.cosine ? $0.cosine > $1.cosine : $0.order < $1.order }
        var seen: Set<UUID> = []
        let firsts = ordered.filter { seen.insert($0.row.subject).inserted }
        return firsts.prefix(limit).map {
            GalleryMatchValues(face: $0.row.face, subject: $0.row.subject, cosine: $0.cosine)
        }
    }
}

struct GalleryMatchValues: Equatable {
    let face: UUID
    let subject: UUID
    let cosine: Double
}

extension GalleryMatch {
    var values: GalleryMatchValues { GalleryMatchValues(face: faceID, subject: subjectID, cosine: cosine) }
}

extension SplitMix {
    mutating func embedding(dimension: Int) throws -> Embedding {
        let values = (0..<dimension).map { _ in Float.random(in: -1...1, using: &self) }
        return try #require(Embedding(normalizing: values))
    }
}

struct GallerySearchTests {
    /// A way to scan with instructions that this processor has.
    struct Way: Sendable {
        let scan: Gallery.Scan
        let instructions: instruction_set

        static let all = Gallery.Scan.allCases.flatMap { scan in
            Processor.instructionSets.map { Way(scan: scan, instructions: $0) }
        }

        func gallery(dimension: Int) -> Gallery {
            Gallery(dimension: dimension, scan: scan, instructions: instructions)
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6], Way.all)
    func `any history of changes is searched like a plain loop`(seed: UInt64, way: Way) throws {
        var random = SplitMix(seed: seed)
        let gallery = way.gallery(dimension: 16)
        var plain = PlainGallery()
        let subjects = (0..<40).map { _ in UUID() }
        for step in 0..<600 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<6:
                // Embeddings repeat, so that ties are common.
                var picked = SplitMix(seed: UInt64.random(in: 0..<60, using: &random))
                let embedding = try picked.embedding(dimension: 16)
                let face = UUID()
                let subject = try #require(subjects.randomElement(using: &random))
                gallery.insert(face: face, subject: subject, embedding: embedding)
                plain.insert(face: face, subject: subject, embedding: embedding)
            case 6:
                guard let row = plain.rows.randomElement(using: &random) else { continue }
                let embedding = try random.embedding(dimension: 16)
                gallery.insert(face: row.face, subject: row.subject, embedding: embedding)
                plain.insert(face: row.face, subject: row.subject, embedding: embedding)
            case 7, 8:
                guard let row = plain.rows.randomElement(using: &random) else { continue }
                gallery.remove(faces: [row.face, UUID()])
                plain.remove(face: row.face)
            default:
                let probes = try (0..<Int.random(in: 1...5, using: &random)).map { _ in
                    try random.embedding(dimension: 16)
                }
                let limit = Int.random(in: 1...50, using: &random)
                let found = gallery.search(probes, limit: limit)
                #expect(found.comparedCount == plain.rows.count, "step \(step)")
                for (probe, matches) in zip(probes, found.matches) {
                    #expect(matches.map(\.values) == plain.search(probe, limit: limit), "step \(step)")
                }
            }
        }
        #expect(gallery.count == plain.rows.count)
    }

    @Test(arguments: Way.all)
    func `a gallery of several chunks is searched exactly, alone and in batches`(way: Way) throws {
        var random = SplitMix(seed: 7)
        let gallery = way.gallery(dimension: 128)
        var plain = PlainGallery()
        for _ in 0..<40_000 {
            let row = PlainGallery.Row(face: UUID(), subject: UUID(), embedding: try random.embedding(dimension: 128))
            gallery.insert(face: row.face, subject: row.subject, embedding: row.embedding)
            plain.rows.append(row)
        }
        let probes = try (0..<9).map { _ in try random.embedding(dimension: 128) }
        let together = gallery.search(probes, limit: 10)
        for (probe, matches) in zip(probes, together.matches) {
            let expected = plain.search(probe, limit: 10)
            #expect(matches.map(\.values) == expected)
            #expect(gallery.search([probe], limit: 10).matches[0].map(\.values) == expected)
        }
    }

    /// Faces of one person lie close together: that is where rounding could change the order.
    @Test(arguments: Way.all)
    func `faces that differ by a hair are told apart`(way: Way) throws {
        var random = SplitMix(seed: 21)
        let gallery = way.gallery(dimension: 128)
        var plain = PlainGallery()
        let centre = try random.embedding(dimension: 128)
        for _ in 0..<4000 {
            let near = centre.values.map { $0 + Float.random(in: -1e-4...1e-4, using: &random) }
            let embedding = try #require(Embedding(normalizing: near))
            let face = UUID()
            gallery.insert(face: face, subject: face, embedding: embedding)
            plain.rows.append(.init(face: face, subject: face, embedding: embedding))
        }
        for limit in [1, 10, 500] {
            #expect(
                gallery.search([centre], limit: limit).matches[0].map(\.values) == plain.search(centre, limit: limit))
        }
    }

    @Test func `equal faces come in the order in which they were added`() throws {
        var random = SplitMix(seed: 3)
        let embedding = try random.embedding(dimension: 128)
        let gallery = Gallery(dimension: 128)
        let faces = (0..<5000).map { _ in UUID() }
        for face in faces { gallery.insert(face: face, subject: face, embedding: embedding) }
        #expect(gallery.search([embedding], limit: 3).matches[0].map(\.faceID) == Array(faces.prefix(3)))
        gallery.remove(faces: faces.prefix(2))
        #expect(gallery.search([embedding], limit: 2).matches[0].map(\.faceID) == Array(faces[2...3]))
    }

    @Test func `a limit beyond the gallery returns everyone once`() throws {
        var random = SplitMix(seed: 9)
        let gallery = Gallery(dimension: 8)
        let subject = UUID()
        for _ in 0..<20 {
            gallery.insert(face: UUID(), subject: subject, embedding: try random.embedding(dimension: 8))
        }
        #expect(gallery.search([try random.embedding(dimension: 8)], limit: 1_000_000_000).matches[0].count == 1)
        gallery.removeAll()
        let empty = gallery.search([try random.embedding(dimension: 8)], limit: 5)
        #expect(empty.matches == [[]])
        #expect(empty.comparedCount == 0)
    }
}

struct SearchQueueTests {
    @Test func `probes that wait together get their own answers while the gallery changes`() async throws {
        var random = SplitMix(seed: 11)
        let gallery = Gallery(dimension: 64)
        var known: [(face: UUID, embedding: Embedding)] = []
        for _ in 0..<3000 {
            let face = UUID()
            let embedding = try random.embedding(dimension: 64)
            gallery.insert(face: face, subject: face, embedding: embedding)
            known.append((face, embedding))
        }
        let others = try (0..<500).map { _ in try random.embedding(dimension: 64) }
        let queue = SearchQueue(threads: 2)
        defer { queue.stop() }
        let changes = Task.detached {
            for other in others {
                let face = UUID()
                gallery.insert(face: face, subject: face, embedding: other)
                gallery.remove(faces: [face])
            }
        }
        await withTaskGroup(of: Bool.self) { group in
            for (face, embedding) in known.prefix(400) {
                group.addTask {
                    let answer = await queue.search(embedding, in: gallery, limit: 2)
                    return answer.matches.first?.faceID == face && answer.comparedCount >= 3000
                }
            }
            for await isRight in group { #expect(isRight) }
        }
        await changes.value
        #expect(gallery.count == 3000)
    }
}
