import FaceModel
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Recognition

extension Caller {
    /// `action`: who is in a picture, by the settings of a group and a source; strangers may be enrolled.
    func action() async throws -> Response {
        let picture = try call.image()
        let order = try ActionOrder(call)
        let settings = try await settings(of: order)
        if settings.conditions.threshold != .never, !settings.added.isEmpty { try requireEditor() }
        let seen = try await look(
            at: picture, features: settings.features, wantsThumbnails: order.wanted.needsThumbnail, multi: order.multi)
        guard !seen.faces.isEmpty else { return answer(seen, [], action: nil, order) }
        let found = try await search(seen, settings, results: order.results)
        let added = try await enrol(seen, picture, settings, order)
        let action = ListAction(
            id: try newID(), account: account.id, group: order.group, source: order.source,
            faces: seen.faces.count, knownFaces: found.count { !$0.isEmpty },
            addedPersons: added.reduce(0) { $0 + $1.count }, createdAt: try now())
        try await calling { () throws(RecognitionError) in
            try await api.lists.record(action, picture: order.dropsImage ? nil : picture)
        }
        let results = seen.faces.indices.map { index in
            ActionResult(face: seen.faces[index], matches: found[index], added: added[index])
        }
        return answer(seen, results, action: action.id, order)
    }

    /// What applies to one action: the request over the source over the group.
    private struct ActionSettings {
        let searched: [PersonList]
        let added: [PersonList]
        let conditions: EnrolmentConditions
        let features: [Feature]?
    }

    private struct ActionResult {
        let face: SeenPicture.Face
        let matches: [ToldMatch]
        let added: [PersonRecord]
    }

    private func settings(of order: ActionOrder) async throws(EnfaceFailure) -> ActionSettings {
        guard let group = try await group(order.group) else {
            throw .missing(.notFound, "source group with id '\(order.group.lowercasedText)' does not exists")
        }
        let source = try await allSources().first { $0.id == order.source }
        // The default source serves every group; any other belongs to one.
        guard let source, source.id == .sharedGallery || order.groupIsDefault || source.group == group.id else {
            throw .missing(.notFound, "source with id '\(order.source.lowercasedText)' does not exists")
        }
        let lists = try await allLists()
        func list(_ id: UUID) throws(EnfaceFailure) -> PersonList {
            guard let list = lists.first(where: { $0.id == id }) else {
                throw .missing(.notFound, "person list with id '\(id.lowercasedText)' does not exists")
            }
            return list
        }
        var searched: [PersonList] = []
        for id in order.searched ?? [] where !searched.contains(where: { $0.id == id }) {
            searched.append(try list(id))
        }
        if searched.isEmpty {
            // A list that was deleted after the group was made is searched no more.
            let ids = (source.settings.searchedLists ?? group.searchedLists).map(\.id)
            searched = lists.filter { ids.contains($0.id) }
        }
        if searched.isEmpty { searched = [defaultList] }
        var added: [PersonList] = []
        for id in order.added ?? [] where !added.contains(where: { $0.id == id }) { added.append(try list(id)) }
        if order.added == nil { added = lists.filter { source.settings.listsToAdd.contains($0.id) } }
        var conditions = order.conditions
        let stored = source.settings.threshold.flatMap { Threshold($0, in: .neurovision) }
        conditions.threshold =
            conditions.threshold ?? stored ?? (order.added?.isEmpty ?? true ? .never : .platform)
        conditions.minimumSide = conditions.minimumSide ?? source.settings.minimumSide
        conditions.maximumYaw = conditions.maximumYaw ?? source.settings.maximumYaw
        conditions.maximumPitch = conditions.maximumPitch ?? source.settings.maximumPitch
        let features = order.features ?? source.settings.features.map(Feature.init(name:))
        return ActionSettings(
            searched: searched, added: added, conditions: conditions, features: features.isEmpty ? nil : features)
    }

    /// The known persons of each face, all lists merged.
    private func search(
        _ seen: SeenPicture, _ settings: ActionSettings, results: Int
    ) async throws(EnfaceFailure) -> [[ToldMatch]] {
        let limit = api.matchCosine(settings.conditions.threshold)
        let found = try await calling { () throws(RecognitionError) in
            try await api.lists.matches(
                of: seen.faces.map(\.probe), in: settings.searched.map(\.gallery), limit: results)
        }
        var told: [[ToldMatch]] = []
        for matches in found {
            told.append(try await self.matches(matches.filter { $0.cosine >= limit }, in: settings.searched))
        }
        return told
    }

    /// Enrols strangers, list by list: a face may be new in one and known in another.
    private func enrol(
        _ seen: SeenPicture, _ picture: [UInt8], _ settings: ActionSettings, _ order: ActionOrder
    ) async throws(EnfaceFailure) -> [[PersonRecord]] {
        var added: [[PersonRecord]] = seen.faces.map { _ in [] }
        guard settings.conditions.threshold != .never else { return added }
        let rule = api.rule(settings.conditions, replacesKnown: false)
        var enrolment = ListEnrolment(
            picture: picture, isGroupPicture: seen.total > 1, group: order.group, source: order.source)
        enrolment.keepsAge = settings.features?.contains(.age) ?? false
        enrolment.keepsGender = settings.features?.contains(.gender) ?? false
        let wanted = enrolment
        for list in settings.added {
            let outcomes = try await calling { () throws(RecognitionError) in
                try await api.lists.enrol(seen.faces.map(\.probe), into: list.gallery, by: rule, as: wanted)
            }
            for (index, outcome) in outcomes.enumerated() {
                guard let person = outcome.stored else { continue }
                added[index].append(try record(person, in: list.id))
            }
        }
        return added
    }

    private func answer(
        _ seen: SeenPicture, _ results: [ActionResult], action: UUID?, _ order: ActionOrder
    ) -> Response {
        let persons = results.flatMap(\.added)
        let status: HTTPResponse.Status =
            action != nil && api.configuration.answersActionsWithCreated ? .created : .ok
        return .object(status) { object in
            object.member("status", "ok")
            object.member("message", seen.message)
            if let action { object.id("action_id", action) }
            object.member("faces_total", seen.total)
            object.member("spent", call.spent)
            object.member("persons_new", persons.count)
            object.member("persons_total", persons.count)
            object.key("results")
            object.array { array in
                for result in results {
                    array.object { row in
                        row.faceMembers(result.face, of: seen, order.wanted, call.profile)
                        row.key("matches")
                        row.matches(result.matches, call.profile)
                        row.key("persons")
                        row.records(result.added, call.profile)
                    }
                }
            }
            object.key("persons")
            object.records(persons, call.profile)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func records(_ records: [PersonRecord], _ profile: Profile) {
        array { array in
            for record in records { array.object { $0.record(record, profile) } }
        }
    }
}

/// What `action` asks for.
private struct ActionOrder {
    let group: UUID
    let groupIsDefault: Bool
    let source: UUID
    let searched: [UUID]?
    let results: Int
    let conditions: EnrolmentConditions
    let added: [UUID]?
    let features: [Feature]?
    let dropsImage: Bool
    let multi: Bool
    let wanted: WantedExtras

    init(_ call: EnfaceCall) throws(EnfaceFailure) {
        let group = try call["group_id"]?.id()
        self.group = group ?? .sharedGallery
        groupIsDefault = group == nil
        source = try call["source_id"]?.id() ?? .sharedGallery
        searched = try call["person_list_search"]?.ids()
        results = try call["results"]?.integer() ?? 1
        guard 1...100 ~= results else { throw .invalidSchema }
        conditions = try EnrolmentConditions(call)
        added = try call["person_list_add"]?.ids()
        features =
            if let field = call["feature_check"] { try Feature.list(field, in: call.profile) } else { nil }
        dropsImage = try call.flag("drop_image")
        multi = try call.flag("multi")
        wanted = try WantedExtras(call)
    }
}
