import FaceAnalysis
import FaceModel
import FaceStore
public import Foundation
import Postgres

extension RecognitionService {
    /// See ``ListService/enrol(_:into:by:as:)``.
    public func enrol(
        _ faces: [ProbeFace], into gallery: UUID, by rule: EnrolmentRule, as enrolment: ListEnrolment
    ) async throws(RecognitionError) -> [ListOutcome] {
        let model = try requireReady()
        let pose = (yaw: enrolment.yaw, pitch: enrolment.pitch)
        let mayBeStored = faces.map { rule.enrols && rule.accepts($0.face, pose: pose) }
        // Pictures are cut before anybody has to wait for this enrolment.
        var records: [FaceRecord?] = []
        for (face, isWanted) in zip(faces, mayBeStored) {
            records.append(isWanted ? try await record(of: face, as: enrolment, model: model) : nil)
        }
        let drafts = records
        return try await shielded { [self] () async throws(RecognitionError) in
            try await listGate.withAccess(to: .some([gallery])) { () async throws(RecognitionError) in
                var outcomes: [ListOutcome] = []
                for (face, record) in zip(faces, drafts) {
                    outcomes.append(try await enrol(face, record, into: gallery, by: rule, as: enrolment))
                }
                return outcomes
            }
        }
    }

    /// What is stored of a face: with the whole picture where it shows nobody else.
    private func record(
        of face: ProbeFace, as enrolment: ListEnrolment, model: ModelID
    ) async throws(RecognitionError) -> FaceRecord {
        var record = FaceRecord(
            id: configuration.ids.next(), image: nil, mediaType: "image/jpeg", embedding: face.embedding, model: model,
            quality: face.face?.quality ?? 1, pose: face.face?.pose)
        if let yaw = enrolment.yaw ?? face.face.map({ Double($0.pose.yaw) }), enrolment.yaw != nil || face.face != nil {
            record.pose = HeadPose(
                yaw: Float(yaw), pitch: Float(enrolment.pitch ?? face.face.map { Double($0.pose.pitch) } ?? 0),
                roll: face.face?.pose.roll ?? 0)
        }
        guard let picture = enrolment.picture, let seen = face.face else { return record }
        let thumbnail = try await analyzing { () throws(FaceAnalysisError) in
            try await analyzer.thumbnails(of: [seen.landmarks], in: picture)
        }
        record.thumbnail = thumbnail.first ?? nil
        guard enrolment.isGroupPicture else {
            record.image = try await jpeg(picture)
            record.box = seen.box
            record.landmarks = seen.landmarks
            return record
        }
        record.image = try await analyzing { () throws(FaceAnalysisError) in
            try await analyzer.portraits(of: [seen.box], in: picture)
        }.first
        return record
    }

    private func enrol(
        _ face: ProbeFace, _ record: FaceRecord?, into gallery: UUID, by rule: EnrolmentRule,
        as enrolment: ListEnrolment
    ) async throws(RecognitionError) -> ListOutcome {
        if let id = enrolment.replacedPerson {
            guard let record else { return ListOutcome(matches: [], stored: nil, isNew: false) }
            let person = try await replaceFace(of: id, in: gallery, with: record, face, as: enrolment)
            return ListOutcome(matches: [], stored: person, isNew: false)
        }
        let nearest = try await matches(of: [face], in: [gallery], limit: 1)[0]
        let known = nearest.filter { $0.cosine >= rule.knownCosine }
        guard let record else { return ListOutcome(matches: known, stored: nil, isNew: false) }
        if let match = known.first {
            guard rule.replacesKnown else { return ListOutcome(matches: known, stored: nil, isNew: false) }
            do throws(RecognitionError) {
                let person = try await replaceFace(of: match.person, in: gallery, with: record, face, as: enrolment)
                return ListOutcome(matches: known, stored: person, isNew: false)
            } catch {
                // Whoever was deleted since the search is known no more.
                guard error == .unknownPerson else { throw error }
            }
        }
        let person = try await add(record, face, to: gallery, as: enrolment)
        return ListOutcome(matches: [], stored: person, isNew: true)
    }

    private func add(
        _ record: FaceRecord, _ face: ProbeFace, to gallery: UUID, as enrolment: ListEnrolment
    ) async throws(RecognitionError) -> ListedPerson {
        let fields = enrolment.fields ?? []
        let id = newID()
        let person = PersonRecord(
            key: .id(id), newID: id, texts: PersonTexts(fields: fields), createdAt: now())
        let details = ListedPerson.Details(face, fields: fields, enrolment)
        let scope: WriteGate<PersonKey>.Scope = configuration.maxPersons == nil ? .some([.id(id)]) : .everyone
        let stored = try await gate.withAccess(to: scope) { () async throws(RecognitionError) in
            try await checkRoom(for: person.key, in: gallery)
            let stored = try await changing { () throws(PostgresError) in
                try await store.persons.put(person, faces: [record], in: gallery) {
                    connection, person throws(PostgresError) in
                    try ListedPersonRepository.store(details, of: person, on: connection)
                }
            }
            await follow(GalleryChange(stored, adding: [record]))
            return stored
        }
        return ListedPerson(stored.person, details, record)
    }

    /// Gives a person a new reference face; the id, the time of addition and, unless others are given, the fields stay.
    private func replaceFace(
        of id: UUID, in gallery: UUID, with record: FaceRecord, _ face: ProbeFace, as enrolment: ListEnrolment
    ) async throws(RecognitionError) -> ListedPerson {
        let moment = now()
        return try await gate.withAccess(to: .some([.id(id)])) { () async throws(RecognitionError) in
            let known = try await listedPersons([id])[id]
            guard let known, known.person.galleryID == gallery else { throw .unknownPerson }
            let given = enrolment.fields ?? []
            var details = ListedPerson.Details(face, fields: given.isEmpty ? known.details.fields : given, enrolment)
            details.isReplaced = true
            details.updatedAt = moment
            let wanted = details
            let stored = try await changing { () throws(PostgresError) in
                try await store.persons.changeFaces(
                    of: .id(id), in: gallery, adding: [record], removing: .all, at: moment
                ) { connection, person throws(PostgresError) in
                    try ListedPersonRepository.store(wanted, of: person, on: connection)
                }
            }
            guard let stored else { throw .unknownPerson }
            await follow(GalleryChange(stored, adding: [record]))
            return ListedPerson(stored.person, details, record)
        }
    }
}

extension ListedPerson.Details {
    fileprivate init(_ face: ProbeFace, fields: [String], _ enrolment: ListEnrolment) {
        let attributes = face.face?.attributes
        self.init(
            group: enrolment.group, source: enrolment.source, fields: fields,
            age: enrolment.keepsAge ? attributes?.age : nil,
            gender: enrolment.keepsGender ? attributes?.gender : nil,
            genderConfidence: enrolment.keepsGender ? attributes?.genderConfidence : nil)
    }
}

extension ListedPerson {
    fileprivate init(_ person: Person, _ details: Details, _ record: FaceRecord) {
        self.init(
            person: person, details: details, pose: record.pose, landmarks: record.landmarks,
            hasImage: record.image != nil)
    }
}
