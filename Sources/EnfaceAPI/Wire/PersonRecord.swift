import FaceModel
import Foundation
import HTTPSupport

/// A person as answers tell it, with what the request wants to know beyond it.
struct PersonRecord: Sendable {
    let person: ListedPerson
    /// What the account calls the person's list.
    let list: UUID
    /// The address of the kept picture.
    let pictureURL: String?
    var thumbnail: [UInt8]?
    var embedding: Embedding?
}

extension Caller {
    /// A person of a list, ready to be told.
    func record(
        _ person: ListedPerson, in list: UUID, thumbnail: [UInt8]? = nil, embedding: Embedding? = nil
    ) throws(EnfaceFailure) -> PersonRecord {
        var link: String?
        if person.hasImage {
            do {
                link = try api.link(to: person.person.imageID, from: call.linkBase)
            } catch {
                throw .notReady
            }
        }
        return PersonRecord(person: person, list: list, pictureURL: link, thumbnail: thumbnail, embedding: embedding)
    }
}

extension JSONWriter {
    /// Writes the keys of a person record.
    mutating func record(_ record: PersonRecord, _ profile: Profile) {
        let (person, details) = (record.person.person, record.person.details)
        id("person_id", person.id)
        id("list_id", record.list)
        time("created", person.createdAt)
        if let updatedAt = details.updatedAt { time("updated", updatedAt) }
        id("group_id", details.group)
        id("source_id", details.source)
        member("status", details.isReplaced ? "replaced" : "init")
        key("features")
        features(of: record.person, profile)
        key("fields")
        array { array in
            for field in details.fields { array.value(field) }
        }
        if let pose = record.person.pose { self.pose(pose) } else { member("yaw", 0) }
        if let url = record.pictureURL { member("image_url", url) }
        if let thumbnail = record.thumbnail { member("thumb", Data(thumbnail).base64EncodedString()) }
        if let embedding = record.embedding { member("embedding", embedding.commaText) }
    }

    private mutating func features(of person: ListedPerson, _ profile: Profile) {
        if profile.tellsFeaturesAsObject {
            featureObject(Estimates(person.details), pose: person.pose, landmarks: person.landmarks)
        } else {
            featureList(Estimates(person.details), spent: 0)
        }
    }
}
