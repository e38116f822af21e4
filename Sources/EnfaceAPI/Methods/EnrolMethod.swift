import FaceModel
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Recognition

extension Caller {
    /// `person/create`: what a picture shows becomes persons of a list.
    func createPersons() async throws -> Response {
        let order = try CreationOrder(call, api.configuration, dimension: api.lists.dimension)
        if !order.isEmbeddingOnly { try requireEditor() }
        let picture: [UInt8]? = order.embedding == nil || !call.files.isEmpty ? try call.image() : nil
        guard let list = try await list(order.list) else {
            throw EnfaceFailure.missing(.badRequest, "list with this id does not exists")
        }
        var seen = SeenPicture(message: Self.processed(1))
        if let embedding = order.embedding {
            seen.faces = [SeenPicture.Face(probe: ProbeFace(embedding: embedding), thumbnail: nil)]
            seen.total = 1
        } else if let picture {
            seen = try await look(
                at: picture, features: order.features, wantsThumbnails: order.wanted.needsThumbnail,
                multi: order.multi && order.replacedPerson == nil)
        }
        if order.isEmbeddingOnly { return embeddingsAnswer(seen) }
        guard !seen.faces.isEmpty else { return creationAnswer(seen, [], order) }
        let rule = api.rule(order.conditions, replacesKnown: order.replacesFound)
        let enrolment = order.enrolment(picture: picture, isGroupPicture: seen.total > 1)
        let outcomes: [ListOutcome]
        do throws(RecognitionError) {
            outcomes = try await api.lists.enrol(
                seen.faces.map(\.probe), into: list.gallery, by: rule, as: enrolment)
        } catch {
            if error == .unknownPerson, let id = order.replacedPerson { throw EnfaceFailure.unknownPerson(id) }
            throw EnfaceFailure(error)
        }
        return creationAnswer(seen, try await told(outcomes, of: seen, in: list), order)
    }

    /// One face's outcome, ready to be told.
    struct ToldOutcome: Sendable {
        let face: SeenPicture.Face
        let stored: PersonRecord?
        let isNew: Bool
        let matches: [ToldMatch]
    }

    private func told(
        _ outcomes: [ListOutcome], of seen: SeenPicture, in list: PersonList
    ) async throws(EnfaceFailure) -> [ToldOutcome] {
        var told: [ToldOutcome] = []
        for (face, outcome) in zip(seen.faces, outcomes) {
            told.append(
                ToldOutcome(
                    face: face,
                    stored: try outcome.stored.map { person throws(EnfaceFailure) in
                        try record(person, in: list.id)
                    },
                    isNew: outcome.isNew, matches: try await self.matches(outcome.matches, in: [list])))
        }
        return told
    }

    private func creationAnswer(_ seen: SeenPicture, _ outcomes: [ToldOutcome], _ order: CreationOrder) -> Response {
        let new = outcomes.filter { $0.stored != nil && $0.isNew }
        let updated = outcomes.filter { $0.stored != nil && !$0.isNew }
        return .object(new.isEmpty ? .ok : .created) { object in
            object.member("status", "ok")
            object.member("message", seen.message)
            object.member("faces_total", seen.total)
            if seen.total > 0 {
                object.member("persons_total", new.count + updated.count)
                if api.configuration.tellsPersonsNewAsArray, call.profile == .enface {
                    object.key("persons_new")
                    object.records(of: new, order.wanted, call.profile)
                    object.key("persons_updated")
                    object.records(of: updated, order.wanted, call.profile)
                } else {
                    object.member("persons_new", new.count)
                    object.key("persons")
                    object.records(of: outcomes.filter { $0.stored != nil }, order.wanted, call.profile)
                }
                object.key("matches")
                object.array { array in
                    for outcome in outcomes where !outcome.matches.isEmpty {
                        array.matches(outcome.matches, call.profile)
                    }
                }
            }
            object.member("spent", call.spent)
        }
    }

    private func embeddingsAnswer(_ seen: SeenPicture) -> Response {
        .ok(message: seen.message) { object in
            object.member("faces_total", seen.total)
            object.key("embeddings")
            object.array { array in
                for face in seen.faces { array.value(face.probe.embedding.commaText) }
            }
            object.member("spent", call.spent)
        }
    }
}

extension JSONWriter {
    /// Writes an array per face with the record of the person that it became.
    fileprivate mutating func records(
        of outcomes: [Caller.ToldOutcome], _ wanted: WantedExtras, _ profile: Profile
    ) {
        array { array in
            for outcome in outcomes {
                guard let stored = outcome.stored else { continue }
                array.array { array in
                    array.object { row in
                        row.record(stored, profile)
                        row.extras(outcome.face, wanted)
                    }
                }
            }
        }
    }
}

/// What `person/create` asks for.
private struct CreationOrder {
    let list: UUID
    let group: UUID
    let source: UUID
    let replacedPerson: UUID?
    let fields: [String]?
    let multi: Bool
    let features: [Feature]?
    let conditions: EnrolmentConditions
    let dropsImage: Bool
    let wanted: WantedExtras
    let replacesFound: Bool
    let isEmbeddingOnly: Bool
    let embedding: Embedding?
    let yaw: Double?
    let pitch: Double?

    init(_ call: EnfaceCall, _ configuration: EnfaceConfiguration, dimension: Int) throws(EnfaceFailure) {
        list = try call["list_id"]?.id() ?? .sharedGallery
        group = try call["group_id"]?.id() ?? .sharedGallery
        source = try call["source_id"]?.id() ?? .sharedGallery
        replacedPerson = try call["replace_person_id"]?.id()
        let fields: [String]? = if let field = call["fields"] { try field.texts() } else { nil }
        guard fields?.allSatisfy({ $0.utf16.count <= 65_535 && !$0.utf8.contains(0) }) ?? true else {
            throw .invalidSchema
        }
        self.fields = fields
        multi = try call.flag("multi")
        let asked = call["feature_check"]
        features = if let asked { try Feature.list(asked, in: call.profile) } else { nil }
        var conditions = try EnrolmentConditions(call)
        conditions.threshold = conditions.threshold ?? .platform
        conditions.minimumSide = conditions.minimumSide ?? 112
        conditions.maximumYaw = conditions.maximumYaw ?? 30
        self.conditions = conditions
        dropsImage = try call.flag("drop_image")
        wanted = try WantedExtras(call)
        let isNeurovision = call.profile == .neurovision
        replacesFound =
            if isNeurovision, let field = call["replace_on_found"] { try field.bool() } else {
                call.profile.replacesOnFound
            }
        let wantsOnly = try call.flag("embedding_only")
        isEmbeddingOnly = isNeurovision && wantsOnly
        let given: [Embedding]? =
            if isNeurovision, let field = call["embedding"] { try field.embeddings(dimension: dimension) } else { nil }
        guard given?.count ?? 1 == 1 else { throw .invalidSchema }
        embedding = given?.first
        yaw = isNeurovision ? try call["yaw"]?.angle() : nil
        pitch = isNeurovision ? try call["pitch"]?.angle() : nil
    }

    func enrolment(picture: [UInt8]?, isGroupPicture: Bool) -> ListEnrolment {
        var enrolment = ListEnrolment(
            picture: dropsImage ? nil : picture, isGroupPicture: isGroupPicture, group: group, source: source,
            fields: fields, replacedPerson: replacedPerson, yaw: yaw, pitch: pitch)
        enrolment.keepsAge = features?.contains(.age) ?? false
        enrolment.keepsGender = features?.contains(.gender) ?? false
        return enrolment
    }
}

extension EnfaceAPI {
    /// A rule for the use cases.
    func rule(_ conditions: EnrolmentConditions, replacesKnown: Bool) -> EnrolmentRule {
        EnrolmentRule(
            knownCosine: matchCosine(conditions.threshold), enrols: conditions.threshold != .never,
            replacesKnown: replacesKnown, minimumSide: conditions.minimumSide ?? 112,
            maximumYaw: conditions.maximumYaw ?? 30, maximumPitch: conditions.maximumPitch)
    }

    /// From which cosine on a face is a known person; without a number the platform's own.
    func matchCosine(_ threshold: Threshold?) -> Double {
        if case .score(let score) = threshold { return scores.cosine(score: score) }
        return scores.cosine(score: configuration.platformScore)
    }
}
