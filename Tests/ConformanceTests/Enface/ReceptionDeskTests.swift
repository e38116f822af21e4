import Foundation
import TestKit
import Testing

/// A day at a reception desk, as an integrator would write it.
struct ReceptionDeskTests {
    @Test func `staff come from a group photo, strangers become visitors, and the counts agree at every step`()
        async throws
    {
        let desk = try await EnfaceClient.own(["--v1-profile", "neurovision"])
        let login = try await desk.send(
            .POST, "user/login", ["email": EnfaceClient.email, "password": EnfaceClient.password], token: nil)
        let session = try #require(login.json["token"] as? String)
        let client = EnfaceClient(server: desk.server, base: "/enface/v1", token: session)
        let staff = try await client.makeList()
        let visitors = try await client.makeList()

        let photos: [Photo] = [.obama, .impostor2, .personA2, .personB1]
        let group = try Collage.grid(photos, columns: 2, cellHeight: 500).jpeg()
        let enrolled = try await client.enrol(
            group, into: staff, [.text("multi", "true"), .text("new_person_yaw_max", "80"), .text("fields", "staff")])
        #expect(enrolled.json["faces_total"] as? Int == 4)
        #expect(enrolled.json["persons_new"] as? Int == 4, "\(enrolled.text)")
        #expect(try await client.count(staff) == 4)

        let parts: [FormPart] = [
            .text("person_list_search", staff), .text("person_list_search", visitors),
            .text("person_list_add", visitors),
            .text("new_person_yaw_max", "80"), .text("multi", "true"),
        ]
        func arrive(_ photo: Photo) async throws -> HTTPReply {
            try await client.form("action", [.photo(photo)] + parts)
        }
        for photo in [Photo.personA1, .personB2, .obama3] {
            let reply = try await arrive(photo)
            let match = (reply.list("results").first?["matches"] as? [[String: Any]])?.first
            #expect(match?["list_id"] as? String == staff, "\(photo) \(reply.text)")
        }
        // Visitors are judged by their own list only: known staff are strangers there.
        let before = try await client.count(visitors)
        let stranger = try await arrive(.biden)
        #expect(stranger.json["persons_new"] as? Int == 1)
        #expect(try await client.count(visitors) == before + 1)
        let again = try await arrive(.biden)
        #expect(again.json["persons_new"] as? Int == 0)
        let visitor = (again.list("results").first?["matches"] as? [[String: Any]])?.first
        #expect(visitor?["list_id"] as? String == visitors)
        #expect(try await client.count(staff) == 4)

        // The same lists through the other profile, page by page.
        let pages = EnfaceClient(server: desk.server, base: "/neurovision/v1", token: session)
        var ids: [String] = []
        var cursor = ""
        repeat {
            let page = try await pages.post("persons", ["list_id": staff, "limit": 3, "cursor": cursor])
            #expect(page.json["total"] as? Int == 4)
            ids += page.list("persons").compactMap { $0["person_id"] as? String }
            cursor = try #require(page.json["cursor"] as? String)
        } while !cursor.isEmpty
        #expect(Set(ids) == Set(enrolled.records("persons").compactMap { $0["person_id"] as? String }))
        #expect(ids.count == 4)

        let deleted = try await client.send(
            .DELETE, "person/delete", ["person_id": Array(ids.prefix(3)), "list_id": staff], token: session)
        #expect(deleted.message == "3 person(s) deleted")
        #expect(try await client.count(staff) == 1)
        let left = try await pages.post("persons", ["list_id": staff])
        #expect(left.list("persons").map { $0["person_id"] as? String } == [ids[3]])
        #expect(try await client.send(.DELETE, "person/list/delete", ["id": staff], token: session).status == 200)
        #expect(try await client.send(.GET, "person/lists", nil, token: session).array.count == 2)
        await desk.server.stop()
    }
}
