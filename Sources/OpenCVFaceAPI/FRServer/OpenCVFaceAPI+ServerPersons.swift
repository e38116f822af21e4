import FaceModel
import Foundation
import HTTPSupport
import Hummingbird
import Recognition

extension OpenCVFaceAPI {
    /// A face counts as living from this score.
    private static let liveScore = 0.5
    /// How many persons one request may bring; the body's limit comes first as a rule.
    private static let mostPersons = 10_000

    func putPerson(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let name = fields.collectionName()
        let rules = fields.enrolmentRules()
        let person = fields.enrolment()
        try fields.finish()
        let member = try await enrol(person, in: service.namedCollection(name), rules, for: call)
        return try await response(to: member)
    }

    /// Every person by itself: the answer lists those that could not be enrolled, and the others are.
    func putPersons(_ call: Call) async throws -> Response {
        var fields = try await call.fields()
        let name = fields.collectionName()
        let rules = fields.enrolmentRules()
        let persons = fields.enrolments(most: Self.mostPersons)
        try fields.finish()
        let collection = try await service.namedCollection(name)
        var failures: [Refusal] = []
        for (index, item) in persons.enumerated() {
            do {
                let person = try item.person.get()
                _ = try await enrol(person, in: collection, rules, for: call)
            } catch {
                guard var refusal = Self.refusal(of: error) else { throw error }
                refusal.metadata = [("person_id", item.id), ("index", "\(index)")] + refusal.metadata
                failures.append(refusal)
            }
        }
        return .array { array in
            for failure in failures {
                array.object { object in
                    failure.writeMembers(into: &object)
                    failure.writeMetadata(into: &object)
                }
            }
        }
    }

    private static func refusal(of error: any Error) -> Refusal? {
        if let input = error as? InvalidInput { return ServerFailureShape.refusal(of: input) }
        return ServerFailureShape().refusal(for: error)
    }

    private func enrol(
        _ person: EnrolmentFields, in collection: NamedCollection, _ rules: EnrolmentRules, for call: Call
    ) async throws -> NamedCollectionMember {
        let picture = try person.picture.serverDecoded()
        if rules.checksLiveness { try await requireLiveFace(in: picture, for: call) }
        let scale = scale
        return try await service.enrol(
            NamedEnrolment(
                id: person.id, name: person.name, picture: picture, storage: rules.storage,
                duplicateCosine: rules.duplicateScore.map { scale.cosine(score: $0) }, metadata: person.metadata),
            in: collection)
    }

    /// Refuses a picture that does not show a living face.
    func requireLiveFace(in picture: [UInt8], for call: Call) async throws {
        let live = try await liveFace(in: picture, by: .server, for: call)
        guard live.score >= Self.liveScore else { throw LivenessCode.notLive.refusal }
    }
}

/// A person of many, or what is wrong with the description.
struct EnrolmentItem: Sendable {
    let id: String
    let person: Result<EnrolmentFields, InvalidInput>
}

extension FieldReader {
    /// The persons: a list, or an object with the ids as keys; the documentation spells the member both ways.
    fileprivate mutating func enrolments(most: Int) -> [EnrolmentItem] {
        let key = object["persons"] == nil && object["Persons"] != nil ? "Persons" : "persons"
        if let people = object[key]?.object {
            return people.keys.map { id in
                guard let person = people[id]?.object else {
                    return EnrolmentItem(
                        id: id, person: .failure(InvalidInput(FieldFault(at: [.key(key), .key(id)], .object))))
                }
                return EnrolmentItem(id, FieldReader(person, at: [.key(key), .key(id)]))
            }
        }
        require(key)
        return (list(key, 0...most) ?? []).enumerated().map { index, value in
            guard let person = value?.object else {
                return EnrolmentItem(
                    id: "", person: .failure(InvalidInput(FieldFault(at: [.key(key), .index(index)], .object))))
            }
            return EnrolmentItem(nil, FieldReader(person, at: [.key(key), .index(index)]))
        }
    }
}

extension EnrolmentItem {
    fileprivate init(_ id: String?, _ fields: FieldReader) {
        var fields = fields
        let person = fields.enrolment(id: id)
        let faults = fields.faults
        self.id = person.id
        self.person = faults.isEmpty ? .success(person) : .failure(InvalidInput(faults))
    }
}
