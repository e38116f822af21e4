import Foundation
import NIOHTTP1
import TestKit
import Testing

/// Every path that tells of persons, for every kind of id, asked by everybody.
@Suite(.serialized) struct MatrixTests {
    /// A path that takes an id.
    private struct Path: Sendable {
        let name: String
        /// What it finds by an id when the caller may.
        let finds: Set<Stage.Kind>
        /// Whether it tells of the log, too.
        var hasLog = false
        let callers: [Stage.Caller]
        let ask: @Sendable (Stage, String, Stage.Caller) async throws -> HTTPReply
    }

    private static let paths: [Path] = [
        Path(name: "GetImage", finds: [.person, .picture], hasLog: true, callers: [.faceIntellect, .nobody]) {
            stage, id, caller in
            try await Stage.faceIntellect(stage.server, "GetImage/1/\(id)", nil, login: login(caller))
        },
        Path(name: "ReadPersons", finds: [.person], callers: [.faceIntellect, .nobody]) { stage, id, caller in
            try await Stage.faceIntellect(stage.server, "ReadPersons", ["id": [id]], login: login(caller))
        },
        Path(name: "UpdatePerson", finds: [], callers: [.faceIntellect, .nobody]) { stage, id, caller in
            try await Stage.faceIntellect(stage.server, "UpdatePerson", ["id": id], login: login(caller))
        },
        Path(name: "person", finds: [.person], callers: [.firstUser, .secondUser, .nobody]) { stage, id, caller in
            let client = enface(stage, caller)
            let reply = try await client.send(.POST, "person", ["person_id": id], token: client.token)
            if reply.status == 200 || caller == .nobody { return reply }
            return try await client.send(
                .POST, "person", ["person_id": id, "list_id": stage.firstList], token: client.token)
        },
        Path(name: "neuro-vision person", finds: [.person], callers: [.firstUser, .secondUser, .nobody]) {
            stage, id, caller in
            let client = enface(stage, caller, "/neurovision/v1")
            let body: [String: Any] = ["person_id": id, "thumbs": true, "embeddings": true]
            let reply = try await client.send(.POST, "person", body, token: client.token)
            if reply.status == 200 || caller == .nobody { return reply }
            return try await client.send(
                .POST, "person", body.merging(["list_id": stage.firstList]) { old, _ in old }, token: client.token)
        },
        Path(name: "images without their own seal", finds: [], callers: [.firstUser, .secondUser, .nobody]) {
            stage, id, caller in
            let own = stage.sealedPath.lowercased().contains(id.lowercased())
            let seal = own ? "1/2" : stage.sealedPath.split(separator: "/").suffix(2).joined(separator: "/")
            return try await stage.server.client.request(
                .GET, "/enface/v1/images/\(id.lowercased())/\(seal)",
                headers: ["token": enface(stage, caller).token])
        },
        Path(name: "GET person", finds: [.person], callers: [.openCV, .nobody]) { stage, id, caller in
            try await OpenCVClient(server: stage.server).call(.GET, "person/\(id)", key: key(caller))
        },
        Path(name: "verify", finds: [.person], callers: [.openCV, .nobody]) { stage, id, caller in
            try await OpenCVClient(server: stage.server).call(
                .POST, "verify", ["id": id, "person_id": id, "images": [try Photo.biden.base64()]], key: key(caller))
        },
        Path(name: "collections of a person", finds: [], callers: [.openCV, .nobody]) { stage, id, caller in
            try await OpenCVClient(server: stage.server).call(.GET, "collections/person/\(id)", key: key(caller))
        },
        Path(name: "FR Server person", finds: [], callers: [.openCV, .nobody]) { stage, id, caller in
            try await OpenCVClient(server: stage.server).frServer.call(
                .GET, "person?collection_name=\(Stage.collection)&person_id=\(id)", key: key(caller))
        },
    ]

    private static func login(_ caller: Stage.Caller) -> String? {
        caller == .faceIntellect ? "gate:gate-password" : nil
    }

    private static func key(_ caller: Stage.Caller) -> String? { caller == .openCV ? OpenCVClient.key : nil }

    private static func enface(_ stage: Stage, _ caller: Stage.Caller, _ base: String = "/enface/v1") -> EnfaceClient {
        let token =
            switch caller {
            case .firstUser: stage.first.token
            case .secondUser: stage.second.token
            default: UUID().uuidString
            }
        return EnfaceClient(server: stage.server, base: base, token: token)
    }

    @Test func `each dialect tells of its own persons, lists and log, to those who may ask, and of nothing else`()
        async throws
    {
        try await Stage.with { stage in
            for path in Self.paths {
                for caller in path.callers {
                    for known in stage.ids {
                        let reply = try await path.ask(stage, known.id, caller)
                        var owned = caller.owned
                        if !path.hasLog { owned.remove(.log) }
                        // The FR Server's persons are known by the ids of its clients only.
                        owned.remove(.named)
                        let mayFind = owned.contains(known.holder) && path.finds.contains(known.kind)
                        let told = stage.reveals(reply)
                        let comment: Comment = "\(path.name), \(known.holder) \(known.kind), \(caller)"
                        #expect(told.isSubset(of: mayFind ? [known.holder] : []), comment)
                        #expect(!reply.isPicture || mayFind, comment)
                        // The table is no table of refusals: what is one's own is found.
                        if mayFind { #expect(reply.isPicture || told == [known.holder], comment) }
                        if caller == .nobody { #expect(reply.status == 401 || reply.status == 404, comment) }
                    }
                }
            }
            // A seal is the right to its picture, as browsers need it.
            let sealed = try await stage.server.client.request(.GET, stage.sealedPath)
            #expect(sealed.body == (try Photo.personA2.bytes()))
            let member = try await OpenCVClient(server: stage.server).frServer.call(
                .GET, "person?collection_name=\(Stage.collection)&person_id=\(Stage.memberID)")
            #expect(stage.reveals(member) == [.named])

            try await searchesAndLists(stage)
            try await changes(stage)
        }
    }

    /// What is found by a face, and what is listed.
    private func searchesAndLists(_ stage: Stage) async throws {
        func expect(_ reply: HTTPReply, _ owned: Set<Stage.Holder>, _ comment: Comment) {
            #expect(reply.status < 300, comment)
            #expect(stage.reveals(reply).isSubset(of: owned), comment)
        }
        let openCV = OpenCVClient(server: stage.server)
        for (holder, photo) in Stage.photos {
            let image = try photo.base64()
            for method in ["FindFaces", "FindPasserBy"] {
                let body: [String: Any] = ["image": image, "findPersons": 100, "data": ["image": image, "sim": 0]]
                expect(try await Stage.faceIntellect(stage.server, method, body), [.shared], "\(method), \(holder)")
            }
            let users: [(EnfaceClient, Set<Stage.Holder>)] = [(stage.first, [.shared]), (stage.second, [.second])]
            for (client, owned) in users {
                let searched = try await client.form("action", [try .photo(photo), .text("results", "100")])
                expect(searched, owned, "action, \(holder)")
            }
            let body: [String: Any] = ["images": [image], "min_score": 0, "max_results": 500]
            expect(try await openCV.call(.POST, "search", body), [.shared], "search, \(holder)")
            let found = try await openCV.frServer.call(
                .POST, "face-search",
                ["collection_name": Stage.collection, "face_base_64": image, "min_score": 0, "max_results": 100])
            expect(found, [.named], "face-search, \(holder)")
        }
        let listed: [(String, Set<Stage.Holder>)] = [
            ("ReadPersons", [.shared]), ("GetProtocols", [.shared]), ("GetAnalityc", [.shared]),
        ]
        for (method, owned) in listed {
            let reply = try await Stage.faceIntellect(stage.server, method, ["pageSize": 1000])
            expect(reply, owned, "\(method)")
            #expect(stage.reveals(reply) == owned)
        }
        for resource in ["persons", "events", "configuration"] {
            expect(
                try await Stage.faceIntellect(stage.server, "web2/secure/\(resource)", nil), [.shared], "\(resource)")
        }
        expect(try await openCV.call(.GET, "persons?take=100"), [.shared], "persons")
        let members = try await openCV.frServer.call(.GET, "persons?collection_name=\(Stage.collection)")
        expect(members, [.named], "FR Server persons")

        // Another user's list is unknown, whatever is asked of it.
        let foreign = EnfaceClient(server: stage.server, base: "/neurovision/v1", token: stage.second.token)
        #expect(try await foreign.post("persons", ["list_id": stage.firstList]).status == 404)
        let vector = Array(repeating: "0.1", count: 128).joined(separator: ",")
        #expect(
            try await foreign.post(
                "vector/search", ["embeddings": vector, "list_ids": stage.firstList, "results": "all"]
            ).status == 404)
        let search = try await stage.second.form(
            "action", [try .photo(.obama), .text("person_list_search", stage.firstList)])
        #expect(search.status == 404)
    }

    /// Nobody changes what is not the own; what was changed all the same shows in the end.
    private func changes(_ stage: Stage) async throws {
        let openCV = OpenCVClient(server: stage.server)
        let photo = try Photo.personA2.base64()
        for known in stage.ids where known.holder != .shared {
            let id = known.id
            let replaced = try await Stage.faceIntellect(
                stage.server, "CreatePerson",
                ["id": id, "surname": "intruder", "department": "", "image": photo])
            // An id that nobody has as a person is free.
            #expect(known.kind == .picture || replaced.code != "SUCCESS")
            #expect(
                try await Stage.faceIntellect(stage.server, "UpdatePerson", ["id": id, "surname": "intruder"]).code
                    == "FAILED_TO_UPDATE_PERSON" || known.kind == .picture)
            if known.kind == .person {
                let deleted = try await Stage.faceIntellect(stage.server, "DeletePersons", ["id": [id]])
                #expect(deleted.code == "FAILED_TO_DELETE_PERSON")
                #expect(try await openCV.call(.DELETE, "person/\(id)").status == 404)
                #expect(try await openCV.call(.PATCH, "person", ["id": id, "name": "intruder"]).status == 404)
            }
        }
        for known in stage.ids where known.holder != .second && known.kind == .person {
            let second = stage.second
            for list in [EnfaceClient.defaultID, stage.firstList] {
                let named: [String: Any] = ["person_id": known.id, "list_id": list]
                let updated = try await second.post("person/update", named.merging(["fields": ["intruder"]]) { $1 })
                #expect(updated.status == 404)
                let deleted = try await second.post("person/delete", named)
                #expect(deleted.status == 404 || deleted.json["status"] as? String == "error")
                let enrolled = try await second.form(
                    "person/create",
                    [try .photo(.personA2), .text("replace_person_id", known.id), .text("list_id", list)])
                #expect(enrolled.status == 404 || enrolled.status == 400)
                let fused = try await EnfaceClient(
                    server: stage.server, base: "/neurovision/v1", token: second.token
                ).form(
                    "person/fusion", [try .photo(.personA2), .text("person_id", known.id), .text("list_id", list)])
                #expect(fused.status == 404)
            }
        }
        for holder in [Stage.Holder.firstList, .second] {
            let client = holder == .second ? stage.second : stage.first
            let list = holder == .second ? EnfaceClient.defaultID : stage.firstList
            let id = try #require(stage.ids.first { $0.holder == holder && $0.kind == .person }).id
            let reply = try await client.post("person", ["person_id": id, "list_id": list])
            #expect(stage.reveals(reply) == [holder] && !reply.text.contains("intruder"))
        }
    }
}
