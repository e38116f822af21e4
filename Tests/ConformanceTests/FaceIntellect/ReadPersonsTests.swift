import Foundation
import TestKit
import Testing

struct ReadPersonsTests {
    /// Five persons in a department of their own, in the order of their creation.
    private func fivePersons(_ client: FaceIntellectClient) async throws -> (department: String, ids: [String]) {
        let department = uniqueWord()
        var ids: [String] = []
        for index in 0..<5 { ids.append(try await client.create(["department": department, "name": "\(index)"])) }
        return (department, ids)
    }

    @Test(.contract(.readPersons, .observed)) func `the status is carried three times and the source is a GUID`()
        async throws
    {
        let reply = try await FaceIntellectClient.shared().call(
            "ReadPersons", ["server_id": "1", "objectType": "PERSON", "id": [String](), "page": 1, "pageSize": 2])
        #expect(reply.status == 200)
        #expect(reply.code == "OK")
        for key in ["Responce", "Response"] {
            let inner = reply.json[key] as? [String: String]
            #expect(inner == ["Status": "OK", "Result": "", "Description": ""])
        }
        let source = try #require(reply.json["Source"] as? String)
        #expect(UUID(uuidString: source)?.uuidString == source)
        #expect(reply.json["Total"] is Int)
        #expect(reply.json["PersonList"] is [Any])
    }

    @Test(.contract(.readPersons, .documented)) func `pages follow each other, newest first`() async throws {
        let client = try await FaceIntellectClient.shared()
        let (department, ids) = try await fivePersons(client)
        var seen: [String] = []
        for page in 1...4 {
            let reply = try await client.call(
                "ReadPersons", ["departmentFilter": department, "page": "\(page)", "pageSize": 2])
            #expect(reply.json["Total"] as? Int == 5)
            let rows = reply.list("PersonList")
            #expect(rows.count == [2, 2, 1, 0][page - 1])
            seen += rows.compactMap { $0["Id"] as? String }
        }
        #expect(seen == ids.reversed())
    }

    @Test(.contract(.readPersons, .documented)) func `without a page size there is one row`() async throws {
        let client = try await FaceIntellectClient.shared()
        let (department, ids) = try await fivePersons(client)
        let rows = try await client.call("ReadPersons", ["departmentFilter": department]).list("PersonList")
        #expect(rows.map { $0["Id"] as? String } == [ids.last])
    }

    @Test(
        .contract(.readPersons, .decided),
        arguments: [
            (0, 0, 1), (-5, -1, 1), (1, 5000, 5), (1, 1_000_000_000, 5), (1_000_000_000, 1_000_000_000, 0),
            (Int.max, Int.max, 0), (1, Int.max, 5),
        ])
    func `odd pages and sizes are brought into range`(page: Int, size: Int, count: Int) async throws {
        let client = try await FaceIntellectClient.shared()
        let (department, _) = try await fivePersons(client)
        let reply = try await client.call(
            "ReadPersons", ["departmentFilter": department, "page": page, "pageSize": size])
        #expect(reply.code == "OK")
        #expect(reply.list("PersonList").count == count)
        #expect(reply.json["Total"] as? Int == 5)
    }

    @Test(.contract(.readPersons, .decided)) func `several ids are a union in the normal order`() async throws {
        let client = try await FaceIntellectClient.shared()
        let (_, ids) = try await fivePersons(client)
        let wanted: [Any] = [
            ids[1].lowercased(), "{\(ids[3])}", ids[3], UUID().uuidString, "malformed", "", "918273645546", NSNull(),
            [Any](),
        ]
        let reply = try await client.call("ReadPersons", ["id": wanted, "pageSize": 10])
        #expect(reply.code == "OK")
        #expect(reply.list("PersonList").map { $0["Id"] as? String } == [ids[3], ids[1]])
        #expect(reply.json["Total"] as? Int == 2)
        let second = try await client.call("ReadPersons", ["id": wanted, "page": 2, "pageSize": 1])
        #expect(second.list("PersonList").map { $0["Id"] as? String } == [ids[1]])
    }

    @Test(.contract(.readPersons, .decided)) func `one bare id is taken too`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create()
        #expect(try await client.call("ReadPersons", ["id": id]).list("PersonList").map { $0["Id"] as? String } == [id])
    }

    @Test(
        .contract(.readPersons, .decided),
        arguments: [["malformed"], ["5D2F0B44-7A3E-4C19-9C55-20F1B6A7E001"], ["{}", "-1"]])
    func `ids that nobody has list nobody`(ids: [String]) async throws {
        let reply = try await FaceIntellectClient.shared().call("ReadPersons", ["id": ids, "pageSize": 10])
        #expect(reply.code == "OK")
        #expect(reply.list("PersonList").isEmpty)
        #expect(reply.json["Total"] as? Int == 0)
    }

    @Test(.contract(.readPersons, .decided)) func `the department filter is exact`() async throws {
        let client = try await FaceIntellectClient.shared()
        let department = "Dép " + uniqueWord()
        let id = try await client.create(["department": department])
        #expect(try await client.call("ReadPersons", ["departmentFilter": department]).json["Total"] as? Int == 1)
        #expect(
            try await client.call("ReadPersons", ["departmentFilter": department.lowercased()]).json["Total"] as? Int
                == 0)
        #expect(try await client.call("ReadPersons", ["departmentFilter": department + " "]).json["Total"] as? Int == 0)
        let both = try await client.call("ReadPersons", ["departmentFilter": "other", "id": [id]])
        #expect(both.json["Total"] as? Int == 0)
        let all = try await client.call("ReadPersons", ["departmentFilter": ""]).json["Total"] as? Int
        #expect(try #require(all) >= 1)
    }

    @Test(.contract(.readPersons, .observed)) func `a row has all texts and no null`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create()
        let row = try #require(try await client.person(id))
        for key in [
            "Id", "Name", "Surname", "Patronymic", "Department", "Comment", "Timestamp", "ImageId",
            "LastRecognitionTimestamp",
        ] { #expect(row[key] is String) }
        #expect(row["AutoCreated"] is Bool)
        #expect(!row.values.contains { $0 is NSNull })
    }
}
