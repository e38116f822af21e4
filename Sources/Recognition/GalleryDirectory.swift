import Foundation
import Gallery
import Synchronization

/// The galleries in memory by id.
final class GalleryDirectory: Sendable {
    private let dimension: Int
    private let galleries = Mutex<[UUID: Gallery]>([:])

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
    func replace(with fresh: [UUID: Gallery]) { galleries.withLock { $0 = fresh } }

    /// The number of faces in all galleries.
    var faceCount: Int { galleries.withLock { $0.values.reduce(0) { $0 + $1.count } } }
}
