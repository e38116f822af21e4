import Foundation
import Glibc
import NIOHTTP1
import Synchronization
import TestKit
import Testing

/// What was acknowledged is never lost, and what cannot be done is said.
@Suite(.serialized) struct DurabilityTests {
    @Test func `after a kill during enrolment everything that was acknowledged is there and found`() async throws {
        let server = try await RunningServer(arguments: [])
        let acknowledged = Acknowledged()
        await withTaskGroup { group in
            for worker in 0..<6 {
                group.addTask {
                    let client = HTTPClient(port: server.port)
                    for number in 0..<1000 {
                        let photo = Photo.allCases[(worker + number) % Photo.allCases.count]
                        guard
                            let reply = try? await client.post(
                                "/firserver/CreatePerson", try enrolment(photo, patronymic: "\(worker)-\(number)")),
                            reply.json["Status"] as? String == "SUCCESS", let id = reply.json["Result"] as? String
                        else { return }
                        acknowledged.add(id, photo)
                    }
                }
            }
            group.addTask {
                while acknowledged.all.count < 30 { try? await Task.sleep(for: .milliseconds(20)) }
                await server.crash()
            }
        }
        let persons = acknowledged.all
        #expect(persons.count >= 30)

        let successor = try await RunningServer(arguments: [], after: server)
        let list = try await successor.client.post("/firserver/ReadPersons", #"{"pageSize":100000}"#).json
        let rows = try #require(list["PersonList"] as? [[String: Any]])
        let stored = Set(rows.compactMap { $0["Id"] as? String })
        #expect(stored.isSuperset(of: persons.keys))
        for photo in Photo.allCases {
            let reply = try await successor.client.post(
                "/firserver/FindFaces", try search(photo, limit: rows.count)
            ).json
            let found = try #require((reply["FaceList"] as? [[String: Any]])?.first?["PersonList"] as? [[String: Any]])
            let ids = Set(found.compactMap { $0["Id"] as? String })
            #expect(ids.isSuperset(of: persons.filter { $0.value == photo }.keys))
        }
        #expect(await successor.stop() == 0)
    }

    @Test func `after a kill during frames every pass that was acknowledged is in the log with its picture`()
        async throws
    {
        let server = try await RunningServer(arguments: ["--emulator"])
        let emulator = EmulatorClient(server: server)
        _ = try await emulator.dialect.create(photo: .biden)
        let cameras = ["1", "2", "3", "4"]
        for camera in cameras { _ = try await emulator.call(.POST, "cameras", ["id": camera]) }
        let acknowledged = AcknowledgedPasses()
        await withTaskGroup { group in
            for camera in cameras {
                group.addTask {
                    let client = HTTPClient(port: server.port)
                    for minute in 0..<60 {
                        guard
                            let reply = try? await client.request(
                                .POST, "/emulator/cameras/\(camera)/frames?timestamp=2031-01-01T12:\(minute + 10):00",
                                headers: ["Content-Type": "image/jpeg"], body: Photo.biden.bytes()),
                            let ids = reply.json["protocols"] as? [String]
                        else { continue }
                        acknowledged.add(ids)
                    }
                }
            }
            group.addTask {
                while acknowledged.all.count < 30 { try? await Task.sleep(for: .milliseconds(20)) }
                await server.crash()
            }
        }
        let ids = acknowledged.all
        #expect(ids.count >= 30)
        let successor = try await RunningServer(arguments: ["--emulator"], after: server)
        let again = EmulatorClient(server: successor)
        let rows = try await again.protocols([:])
        #expect(Set(rows.compactMap { $0["id"] as? String }).isSuperset(of: ids))
        for id in ids { #expect(try await again.dialect.image(id).status == 200) }
        // Counters and events are part of the same transaction as the rows.
        let person = try #require(try await again.dialect.call("ReadPersons", [:]).list("PersonList").first)
        #expect(person["RecognitionCount"] as? Int == rows.count)
        #expect(await successor.stop() == 0)
    }

    @Test func `when PostgreSQL dies in the middle answers say so, and all is well when it is back`() async throws {
        let server = try await RunningServer(arguments: [])
        let created = try await server.client.post(
            "/firserver/CreatePerson", try enrolment(.obama, patronymic: "1")
        ).json
        let id = try #require(created["Result"] as? String)
        try server.signalPostgres(SIGKILL)
        var seen: Set<String> = []
        var found: [String] = []
        let deadline = ContinuousClock.now + .seconds(90)
        // A process of the dead server may answer once more, so one answer is no proof that all is well: the list must
        // have been refused or not, and a search must find the person in the end.
        while found.isEmpty, ContinuousClock.now < deadline {
            let sent = ContinuousClock.now
            let list = try await server.client.post("/firserver/ReadPersons", #"{"pageSize":5}"#)
            let search = try await server.client.post("/firserver/FindFaces", try search(.obama2, limit: 1))
            #expect(list.status == 200 && search.status == 200)
            #expect(ContinuousClock.now - sent < .seconds(30))
            seen.insert(try #require(list.json["Status"] as? String))
            if let status = search.json["Status"] as? String { seen.insert(status) }
            let persons = (search.json["FaceList"] as? [[String: Any]])?.first?["PersonList"] as? [[String: Any]]
            found = persons?.compactMap { $0["Id"] as? String } ?? []
        }
        #expect(found == [id])
        #expect(seen.isSubset(of: ["OK", "SERVER_NOT_READY"]), "\(seen)")
        #expect(await server.stop() == 0)
    }

    @Test func `each method has its own words for a database that cannot be reached`() async throws {
        try await withTemporaryPostgres { postgres in
            let server = try await RunningServer(arguments: ["--database-url", postgres.connectionString])
            let created = try await server.client.post(
                "/firserver/CreatePerson", try enrolment(.biden, patronymic: "1")
            ).json
            let id = try #require(created["Result"] as? String)
            try await postgres.stop()
            func status(_ method: String, _ body: String) async throws -> String? {
                let reply = try await server.client.post("/firserver/\(method)", body)
                #expect(reply.status == 200)
                return reply.json["Status"] as? String
            }
            #expect(try await status("CreatePerson", enrolment(.obama, patronymic: "2")) == "FAILED_TO_SAVE_DATABASE")
            #expect(
                try await status("UpdatePerson", #"{"id":"\#(id)","comment":"x"}"#) == "FAILED_TO_UPDATE_PERSON")
            #expect(try await status("DeletePersons", #"{"id":["\#(id)"]}"#) == "FAILED_TO_DELETE_PERSON")
            #expect(try await status("ReadPersons", "{}") == "SERVER_NOT_READY")
            #expect(try await status("FindFaces", search(.biden, limit: 1)) == "SERVER_NOT_READY")
            #expect(try await server.client.request(.GET, "/firserver/GetImage/1/\(id)").status == 503)
            #expect(try await server.client.request(.GET, "/readyz").status == 503)
            #expect(try await server.client.request(.GET, "/healthz").status == 200)
            try await postgres.start()
            var ready = false
            for _ in 0..<100 where !ready {
                ready = try await server.client.request(.GET, "/readyz").status == 200
                if !ready { try await Task.sleep(for: .milliseconds(100)) }
            }
            #expect(ready)
            #expect(try await status("DeletePersons", #"{"id":["\#(id)"]}"#) == "SUCCESS")
            #expect(await server.stop() == 0)
        }
    }

    private final class Acknowledged: Sendable {
        private let persons = Mutex<[String: Photo]>([:])

        var all: [String: Photo] { persons.withLock { $0 } }

        func add(_ id: String, _ photo: Photo) { persons.withLock { $0[id] = photo } }
    }
}

/// The body of a CreatePerson request.
func enrolment(_ photo: Photo, patronymic: String) throws -> String {
    let image = Data(try photo.bytes()).base64EncodedString()
    return #"{"server_id":"1","surname":"Test","department":"1","patronymic":"\#(patronymic)","image":"\#(image)"}"#
}

/// The body of a FindFaces request.
func search(_ photo: Photo, limit: Int) throws -> String {
    let image = Data(try photo.bytes()).base64EncodedString()
    return #"{"server_id":"1","findPersons":\#(limit),"image":"\#(image)"}"#
}

private final class AcknowledgedPasses: Sendable {
    private let ids = Mutex<[String]>([])

    var all: [String] { ids.withLock { $0 } }

    func add(_ more: [String]) { ids.withLock { $0 += more } }
}
