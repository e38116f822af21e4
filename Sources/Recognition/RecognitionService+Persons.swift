import FaceAnalysis
public import FaceModel
import FaceStore
public import Foundation
import Postgres

extension RecognitionService {
    /// See ``FaceService/update(_:in:changes:)``.
    public func update(
        _ key: PersonKey, in gallery: UUID, changes: PersonChanges
    ) async throws(RecognitionError) -> Person {
        _ = try requireReady()
        let update = PersonUpdate(
            name: changes.name, surname: changes.surname, patronymic: changes.patronymic,
            department: changes.department, comment: changes.comment, attributes: changes.platformAttributes)
        let person = try await storing { () throws(PostgresError) in
            try await store.persons.update(key, in: gallery, with: update)
        }
        guard let person else { throw .unknownPerson }
        return person
    }

    /// How many bytes the texts of a page of persons may have.
    private static let largestPage = 128 << 20

    /// See ``FaceService/persons(in:matching:offset:limit:)``.
    public func persons(
        in gallery: UUID, matching filter: PersonFilter, offset: Int, limit: Int
    ) async throws(RecognitionError) -> PersonPage {
        _ = try requireReady()
        let query = PersonQuery(
            gallery: gallery, keys: filter.keys, platformUserIDs: filter.platformUserIDs,
            department: filter.department)
        let slice = try await storing { () throws(PostgresError) in
            if let search = filter.search {
                return try await store.persons.page(
                    search, of: gallery, offset: offset, limit: limit, mostBytes: Self.largestPage)
            }
            return try await store.persons.page(query, offset: offset, limit: limit, mostBytes: Self.largestPage)
        }
        guard !slice.isTooLarge else { throw .tooMuch }
        return PersonPage(persons: slice.persons, total: slice.total)
    }

    /// See ``FaceService/remove(_:from:)``.
    public func remove(_ keys: [PersonKey], from gallery: UUID) async throws(RecognitionError) -> [PersonKey] {
        _ = try requireReady()
        let scope = try await scope(of: keys, in: gallery)
        return try await shielded { [self] () async throws(RecognitionError) in
            try await gate.withAccess(to: scope) { () async throws(RecognitionError) in
                let removed = try await changing { () throws(PostgresError) in
                    try await store.persons.remove(keys, from: gallery)
                }
                await follow(removed, from: gallery)
                return removed.unknownKeys
            }
        }
    }

    /// See ``FaceService/removeAll(from:)``.
    public func removeAll(from gallery: UUID) async throws(RecognitionError) {
        _ = try requireReady()
        try await shielded { [self] () async throws(RecognitionError) in
            try await gate.withAccess(to: .everyone) { () async throws(RecognitionError) in
                let removed = try await changing { () throws(PostgresError) in
                    try await store.persons.removeAll(from: gallery)
                }
                await follow(removed, from: gallery)
            }
        }
    }

    /// See ``FaceService/image(_:in:)``.
    public func image(_ id: UUID, in gallery: UUID) async throws(RecognitionError) -> StoredImage? {
        _ = try requireReady()
        let record = try await storing { () throws(PostgresError) in try await store.images.find(id, in: gallery) }
        if let record { return StoredImage(bytes: record.bytes) }
        let isKnown = try await storing { () throws(PostgresError) in try await store.images.hasFace(id, in: gallery) }
        return isKnown ? StoredImage(bytes: analyzer.neutralThumbnail) : nil
    }
}
