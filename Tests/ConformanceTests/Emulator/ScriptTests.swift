import Foundation
import TestKit
import Testing

/// What recognition is told to see.
@Suite(.serialized)
struct ScriptTests {
    private static let server = Task { try await RunningServer(arguments: ["--emulator"]) }

    private func fresh() async throws -> EmulatorClient {
        let emulator = EmulatorClient(server: try await Self.server.value)
        #expect(try await emulator.call(.POST, "reset").status == 204)
        return emulator
    }

    @Test func `a picture means a person with a similarity, for one request and no other`() async throws {
        let emulator = try await fresh()
        let ana = try await emulator.dialect.create(["surname": "Ana"], photo: .personB1)
        let photo = try Photo.biden.bytes()
        let script = try await emulator.call(
            .POST, "scripts",
            ["picture": photo.base64(), "result": "person", "person": ana, "sim": 0.93, "count": 1])
        #expect(script.status == 201 && script.json["remaining"] as? Int == 1)
        // Another picture is seen as it is, and does not use the script up.
        _ = try await best(emulator, try Photo.personA1.bytes())
        #expect(try await emulator.call(.GET, "scripts").list("scripts").first?["used"] as? Int == 0)
        let scripted = try #require(try await best(emulator, photo))
        #expect(scripted["Id"] as? String == ana && scripted["Sim"] as? String == "0.93000000000000005")
        #expect(scripted["RecognitionCount"] as? Int == 1)
        let real = try #require(try await best(emulator, photo))
        #expect(similarity(real) < 0.1)
        #expect(try await emulator.call(.GET, "scripts").list("scripts").isEmpty)
    }

    @Test func `a marker holds for every picture that has it, until it is removed`() async throws {
        let emulator = try await fresh()
        let ana = try await emulator.dialect.create(["surname": "Ana"], photo: .personB1)
        let script = try await emulator.call(
            .POST, "scripts", ["marker": "ana-at-gate", "result": "person", "person": ana, "sim": 0.6])
        let marked = try Photo.biden.bytes() + Array("ana-at-gate".utf8)
        for _ in 0..<3 {
            #expect(try await best(emulator, marked)?["Id"] as? String == ana)
            #expect(try await best(emulator, Array("text with ana-at-gate".utf8))?["Id"] as? String == ana)
        }
        #expect(try await emulator.call(.GET, "scripts").list("scripts").first?["used"] as? Int == 6)
        let camera = try await emulator.addCamera()
        let reply = try await emulator.frame(marked, camera: camera)
        let hit = try #require((reply.list("faces").first?["hits"] as? [[String: Any]])?.first)
        #expect(hit["person"] as? String == ana && hit["sim"] as? Double == 0.6)
        let id = try #require(script.json["id"] as? String)
        #expect(try await emulator.call(.DELETE, "scripts/\(id)").status == 204)
        #expect(try await emulator.call(.DELETE, "scripts/\(id)").status == 404)
        #expect(similarity(try #require(try await best(emulator, marked))) < 0.1)
    }

    @Test func `no face, two faces, a stranger, low quality and not ready`() async throws {
        let emulator = try await fresh()
        _ = try await emulator.dialect.create(photo: .biden)
        let photo = try Photo.biden.bytes()
        func order(_ result: String) async throws -> (find: HTTPReply, create: HTTPReply) {
            _ = try await emulator.call(.DELETE, "scripts")
            _ = try await emulator.call(.POST, "scripts", ["result": result, "count": 2])
            let find = try await emulator.dialect.call("FindFaces", ["findPersons": 1, "image": photo.base64()])
            let create = try await emulator.dialect.call(
                "CreatePerson", ["surname": "S", "department": "", "image": photo.base64()])
            #expect(try await emulator.call(.GET, "scripts").list("scripts").isEmpty)
            return (find, create)
        }
        let none = try await order("no-face")
        #expect((none.find.json["FaceList"] as? [Any])?.isEmpty == true && none.create.code == "FACE_NOT_FOUND")
        let two = try await order("two-faces")
        #expect(two.find.list("FaceList").count == 2 && two.create.code == "FAILED_TO_ADD_PERSON_MANY_FACES")
        let stranger = try await order("stranger")
        let match = try #require((stranger.find.list("FaceList").first?["PersonList"] as? [[String: Any]])?.first)
        #expect(similarity(match) < 0.1)
        _ = try await emulator.call(.PATCH, "settings", ["minimumPhotoQuality": 0.5])
        let low = try await order("low-quality")
        #expect(low.find.list("FaceList").first?["quality"] as? Double == 0.1)
        #expect(low.create.code == "FAILED_TO_ADD_PERSON")
        let busy = try await order("not-ready")
        #expect(busy.find.code == "SERVER_NOT_READY" && busy.create.code == "SERVER_NOT_READY")
        // And nothing else afterwards.
        #expect(similarity(try #require(try await best(emulator, photo))) >= 0.999)
    }

    @Test func `a scripted person who is not there is a face without matches`() async throws {
        let emulator = try await fresh()
        _ = try await emulator.dialect.create(photo: .biden)
        _ = try await emulator.call(.POST, "scripts", ["result": "person", "person": UUID().uuidString])
        let reply = try await emulator.dialect.call("FindFaces", ["image": try Photo.biden.base64()])
        #expect((reply.list("FaceList").first?["PersonList"] as? [Any])?.isEmpty == true)
    }

    @Test(arguments: [
        "{}", #"{"result":"nonsense"}"#, #"{"result":"person"}"#, #"{"result":"person","person":""}"#,
        #"{"result":"person","person":"1","sim":1.5}"#, #"{"result":"person","person":"1","sim":"x"}"#,
        #"{"result":"no-face","count":0}"#, #"{"result":"no-face","count":"many"}"#,
        #"{"result":"no-face","picture":"!"}"#, #"{"result":"no-face","picture":5}"#,
        #"{"result":"no-face","sha256":"abc"}"#, #"{"result":"no-face","marker":""}"#, "[]", "{",
    ])
    func `a bad script is refused`(body: String) async throws {
        let emulator = try await fresh()
        let reply = try await emulator.server.client.post("/emulator/scripts", body)
        #expect(reply.status == 400, "\(reply.text)")
        #expect(try await emulator.call(.GET, "scripts").list("scripts").isEmpty)
    }

    /// The best match of the only face.
    private func best(_ emulator: EmulatorClient, _ picture: [UInt8]) async throws -> [String: Any]? {
        let reply = try await emulator.dialect.call("FindFaces", ["findPersons": 1, "image": picture.base64()])
        return (reply.list("FaceList").first?["PersonList"] as? [[String: Any]])?.first
    }
}
