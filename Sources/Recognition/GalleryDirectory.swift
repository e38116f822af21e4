import FaceModel
import FaceStore
import Foundation
import Gallery
import Synchronization

/// The galleries in memory by id: those that persons belong to, and collections of persons of the shared one.
final class GalleryDirectory: Sendable {
    /// What the directory holds.
    struct Content: Sendable {
        /// The galleries that persons belong to.
        private var homes: [UUID: Gallery] = [:]
        /// Galleries that hold the faces of some persons of the shared gallery once more.
        private var collections: [UUID: Gallery] = [:]
        /// How many persons each home has, also those without a face of this model.
        fileprivate(set) var personCounts: [UUID: Int] = [:]
        /// The collections of each person.
        private(set) var memberships: [UUID: Set<UUID>] = [:]

        init(memberships: [Membership] = []) {
            for membership in memberships {
                self.memberships[membership.person, default: []].insert(membership.collection)
            }
        }

        /// The number of faces, each once.
        var faceCount: Int { homes.values.reduce(0) { $0 + $1.count } }

        func isCollection(_ id: UUID) -> Bool { collections[id] != nil }

        /// The gallery with an id; an empty one when nobody was enrolled there yet.
        mutating func gallery(_ id: UUID, dimension: Int) -> Gallery {
            if let known = collections[id] ?? homes[id] { return known }
            let fresh = Gallery(dimension: dimension)
            homes[id] = fresh
            return fresh
        }

        mutating func collection(_ id: UUID, dimension: Int) -> Gallery {
            if let known = collections[id] { return known }
            let fresh = Gallery(dimension: dimension)
            collections[id] = fresh
            return fresh
        }

        /// All galleries that hold the faces of a person.
        mutating func galleries(of person: UUID, in home: UUID, dimension: Int) -> [Gallery] {
            var all = [gallery(home, dimension: dimension)]
            guard home == .sharedGallery else { return all }
            for id in memberships[person] ?? [] { all.append(collection(id, dimension: dimension)) }
            return all
        }

        mutating func setMemberships(of person: UUID, to collections: Set<UUID>) {
            memberships[person] = collections.isEmpty ? nil : collections
        }

        /// Forgets a gallery, and who was in it where it is a collection.
        mutating func remove(_ id: UUID) {
            homes[id] = nil
            personCounts[id] = nil
            guard collections.removeValue(forKey: id) != nil else { return }
            for (person, ids) in memberships where ids.contains(id) {
                setMemberships(of: person, to: ids.subtracting([id]))
            }
        }
    }

    private let dimension: Int
    private let content = Mutex(Content())

    init(dimension: Int) { self.dimension = dimension }

    /// The gallery with an id; an empty one when nobody was enrolled there yet.
    subscript(id: UUID) -> Gallery { content.withLock { $0.gallery(id, dimension: dimension) } }

    /// Whether an id is that of a collection with a member, or that had one.
    func isCollection(_ id: UUID) -> Bool { content.withLock { $0.isCollection(id) } }

    /// Whether a person is in a collection.
    func contains(_ person: UUID, in collection: UUID) -> Bool {
        content.withLock { $0.memberships[person]?.contains(collection) ?? false }
    }

    /// Puts other galleries in the place of all that there are.
    func replace(with fresh: Content, personCounts counts: [UUID: Int]) {
        var fresh = fresh
        fresh.personCounts = counts
        content.withLock { $0 = fresh }
    }

    /// How many persons a gallery has, also those without a face of this model.
    func personCount(of id: UUID) -> Int { content.withLock { $0.personCounts[id] ?? 0 } }

    /// Counts persons that came, or went where the number is negative.
    func addPersons(_ count: Int, to id: UUID) { content.withLock { $0.personCounts[id, default: 0] += count } }

    /// Forgets a gallery.
    func remove(_ id: UUID) { content.withLock { $0.remove(id) } }

    /// The number of faces in all galleries, each once.
    var faceCount: Int { content.withLock { $0.faceCount } }

    /// Does in memory what a commit did; waits for searches under way.
    func apply(_ change: GalleryChange) {
        let galleries = content.withLock {
            $0.galleries(of: change.subject, in: change.gallery, dimension: dimension)
        }
        for gallery in galleries {
            for face in change.added {
                gallery.insert(face: face.id, subject: change.subject, embedding: face.embedding)
            }
            gallery.remove(faces: change.removed)
        }
        guard let collections = change.collections else { return }
        let (left, entered) = content.withLock { content in
            let old = content.memberships[change.subject] ?? []
            content.setMemberships(of: change.subject, to: collections)
            return (
                old.subtracting(collections).map { content.collection($0, dimension: dimension) },
                collections.subtracting(old).map { content.collection($0, dimension: dimension) }
            )
        }
        for gallery in left { gallery.remove(faces: change.present.map(\.id)) }
        for gallery in entered {
            for face in change.present {
                gallery.insert(face: face.id, subject: change.subject, embedding: face.embedding)
            }
        }
    }

    /// Forgets persons and their faces; waits for searches under way.
    func remove(persons: [UUID], faces: [UUID], from home: UUID) {
        let galleries = content.withLock { content in
            var all = [content.gallery(home, dimension: dimension)]
            let collections = persons.reduce(into: Set<UUID>()) { $0.formUnion(content.memberships[$1] ?? []) }
            for person in persons { content.setMemberships(of: person, to: []) }
            for id in collections { all.append(content.collection(id, dimension: dimension)) }
            return all
        }
        for gallery in galleries { gallery.remove(faces: faces) }
    }

    /// Lets persons of the shared gallery into a collection and others out of it; waits for searches under way.
    func apply(_ change: ChangedMembers, of id: UUID) {
        let gallery = content.withLock { content in
            for person in change.added {
                content.setMemberships(of: person, to: (content.memberships[person] ?? []).union([id]))
            }
            for person in change.removed {
                content.setMemberships(of: person, to: (content.memberships[person] ?? []).subtracting([id]))
            }
            return content.collection(id, dimension: dimension)
        }
        gallery.remove(faces: change.removedFaces)
        for face in change.addedFaces {
            guard let embedding = face.embedding else { continue }
            gallery.insert(face: face.id, subject: face.person, embedding: embedding)
        }
    }
}
