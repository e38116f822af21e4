import FaceModel
import Foundation
import Recognition

extension DeferredFaceService: ListService {
    var dimension: Int { (try? ready())?.dimension ?? 0 }

    var falseMatchCosines: [Double] { (try? ready())?.falseMatchCosines ?? [] }

    func examine(
        _ picture: [UInt8], wantsAttributes: Bool, wantsThumbnails: Bool
    ) async throws(RecognitionError) -> Examination {
        try await ready().examine(picture, wantsAttributes: wantsAttributes, wantsThumbnails: wantsThumbnails)
    }

    func matches(
        of faces: [ProbeFace], in galleries: [UUID], limit: Int
    ) async throws(RecognitionError) -> [[FaceMatch]] {
        try await ready().matches(of: faces, in: galleries, limit: limit)
    }

    func thumbnails(of faces: [UUID]) async throws(RecognitionError) -> [UUID: [UInt8]] {
        try await ready().thumbnails(of: faces)
    }

    func newID() throws(RecognitionError) -> UUID { try ready().newID() }

    func currentTime() throws(RecognitionError) -> Date { try ready().currentTime() }

    func groups(of account: UUID) async throws(RecognitionError) -> [SourceGroup] {
        try await ready().groups(of: account)
    }

    func add(_ group: SourceGroup, to account: UUID) async throws(RecognitionError) {
        try await ready().add(group, to: account)
    }

    func update(_ group: SourceGroup, of account: UUID) async throws(RecognitionError) -> Bool {
        try await ready().update(group, of: account)
    }

    func removeGroups(_ ids: [UUID], of account: UUID) async throws(RecognitionError) -> Int {
        try await ready().removeGroups(ids, of: account)
    }

    func sources(of account: UUID) async throws(RecognitionError) -> [Source] {
        try await ready().sources(of: account)
    }

    func add(_ source: Source, to account: UUID) async throws(RecognitionError) -> Bool {
        try await ready().add(source, to: account)
    }

    func update(_ source: Source, of account: UUID) async throws(RecognitionError) -> Bool {
        try await ready().update(source, of: account)
    }

    func removeSources(_ ids: [UUID], of account: UUID) async throws(RecognitionError) -> Int {
        try await ready().removeSources(ids, of: account)
    }

    func lists(of account: UUID) async throws(RecognitionError) -> [PersonList] { try await ready().lists(of: account) }

    func addList(_ id: UUID, named name: String, to account: UUID) async throws(RecognitionError) {
        try await ready().addList(id, named: name, to: account)
    }

    func renameList(_ id: UUID, of account: UUID, to name: String) async throws(RecognitionError) -> Bool {
        try await ready().renameList(id, of: account, to: name)
    }

    func remove(_ list: PersonList, of account: UUID) async throws(RecognitionError) {
        try await ready().remove(list, of: account)
    }

    func personCount(in gallery: UUID) async throws(RecognitionError) -> Int {
        try await ready().personCount(in: gallery)
    }

    func listedPersons(
        of gallery: UUID, after place: ListPlace?, limit: Int
    ) async throws(RecognitionError) -> [(person: ListedPerson, place: ListPlace)] {
        try await ready().listedPersons(of: gallery, after: place, limit: limit)
    }

    func listedPersons(_ ids: [UUID]) async throws(RecognitionError) -> [UUID: ListedPerson] {
        try await ready().listedPersons(ids)
    }

    func embeddings(of persons: [UUID]) async throws(RecognitionError) -> [UUID: Embedding] {
        try await ready().embeddings(of: persons)
    }

    func setFields(_ fields: [String], of person: UUID, in gallery: UUID) async throws(RecognitionError) {
        try await ready().setFields(fields, of: person, in: gallery)
    }

    func dropPictures(of person: UUID, in gallery: UUID) async throws(RecognitionError) {
        try await ready().dropPictures(of: person, in: gallery)
    }

    func move(_ person: UUID, from gallery: UUID, to target: UUID) async throws(RecognitionError) {
        try await ready().move(person, from: gallery, to: target)
    }

    func removePersons(_ ids: [UUID], from gallery: UUID) async throws(RecognitionError) -> [UUID] {
        try await ready().removePersons(ids, from: gallery)
    }

    func enrol(
        _ faces: [ProbeFace], into gallery: UUID, by rule: EnrolmentRule, as enrolment: ListEnrolment
    ) async throws(RecognitionError) -> [ListOutcome] {
        try await ready().enrol(faces, into: gallery, by: rule, as: enrolment)
    }

    func fuse(
        _ embeddings: [Embedding], into person: UUID, of gallery: UUID, keepsOld: Bool
    ) async throws(RecognitionError) -> Embedding {
        try await ready().fuse(embeddings, into: person, of: gallery, keepsOld: keepsOld)
    }

    func record(_ action: ListAction, picture: [UInt8]?) async throws(RecognitionError) {
        try await ready().record(action, picture: picture)
    }

    func picture(_ id: UUID) async throws(RecognitionError) -> StoredImage? { try await ready().picture(id) }
}
