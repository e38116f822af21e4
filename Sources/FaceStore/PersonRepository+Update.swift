public import FaceModel
public import Foundation
public import Postgres

/// New values for some columns of a person; `nil` leaves a column as it is.
public struct PersonUpdate: Sendable {
    /// Given name.
    public var name: String?
    /// Family name.
    public var surname: String?
    /// Middle name.
    public var patronymic: String?
    /// Department.
    public var department: String?
    /// Comment.
    public var comment: String?
    /// One JSON object whose keys are laid over the stored ones.
    public var attributes: String?

    /// An update; whatever is not given stays.
    public init(
        name: String? = nil, surname: String? = nil, patronymic: String? = nil, department: String? = nil,
        comment: String? = nil, attributes: String? = nil
    ) {
        self.name = name
        self.surname = surname
        self.patronymic = patronymic
        self.department = department
        self.comment = comment
        self.attributes = attributes
    }
}

extension PersonRepository {
    /// Changes columns of a person; photo, time, place in the list and counters stay.
    ///
    /// - Returns: the person as stored, or `nil` when no person of the gallery has the key.
    public func update(
        _ key: PersonKey, in gallery: UUID, with changes: PersonUpdate
    ) async throws(PostgresError) -> Person? {
        let keys = SplitKeys([key])
        return try await pool.transaction { connection throws(PostgresError) in
            try connection.query(
                """
                UPDATE persons AS p SET
                    name = coalesce($4, name), surname = coalesce($5, surname), patronymic = coalesce($6, patronymic),
                    department = coalesce($7, department), comment = coalesce($8, comment),
                    attributes = attributes || coalesce($9, '{}')
                WHERE \(PersonRow.matchesKeys)
                RETURNING \(PersonRow.columns)
                """,
                gallery, keys.ids, keys.externalIDs, changes.name, changes.surname, changes.patronymic,
                changes.department, changes.comment, changes.attributes.map(JSONText.init)
            ).first(PersonRow.read)
        }
    }
}
