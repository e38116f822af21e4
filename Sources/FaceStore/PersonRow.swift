import FaceModel
import Postgres

/// How a person is read from a row.
enum PersonRow {
    /// The columns in the order of ``read(_:)``, of a table or an alias `p`.
    static let columns = """
        p.id, p.external_id, p.gallery_id, p.name, p.surname, p.patronymic, p.department, p.comment, p.auto_created, \
        p.created_at, p.image_id, p.platform_user_id, p.recognition_count, p.last_recognition_at
        """

    /// The condition for one or several keys: `$1` the gallery, `$2` UUIDs, `$3` external ids.
    ///
    /// The ids are gathered first, so that the primary key finds the rows; with OR every row would be looked at.
    static let matchesKeys = """
        p.gallery_id = $1 AND p.id = ANY(ARRAY(
            SELECT unnest($2)
            UNION ALL
            SELECT e.id FROM unnest($3) AS wanted (text) JOIN persons AS e
            ON e.gallery_id = $1 AND md5(e.external_id) = md5(wanted.text) AND e.external_id = wanted.text))
        """

    static func read(_ row: borrowing PostgresRow) throws(PostgresError) -> Person {
        try read(row, from: 0)
    }

    /// Reads a person from the columns that begin at `first`.
    static func read(_ row: borrowing PostgresRow, from first: Int) throws(PostgresError) -> Person {
        Person(
            id: try row.decode(first), externalID: try row.decode(first + 1), galleryID: try row.decode(first + 2),
            texts: PersonTexts(
                name: try row.decode(first + 3), surname: try row.decode(first + 4),
                patronymic: try row.decode(first + 5),
                department: try row.decode(first + 6), comment: try row.decode(first + 7)),
            autoCreated: try row.decode(first + 8), createdAt: try row.decode(first + 9),
            imageID: try row.decode(first + 10),
            platformUserID: try row.decode(first + 11), recognitionCount: try row.decode(first + 12),
            lastRecognitionAt: try row.decode(first + 13))
    }
}
