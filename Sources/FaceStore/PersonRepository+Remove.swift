public import FaceModel
public import Foundation
public import Postgres

/// What a deletion took away.
public struct RemovedPersons: Sendable {
    /// The persons that are gone.
    public let persons: [UUID]
    /// Their faces, which are gone with their photos.
    public let faces: [UUID]
    /// The keys that nobody has, in the order of the call.
    public let unknownKeys: [PersonKey]
}

extension PersonRepository {
    /// Deletes persons with their faces and photos, all in one transaction.
    ///
    /// Keys of which none is known are no error; the same key twice counts once.
    public func remove(_ keys: [PersonKey], from gallery: UUID) async throws(PostgresError) -> RemovedPersons {
        let split = SplitKeys(keys)
        return try await pool.transaction { connection throws(PostgresError) in
            // In the order of the ids, as everybody locks persons, so that two deletions never wait for each other.
            let found = try connection.query(
                """
                SELECT p.id, p.external_id FROM persons AS p WHERE \(PersonRow.matchesKeys) ORDER BY p.id FOR UPDATE OF p
                """, gallery, split.ids, split.externalIDs
            ).map { row throws(PostgresError) in (try row.decode(0, as: UUID.self), try row.decode(1, as: String?.self))
            }
            let ids = found.map(\.0)
            let known = Set(ids.map(PersonKey.id) + found.compactMap { $0.1.map(PersonKey.external) })
            let faces = try connection.removePersons(ids)
            return RemovedPersons(persons: ids, faces: faces, unknownKeys: keys.filter { !known.contains($0) })
        }
    }

    /// Deletes everyone of a gallery with faces and photos.
    ///
    /// - Returns: the persons and faces that are gone.
    @discardableResult
    public func removeAll(from gallery: UUID) async throws(PostgresError) -> RemovedPersons {
        try await pool.longTransaction { connection throws(PostgresError) in
            let ids = try connection.query(
                "SELECT id FROM persons WHERE gallery_id = $1 ORDER BY id FOR UPDATE", gallery
            ).map { row throws(PostgresError) in try row.decode(0, as: UUID.self) }
            let faces = try connection.removePersons(ids)
            return RemovedPersons(persons: ids, faces: faces, unknownKeys: [])
        }
    }
}

extension PostgresConnection {
    /// Deletes persons that are locked already, their faces and photos.
    func removePersons(_ ids: [UUID]) throws(PostgresError) -> [UUID] {
        guard !ids.isEmpty else { return [] }
        let faces = try query("DELETE FROM faces WHERE person_id = ANY($1) RETURNING id", ids).map {
            row throws(PostgresError) in try row.decode(0, as: UUID.self)
        }
        try execute("DELETE FROM persons WHERE id = ANY($1)", ids)
        try removeImages(faces)
        return faces
    }
}
