import FaceAnalysis
public import FaceModel
import FaceStore
public import Foundation
import Gallery
import Postgres

/// A person whose face is known as a template already.
public struct TemplatePerson: Sendable {
    /// The person's id.
    public var id: UUID
    /// The text fields.
    public var texts: PersonTexts
    /// A template of this server's model.
    public var template: [UInt8]
    /// A JPEG file that stands for the person, if there is one; it is not looked at.
    public var photo: [UInt8]?

    /// A person from its parts.
    public init(id: UUID, texts: PersonTexts, template: [UInt8], photo: [UInt8]?) {
        self.id = id
        self.texts = texts
        self.template = template
        self.photo = photo
    }
}

extension RecognitionService {
    /// Adds many persons by their templates in one transaction.
    ///
    /// No limit on the number of persons is looked at. Somebody whose id is taken stays as stored.
    ///
    /// - Returns: how many were added, and the places of those whose template cannot be used.
    public func enrol(
        _ people: [TemplatePerson], in gallery: UUID
    ) async throws(RecognitionError) -> (added: Int, unusable: [Int]) {
        let model = try requireReady()
        let moment = now()
        var unusable: [Int] = []
        var known: Set<UUID> = []
        var records: [(person: PersonRecord, face: FaceRecord)] = []
        records.reserveCapacity(people.count)
        for (place, person) in people.enumerated() {
            guard let embedding = try? embedding(ofTemplate: person.template) else {
                unusable.append(place)
                continue
            }
            guard known.insert(person.id).inserted else { continue }
            records.append(
                (
                    PersonRecord(key: .id(person.id), texts: person.texts, createdAt: moment),
                    FaceRecord(
                        id: configuration.ids.next(), image: person.photo, mediaType: "image/jpeg",
                        embedding: embedding, model: model, quality: 1)
                ))
        }
        let wanted = records
        let keys = Set(wanted.map(\.person.key))
        let added = try await shielded { [self] () async throws(RecognitionError) in
            try await gate.withAccess(to: .some(keys)) { () async throws(RecognitionError) in
                let stored = try await changing { () throws(PostgresError) in
                    try await store.persons.copy(wanted, in: gallery)
                }
                let memory = galleries[gallery]
                await searchQueue.change {
                    for (person, face) in wanted {
                        guard case .id(let id) = person.key, stored.contains(id) else { continue }
                        memory.insert(face: face.id, subject: id, embedding: face.embedding)
                    }
                }
                galleries.addPersons(stored.count, to: gallery)
                recordGallerySize()
                return stored.count
            }
        }
        return (added, unusable)
    }
}
