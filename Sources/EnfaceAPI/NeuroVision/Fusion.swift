import FaceModel
import Foundation
import HTTPSupport
import Hummingbird
import Recognition

extension Caller {
    /// `person/fusion`: vectors and pictures of one person become one embedding, the mean of their unit vectors.
    func fuse() async throws -> Response {
        let listID = try call["list_id"]?.id() ?? .sharedGallery
        let improved = try call["person_id"]?.id()
        let overwritten = try call["replace_person_id"]?.id()
        let fields: [String]? = if let field = call["fields"] { try self.fields(field) } else { nil }
        let threshold = try EnrolmentConditions(call).threshold
        let images = call.files.isEmpty ? [] : call.files.map { Array($0.bytes.readableBytesView) }
        guard call.files.allSatisfy({ ["image", "image[]"].contains($0.name) }) else {
            throw EnfaceFailure.unexpectedField
        }
        var embeddings: [Embedding] = []
        if let field = call["embeddings"] { embeddings = try field.embeddings(dimension: api.lists.dimension) }
        guard !embeddings.isEmpty || !images.isEmpty else { throw EnfaceFailure.invalidSchema }
        guard let list = try await list(listID) else {
            throw EnfaceFailure.missing(.notFound, "list id \(listID.lowercasedText) does not found")
        }
        for image in images {
            let seen = try await look(at: image, features: nil, wantsThumbnails: false, multi: false)
            guard let face = seen.faces.first else { throw EnfaceFailure(.badRequest, seen.message) }
            embeddings.append(face.probe.embedding)
        }
        guard let id = overwritten ?? improved else {
            return try await addFused(embeddings, picture: images.first, fields: fields, to: list)
        }
        if let threshold, overwritten == nil {
            embeddings = try await alike(embeddings, to: id, of: list, api.matchCosine(threshold))
        }
        let wanted = embeddings
        let fused: Embedding
        do throws(RecognitionError) {
            fused = try await api.lists.fuse(wanted, into: id, of: list.gallery, keepsOld: overwritten == nil)
            if let fields { try await api.lists.setFields(fields, of: id, in: list.gallery) }
        } catch {
            throw error == .unknownPerson ? EnfaceFailure.unknownPerson(id) : EnfaceFailure(error)
        }
        return fusionAnswer(id, fused)
    }

    private func addFused(
        _ embeddings: [Embedding], picture: [UInt8]?, fields: [String]?, to list: PersonList
    ) async throws -> Response {
        guard let fused = Embedding(weightedMeanOf: embeddings.map { ($0, 1) }) else {
            throw EnfaceFailure.invalidSchema
        }
        // Nobody is known at a cosine that no pair has, so the face becomes a person whoever it is like.
        let rule = EnrolmentRule(
            knownCosine: .infinity, enrols: true, replacesKnown: false, minimumSide: 0, maximumYaw: .infinity)
        let enrolment = ListEnrolment(
            picture: nil, group: .sharedGallery, source: .sharedGallery, fields: fields)
        let outcome = try await calling { () throws(RecognitionError) in
            try await api.lists.enrol([ProbeFace(embedding: fused)], into: list.gallery, by: rule, as: enrolment)
        }
        guard let person = outcome.first?.stored else { throw EnfaceFailure.invalidSchema }
        return fusionAnswer(person.person.id, fused)
    }

    /// Only those vectors that are like the person; with none left nothing can be merged.
    private func alike(
        _ embeddings: [Embedding], to id: UUID, of list: PersonList, _ cosine: Double
    ) async throws(EnfaceFailure) -> [Embedding] {
        _ = try await person(id, in: list)
        let stored = try await calling { () throws(RecognitionError) in
            try await api.lists.embeddings(of: [id])[id]
        }
        guard let stored else { throw .unknownPerson(id) }
        let alike = embeddings.filter { $0.dimension == stored.dimension && $0.cosine(to: stored) >= cosine }
        guard !alike.isEmpty else { throw EnfaceFailure(.badRequest, "vectors are not like the person") }
        return alike
    }

    private func fusionAnswer(_ id: UUID, _ embedding: Embedding) -> Response {
        .ok { object in
            object.id("person_id", id)
            object.member("embedding", embedding.commaText)
        }
    }
}
