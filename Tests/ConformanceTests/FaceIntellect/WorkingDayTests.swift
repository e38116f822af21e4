import FaceModel
import Foundation
import HTTPSupport
import TestKit
import Testing

/// A day of a company with two gates, as an attendance client sees it.
struct WorkingDayTests {
    /// The people who come to work; the other 44 of the 50 stay at home.
    private static let present: [(photos: [Photo], surname: String)] = [
        ([.obama, .obama2, .obamaPartial], "Obama"), ([.biden], "Biden"), ([.impostor2], "Sunak"),
        ([.personA1, .personA2], "Macron"), ([.personB1, .personB2], "Ardern"),
    ]

    @Test(.contract(.log, .observed))
    func `fifty people and a thousand frames make a day that adds up`() async throws {
        try await EmulatorClient.with { emulator in
            var ids: [String: String] = [:]
            for (photos, surname) in Self.present {
                ids[surname] = try await emulator.dialect.create(
                    ["surname": surname, "patronymic": "key-\(surname)", "department": "3"], photo: photos[0])
            }
            for number in 0..<45 { try await enrolAbsent(number, emulator) }
            #expect(try await emulator.dialect.call("ReadPersons", ["pageSize": 5000]).list("PersonList").count == 50)
            _ = try await emulator.call(.PUT, "clock", ["mode": "fixed", "time": "2034-03-06T18:00:00.000"])
            for camera in ["1", "2"] {
                _ = try await emulator.call(.POST, "cameras", ["id": camera, "name": "Gate \(camera)"])
            }

            // 500 visits of two frames each, 300 ms apart: the second frame is the same pass.
            let visits = (0..<500).map { Visit(number: $0, who: Self.present[$0 % Self.present.count]) }
            let answers = try await withThrowingTaskGroup(of: [Answer].self) { group in
                for camera in ["1", "2"] {
                    let own = visits.filter { $0.camera == camera }
                    group.addTask {
                        var answers: [Answer] = []
                        for visit in own {
                            let first = try await emulator.frame(visit.photo.bytes(), camera: camera, at: visit.time(0))
                            let second = try await emulator.frame(
                                visit.photo.bytes(), camera: camera, at: visit.time(0.3))
                            answers.append(Answer(first.list("faces") + second.list("faces")))
                        }
                        return answers
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            for answer in answers {
                #expect(answer.areNew == [true, false])
                #expect(Set(answer.protocols).count == 1)
            }

            let day: [String: Any] = [
                "dateTimeFrom": "2034-03-06T00:00:00.000", "dateTimeTo": "2034-03-06T23:59:59.999", "pageSize": 20000,
                "sim_min": 1,
            ]
            let rows = try await emulator.protocols(day)
            #expect(rows.count == 500)
            try expectPresence(rows, visits)
            try await expectHours(emulator, visits)
            try await expectCounters(emulator, ids, visits)
            try await expectPictures(emulator, rows)

            // Somebody leaves the company: the log stays, the face is a stranger's from now on.
            let gone = try #require(ids["Biden"])
            #expect(try await emulator.dialect.call("DeletePersons", ["id": [gone]]).code == "SUCCESS")
            #expect(try await emulator.protocols(day).count == 500)
            try await emulator.pass(.biden, camera: "1", at: "2034-03-06T19:00:00")
            let stranger = try #require(try await emulator.protocols(["sim_min": 0]).first)
            #expect((stranger["Hits"] as? [Any])?.isEmpty == true)

            try await expectRetention(emulator, rows)
        }
    }

    private struct Visit: Sendable {
        let number: Int
        let surname: String
        let photo: Photo

        init(number: Int, who: (photos: [Photo], surname: String)) {
            self.number = number
            surname = who.surname
            photo = who.photos[number / 7 % who.photos.count]
        }

        var camera: String { number.isMultiple(of: 2) ? "1" : "2" }

        /// Seconds since 8 o'clock: one visit every 72 seconds, so that the day has ten hours.
        var second: Double { Double(72 * number) }

        var hour: Int { 8 + Int(second) / 3600 }

        func time(_ offset: Double) -> String {
            Timestamp.text(Date(timeIntervalSince1970: 2_025_216_000 + 8 * 3600 + second + offset))
        }
    }

    /// What the two frames of a visit were answered.
    private struct Answer: Sendable {
        let areNew: [Bool?]
        let protocols: [String]

        init(_ faces: [[String: Any]]) {
            areNew = faces.map { $0["isNew"] as? Bool }
            protocols = faces.compactMap { $0["protocol"] as? String }
        }
    }

    /// A person who is enrolled with a template and never seen.
    private func enrolAbsent(_ number: Int, _ emulator: EmulatorClient) async throws {
        let model = try Checkout.modelFingerprint()
        let embedding = try #require(Embedding(normalizing: (0..<128).map { _ in Float.random(in: -1...1) }))
        let fir = Data(FaceTemplate(model: model, embedding: embedding).bytes).base64EncodedString()
        _ = try await emulator.dialect.create(["surname": "Absent \(number)", "fir": fir], photo: .personA1)
    }

    /// First and last pass of each person, as an attendance client computes them.
    private func expectPresence(_ rows: [[String: Any]], _ visits: [Visit]) throws {
        var seen: [String: [String]] = [:]
        for row in rows {
            let hit = try #require((row["Hits"] as? [[String: Any]])?.first)
            let key = try #require(hit["patronymic"] as? String)
            seen[key, default: []].append(try #require(row["timestamp"] as? String))
        }
        for (_, surname) in Self.present {
            let times = try #require(seen["key-\(surname)"]).sorted()
            let own = visits.filter { $0.surname == surname }
            #expect(times.count == own.count)
            #expect(times.first == own.first.map { $0.time(0) })
            #expect(times.last == own.last.map { $0.time(0) })
        }
    }

    private func expectHours(_ emulator: EmulatorClient, _ visits: [Visit]) async throws {
        let reply = try await emulator.dialect.call(
            "GetAnalitycByTime",
            [
                "dateTimeFrom": "2034-03-06T00:00:00", "dateTimeTo": "2034-03-06T23:59:59.999", "timePeriod": 0,
                "cameraIds": [String](), "genders": [Int](),
            ])
        var counts: [Int: Int] = [:]
        for row in reply.list("Rows") {
            let hour = try #require((row["timestamp"] as? String).flatMap { Int($0.dropFirst(11).prefix(2)) })
            for age in row["value"] as? [[String: Any]] ?? [] {
                counts[hour, default: 0] += (age["gender"] as? [String: Int] ?? [:]).values.reduce(0, +)
            }
        }
        #expect(counts == Dictionary(grouping: visits, by: \.hour).mapValues(\.count))
        for camera in ["1", "2"] {
            let rows = try await emulator.protocols(["cameraIds": [camera], "sim_min": 1])
            #expect(rows.count == 250 && rows.allSatisfy { $0["camera_name"] as? String == "Gate \(camera)" })
        }
        let faces = try await emulator.dialect.call("GetAnalityc", ["threshold": 0.8])
        #expect(faces.json["Total"] as? Int == Self.present.count)
        #expect(faces.json["Females"] as? Int == 1)
    }

    private func expectCounters(
        _ emulator: EmulatorClient, _ ids: [String: String], _ visits: [Visit]
    ) async throws {
        for (surname, id) in ids {
            let row = try #require(try await emulator.dialect.person(id))
            let own = visits.filter { $0.surname == surname }
            #expect(row["RecognitionCount"] as? Int == own.count)
            #expect(row["LastRecognitionTimestamp"] as? String == own.last.map { $0.time(0) })
        }
    }

    private func expectPictures(_ emulator: EmulatorClient, _ rows: [[String: Any]]) async throws {
        for row in rows.shuffled().prefix(20) {
            let picture = try await emulator.dialect.image(try #require(row["id"] as? String))
            #expect(picture.status == 200)
            // The captured picture shows the person whom the row names.
            let hit = try #require((row["Hits"] as? [[String: Any]])?.first)
            let found = try await emulator.dialect.call(
                "FindFaces", ["findPersons": 1, "image": picture.body.base64()])
            let best = try #require((found.list("FaceList").first?["PersonList"] as? [[String: Any]])?.first)
            #expect(best["Patronymic"] as? String == hit["patronymic"] as? String)
        }
    }

    /// A month later the day is gone, with its pictures.
    private func expectRetention(_ emulator: EmulatorClient, _ rows: [[String: Any]]) async throws {
        let picture = try #require(rows.first?["id"] as? String)
        _ = try await emulator.call(.POST, "clock/advance", ["seconds": 29 * 86400])
        #expect(try await emulator.call(.POST, "sweep").json["protocols"] as? Int == 0)
        #expect(try await emulator.dialect.image(picture).status == 200)
        _ = try await emulator.call(.POST, "clock/advance", ["seconds": 2 * 86400])
        #expect(try await emulator.call(.POST, "sweep").json["protocols"] as? Int == 501)
        #expect(try await emulator.protocols([:]).isEmpty)
        #expect(try await emulator.dialect.image(picture).status == 404)
        #expect(try await emulator.dialect.call("ReadPersons", ["pageSize": 100]).list("PersonList").count == 49)
    }
}
