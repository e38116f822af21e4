import FaceModel
import FaceStore
import Foundation
import Postgres

extension PostgresConnection {
    /// Stores persons with random faces and tiny photos.
    func fillWithStrangers(_ count: Int, embeddings: RandomEmbeddings) throws(PostgresError) {
        let people = (0..<count).map { (person: UUID(), image: UUID(), number: $0) }
        let start = Date(timeIntervalSince1970: 1_700_000_000)
        let model = try query("SELECT min(id) FROM models").scalar(Int32.self)
        try copyIn("COPY images (id, bytes, media_type, created_at) FROM STDIN (FORMAT binary)") {
            rows throws(PostgresError) in
            for one in people { try rows.row(one.image, [0xFF, 0xD8] as [UInt8], "image/jpeg", start) }
        }
        try copyIn(
            "COPY persons (id, gallery_id, surname, created_at, image_id) FROM STDIN (FORMAT binary)"
        ) { rows throws(PostgresError) in
            for one in people {
                try rows.row(
                    one.person, UUID.sharedGallery, "Stranger \(one.number)",
                    start.addingTimeInterval(Double(one.number)),
                    one.image)
            }
        }
        var embeddings = embeddings
        let vectors = people.map { _ in embeddings.next().littleEndianBytes }
        try copyIn(
            "COPY faces (id, person_id, gallery_id, embedding, model_id, quality) FROM STDIN (FORMAT binary)"
        ) { rows throws(PostgresError) in
            for (one, vector) in zip(people, vectors) {
                try rows.row(one.image, one.person, UUID.sharedGallery, vector, model, Float(0.5))
            }
        }
    }
}
