import FaceModel
import Foundation
import HTTPSupport
import Hummingbird
import Recognition

extension Caller {
    /// The source that every account has; stored only once it is changed.
    private var defaultSource: Source {
        Source(
            id: .sharedGallery, group: .sharedGallery, name: "Default source", settings: .platform,
            createdAt: Self.beginningOfTime)
    }

    /// All sources, the default one first.
    func allSources() async throws(EnfaceFailure) -> [Source] {
        let stored = try await calling { () throws(RecognitionError) in try await api.lists.sources(of: account.id) }
        let first = stored.first { $0.id == .sharedGallery } ?? defaultSource
        return [first] + stored.filter { $0.id != .sharedGallery }
    }

    func sources() async throws -> Response {
        let id = try call.required("group_id").id()
        guard try await group(id) != nil else {
            throw EnfaceFailure.missing(.badRequest, "group with this id does not found")
        }
        let sources = try await allSources().filter { $0.group == id }
        var writer = JSONWriter()
        writer.array { array in
            for source in sources { array.source(source, profile: call.profile) }
        }
        return .json(writer)
    }

    func createSource() async throws -> Response {
        let name = try name(call.required("name"))
        let groupID = try call.required("group_id").id()
        let settings = try settings(changing: .platform)
        guard try await group(groupID) != nil else {
            throw EnfaceFailure.missing(.badRequest, "group id '\(groupID.lowercasedText)' does not found")
        }
        try await check(settings)
        if groupID == .sharedGallery { try await storeDefaultGroup() }
        let source = Source(
            id: try newID(), group: groupID, name: name, settings: settings, createdAt: try now())
        let isAdded = try await calling { () throws(RecognitionError) in
            try await api.lists.add(source, to: account.id)
        }
        guard isAdded else {
            throw EnfaceFailure.missing(.badRequest, "group id '\(groupID.lowercasedText)' does not found")
        }
        return .ok(call.profile.created, message: "source created") { $0.id("source_id", source.id) }
    }

    func updateSource() async throws -> Response {
        let groupID = try call.required("group_id").id()
        let id = try call.required("source_id").id()
        let name: String? = if let field = call["name"] { try self.name(field) } else { nil }
        guard try await group(groupID) != nil else {
            throw EnfaceFailure.missing(.ok, "source group with this id does not found")
        }
        let unknown = EnfaceFailure.missing(.ok, "source with this id does not found")
        guard var source = try await allSources().first(where: { $0.id == id && $0.group == groupID }) else {
            throw unknown
        }
        source.name = name ?? source.name
        source.settings = try settings(changing: source.settings)
        try await check(source.settings)
        let wanted = source
        let isChanged = try await calling { () throws(RecognitionError) in
            try await api.lists.update(wanted, of: account.id)
        }
        if !isChanged {
            guard id == .sharedGallery, try await storeDefault(wanted) else { throw unknown }
        }
        return .object { object in
            object.member("status", "ok")
            object.member("code", 0)
            object.member("message", "source updated")
        }
    }

    /// Stores the default source, which nobody changed before.
    ///
    /// - Returns: whether its group is there.
    private func storeDefault(_ source: Source) async throws(EnfaceFailure) -> Bool {
        try await storeDefaultGroup()
        do throws(RecognitionError) {
            return try await api.lists.add(source, to: account.id)
        } catch {
            guard error == .alreadyExists else { throw EnfaceFailure(error) }
        }
        // Somebody else changed it at the same time.
        return try await calling { () throws(RecognitionError) in
            try await api.lists.update(source, of: account.id)
        }
    }

    func deleteSources() async throws -> Response {
        let groupID = try call.required("group_id").id()
        let ids = try ids(call.required("source_id"))
        guard try await group(groupID) != nil else {
            throw EnfaceFailure.missing(.ok, "group with this id does not found")
        }
        guard !ids.contains(.sharedGallery) else { throw EnfaceFailure(.ok, "can not delete default source") }
        let known = try await allSources().filter { $0.group == groupID && ids.contains($0.id) }.map(\.id)
        let count =
            known.isEmpty
            ? 0
            : try await calling { () throws(RecognitionError) in
                try await api.lists.removeSources(known, of: account.id)
            }
        guard count > 0 else { throw EnfaceFailure.missing(.ok, "no sources found with provided id(s)") }
        return .ok(message: "\(count) source(s) deleted")
    }

    /// The settings of a source with what the request says in their place.
    private func settings(changing old: Source.Settings) throws(EnfaceFailure) -> Source.Settings {
        var settings = old
        let conditions = try EnrolmentConditions(call)
        settings.threshold = conditions.threshold?.text ?? old.threshold
        settings.minimumSide = conditions.minimumSide ?? old.minimumSide
        settings.maximumYaw = conditions.maximumYaw ?? old.maximumYaw
        settings.maximumPitch = conditions.maximumPitch ?? old.maximumPitch
        if let field = call["person_list_add"] { settings.listsToAdd = try field.ids() }
        if let field = call["feature_check"] ?? call["features_check"] {
            settings.features = try Feature.list(field, in: call.profile, mayBeEmpty: true).map(\.name)
        }
        if call.profile == .neurovision, let lists = try searchedLists() { settings.searchedLists = lists }
        return settings
    }

    private func check(_ settings: Source.Settings) async throws(EnfaceFailure) {
        let known = Set(try await allLists().map(\.id))
        for id in settings.listsToAdd + (settings.searchedLists ?? []).map(\.id) where !known.contains(id) {
            throw .missing(.badRequest, "person list id '\(id.lowercasedText)' does not found")
        }
    }
}

extension Source.Settings {
    /// What the platform gives a source of which nothing is said.
    static let platform = Source.Settings(minimumSide: 112, maximumYaw: 60)
}

extension JSONWriter {
    fileprivate mutating func source(_ source: Source, profile: Profile) {
        let settings = source.settings
        object { row in
            row.id("source_id", source.id)
            row.id("group_id", source.group)
            row.member("name", source.name)
            row.time("created", source.createdAt)
            row.key("feature_check")
            row.array { array in
                for feature in settings.features { array.value(feature) }
            }
            if let lists = settings.searchedLists {
                row.key("person_list_search")
                row.searchedLists(lists)
            }
            row.key("auto_person_create")
            row.object { rule in
                rule.member("new_person_threshold", settings.threshold ?? "never")
                rule.key("new_person_square_min")
                rule.significant(settings.minimumSide)
                rule.key("new_person_yaw_max")
                rule.significant(settings.maximumYaw)
                if let pitch = settings.maximumPitch {
                    rule.key("new_person_pitch_max")
                    rule.significant(pitch)
                }
                rule.key("person_list_add")
                rule.array { array in
                    for id in settings.listsToAdd { array.value(id.lowercasedText) }
                }
            }
        }
    }
}
