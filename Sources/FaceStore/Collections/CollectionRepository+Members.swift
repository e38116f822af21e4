import FaceModel
public import Foundation
public import Postgres

/// Who is in which collection.
public struct Membership: Sendable, Hashable {
    /// The collection.
    public let collection: UUID
    /// The person.
    public let person: UUID
}

/// What a change of a collection's members did.
public struct ChangedMembers: Sendable {
    /// Who came.
    public let added: [UUID]
    /// Who went.
    public let removed: [UUID]
    /// The faces of those who came, as far as the model in use made them.
    public let addedFaces: [MovedFace]
    /// The faces of those who went.
    public let removedFaces: [UUID]
}

extension CollectionRepository {
    /// Who is in which collection; a person that moved to another gallery is in it again when it comes back.
    public func memberships() async throws(PostgresError) -> [Membership] {
        try await pool.read { connection throws(PostgresError) in
            try connection.query("SELECT collection_id, person_id FROM collection_members").map {
                row throws(PostgresError) in Membership(collection: try row.decode(0), person: try row.decode(1))
            }
        }
    }

    /// The faces of a person that a model made.
    public func faces(of person: UUID, madeBy model: ModelID) async throws(PostgresError) -> [MovedFace] {
        try await pool.read { connection throws(PostgresError) in
            try connection.faces(of: [person], madeBy: model)
        }
    }

    /// Adds persons of the shared gallery to a collection and takes others out, all or nothing.
    ///
    /// Who is in it already does not come, who is not in it does not go.
    ///
    /// - Parameter model: whose embeddings are told.
    /// - Returns: `nil` when there is no such collection.
    public func changeMembers(
        of collection: UUID, adding: [UUID], removing: [UUID], model: ModelID, at time: Date
    ) async throws(PostgresError) -> ChangedMembers? {
        try await pool.transaction { connection throws(PostgresError) in
            guard try connection.lockCollection(collection) else { return nil }
            let removed = try connection.query(
                """
                DELETE FROM collection_members WHERE collection_id = $1 AND person_id = ANY($2) RETURNING person_id
                """, collection, removing
            ).map { row throws(PostgresError) in try row.decode(0, as: UUID.self) }
            let added = try connection.addMembers(adding, to: collection)
            if !removed.isEmpty || !added.isEmpty {
                try connection.execute("UPDATE collections SET modified_at = $2 WHERE id = $1", collection, time)
            }
            return ChangedMembers(
                added: added, removed: removed, addedFaces: try connection.faces(of: added, madeBy: model),
                removedFaces: try connection.query("SELECT id FROM faces WHERE person_id = ANY($1)", removed).map {
                    row throws(PostgresError) in try row.decode(0, as: UUID.self)
                })
        }
    }
}

extension PostgresConnection {
    /// Keeps a collection from being deleted until the transaction ends.
    ///
    /// - Returns: whether there is one.
    func lockCollection(_ id: UUID) throws(PostgresError) -> Bool {
        try query("SELECT true FROM collections WHERE id = $1 FOR NO KEY UPDATE", id).count > 0
    }

    /// - Returns: who was not in it before.
    func addMembers(_ persons: [UUID], to collection: UUID) throws(PostgresError) -> [UUID] {
        guard !persons.isEmpty else { return [] }
        return try query(
            """
            INSERT INTO collection_members (collection_id, person_id)
            SELECT $1, p.id FROM persons AS p WHERE p.id = ANY($2) AND p.gallery_id = $3 ORDER BY p.id
            ON CONFLICT DO NOTHING RETURNING person_id
            """, collection, persons, UUID.sharedGallery
        ).map { row throws(PostgresError) in try row.decode(0) }
    }

    fileprivate func faces(of persons: [UUID], madeBy model: ModelID) throws(PostgresError) -> [MovedFace] {
        guard !persons.isEmpty else { return [] }
        return try query(
            """
            SELECT id, person_id, embedding FROM faces WHERE person_id = ANY($1) AND model_id = $2 ORDER BY number
            """, persons, model.number
        ).map { row throws(PostgresError) in
            MovedFace(
                id: try row.decode(0), person: try row.decode(1),
                embedding: Embedding(littleEndianBytes: try row.decode(2)))
        }
    }
}
