import FaceModel
import Foundation
import HTTPSupport
import Hummingbird
import Recognition

/// Somebody who is like a probe.
struct ScoredPerson: Sendable {
    let person: ProfiledPerson
    let portraits: [Portrait]
    let score: Double
}

extension OpenCVFaceAPI {
    func search(_ call: Call, isOfCrops: Bool) async throws -> Response {
        var fields = try await call.fields()
        let images = fields.requiredPictures("images", Self.pictureCount)
        let options = fields.searchOptions(mostResults: 500, usualMode: .fast)
        try fields.finish()
        let pictures = try images.decoded().map { isOfCrops ? PortraitPicture.crop($0) : .photo($0) }
        let gallery = try await gallery(of: options)
        let probe = try await service.probe(from: pictures, isAccurate: options.isAccurate)
        let found = try await persons(like: [probe], in: gallery, options)[0]
        return .array { $0.scoredPersons(found) }
    }

    func detect(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let image = fields.picture("image")
        var options: SearchOptions?
        if var search = fields.nested("search") {
            options = search.searchOptions(mostResults: 100, usualMode: .fast)
            fields.take(search)
        }
        try fields.finish()
        let picture = try image.decoded()
        var gallery = UUID.sharedGallery
        if let options { gallery = try await self.gallery(of: options) }
        let examined = try await service.examine(picture, wantsAttributes: false, wantsThumbnails: true)
        let crops = service.sealed(examined.thumbnails)
        // Best detection first; a face without a crop could not be used any further.
        let order = crops.indices.filter { crops[$0] != nil && examined.faces[$0].face != nil }.sorted {
            (examined.faces[$0].face?.detectionScore ?? 0) > (examined.faces[$1].face?.detectionScore ?? 0)
        }
        var persons: [[ScoredPerson]] = order.map { _ in [] }
        if let options {
            var probes = order.map { examined.faces[$0] }
            if options.isAccurate { probes = try await service.refined(probes, in: picture) }
            persons = try await self.persons(like: probes, in: gallery, options)
        }
        return .array { array in
            for (place, persons) in zip(order, persons) {
                guard let face = examined.faces[place].face else { continue }
                array.object { object in
                    object.member(box: face.box, width: examined.width, height: examined.height)
                    object.cloudLandmarks(face.landmarks)
                    object.member(score: Double(face.detectionScore), as: "detection_score")
                    object.member(file: crops[place] ?? [], as: "thumbnail")
                    object.key("persons")
                    object.array { $0.scoredPersons(persons) }
                }
            }
        }
    }

    func verify(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let id = fields.requiredText("id", 1...100)
        // The contract knows no upper end; this one keeps a request from filling the queue of pictures.
        let images = fields.requiredPictures("images", 1...100)
        let minimum = fields.score("min_score") ?? SimilarityScore.usualCloudMinimum
        let mode = fields.choice("verification_mode", of: SearchMode.self) ?? .accurate
        try fields.finish()
        let pictures = try images.decoded().map(PortraitPicture.photo)
        let person = try await service.profiledPerson(id)
        let probe = try await service.probe(from: pictures, isAccurate: mode == .accurate)
        let score = scale.score(cosine: try await service.cosine(of: probe, to: person.id))
        let portraits = try await service.portraits(of: [person])[person.id] ?? []
        return .object { object in
            object.key("match")
            if score >= minimum {
                object.cloudPerson(person, portraits: portraits, score: score)
            } else {
                object.null()
            }
        }
    }

    func compare(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let gallery = fields.requiredPictures("gallery", Self.pictureCount)
        let probe = fields.requiredPictures("probe", Self.pictureCount)
        let mode = fields.choice("search_mode", of: SearchMode.self) ?? .fast
        try fields.finish()
        let known = try gallery.decoded().map(PortraitPicture.photo)
        let sought = try probe.decoded().map(PortraitPicture.photo)
        let score = try await similarity(of: sought, to: known, isAccurate: mode == .accurate)
        return .object { $0.member(score: score, as: "score") }
    }

    func countHeads(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let image = fields.picture("image")
        let confidence = fields.integer("confidence", 1...99) ?? 75
        try fields.finish()
        let examined = try await service.examine(
            try image.decoded(), wantsAttributes: false, wantsThumbnails: false)
        // Heads that turn away show no face and are not counted.
        let count = examined.faces.count { ($0.face?.detectionScore ?? 0) * 100 >= Float(confidence) }
        return .object { $0.member("count", count) }
    }

    /// The score of two sets of pictures, each of one person.
    ///
    /// Only the probe is embedded with more care, as in a search, where the gallery's vectors are what they are:
    /// measured, care on both sides tells people apart less well than care on one.
    func similarity(
        of probe: [PortraitPicture], to gallery: [PortraitPicture], isAccurate: Bool
    ) async throws -> Double {
        let one = try await service.probe(from: probe, isAccurate: isAccurate)
        let other = try await service.probe(from: gallery, isAccurate: false)
        return scale.score(cosine: one.embedding.cosine(to: other.embedding))
    }

    /// Where a search looks.
    func gallery(of options: SearchOptions) async throws -> UUID {
        guard let text = options.collection else { return .sharedGallery }
        return try await collection(Call.collectionID(text)).id
    }

    /// The persons that reach the score that is asked for, best first, for each probe.
    func persons(
        like probes: [ProbeFace], in gallery: UUID, _ options: SearchOptions
    ) async throws -> [[ScoredPerson]] {
        let scale = scale
        let matches = try await service.matches(of: probes, in: [gallery], limit: options.limit).map { matches in
            matches.map { (person: $0.person, score: scale.score(cosine: $0.cosine)) }
                .filter { $0.score >= options.minimum }
        }
        let ids = Set(matches.flatMap { $0.map(\.person) })
        let persons = try await service.profiledPersons(Array(ids))
        let portraits = try await service.portraits(of: persons)
        let known = Dictionary(uniqueKeysWithValues: persons.map { ($0.id, $0) })
        // Who was deleted since the search is left out.
        return matches.map { matches in
            matches.compactMap { match in
                known[match.person].map {
                    ScoredPerson(person: $0, portraits: portraits[match.person] ?? [], score: match.score)
                }
            }
        }
    }
}

extension JSONWriter {
    /// Writes search results as elements of an array.
    mutating func scoredPersons(_ persons: [ScoredPerson]) {
        for found in persons { cloudPerson(found.person, portraits: found.portraits, score: found.score) }
    }
}
