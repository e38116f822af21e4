import Foundation
import Gallery
import Synchronization

/// The galleries in memory by id.
final class GalleryDirectory: Sendable {
    private let dimension: Int
    private let galleries = Mutex<[UUID: Gallery]>([:])
    private let personCounts = Mutex<[UUID: Int]>([:])

    init(dimension: Int) { self.dimension = dimension }

    /// The gallery with an id; an empty one when nobody was enrolled there yet.
    subscript(id: UUID) -> Gallery {
        galleries.withLock { galleries in
            if let known = galleries[id] { return known }
            let fresh = Gallery(dimension: dimension)
            galleries[id] = fresh
            return fresh
        }
    }

    /// Puts other galleries in the place of all that there are.
    func replace(with fresh: [UUID: Gallery], personCounts counts: [UUID: Int]) {
        galleries.withLock { $0 = fresh }
        personCounts.withLock { $0 = counts }
    }

    /// Forgets a gallery.
    func remove(_ id: UUID) {
        galleries.withLock { $0[id] = nil }
        personCounts.withLock { $0[id] = nil }
    }

    /// How many persons a gallery has, also those without a face of this model.
    func personCount(of id: UUID) -> Int { personCounts.withLock { $0[id] ?? 0 } }

    /// Counts persons that came, or went where the number is negative.
    func addPersons(_ count: Int, to id: UUID) { personCounts.withLock { $0[id, default: 0] += count } }

    /// The number of faces in all galleries.
    var faceCount: Int { galleries.withLock { $0.values.reduce(0) { $0 + $1.count } } }
}
