import Foundation
import TestKit
import Testing

/// Cameras and their frames.
struct CameraTests {
    @Test func `cameras are added, listed, renamed and forgotten`() async throws {
        let emulator = try await EmulatorClient.shared()
        let id = uniqueWord()
        let added = try await emulator.call(.POST, "cameras", ["id": id, "name": "Gate 2"])
        #expect(added.status == 201)
        #expect(added.json as? [String: String] == ["id": id, "name": "Gate 2"])
        #expect(try await emulator.call(.POST, "cameras", ["id": id.lowercased(), "name": "x"]).status == 409)
        #expect(try await emulator.call(.PATCH, "cameras/\(id)", ["name": "Gate 3"]).status == 200)
        func names() async throws -> [String] {
            try await emulator.call(.GET, "cameras").list("cameras").filter { $0["id"] as? String == id }
                .compactMap { $0["name"] as? String }
        }
        #expect(try await names() == ["Gate 3"])
        #expect(try await emulator.call(.DELETE, "cameras/\(id)").status == 204)
        #expect(try await names() == [])
        #expect(try await emulator.call(.DELETE, "cameras/\(id)").status == 404)
        #expect(try await emulator.call(.PATCH, "cameras/\(id)", ["name": "x"]).status == 404)
    }

    @Test func `a frame is sent as it is, in base64 or as a form`() async throws {
        let emulator = try await EmulatorClient.shared()
        let camera = try await emulator.addCamera()
        let photo = try Photo.biden.bytes()
        let raw = try await emulator.frame(photo, camera: camera, at: "2035-01-01T12:00:00")
        let json = try await emulator.call(
            .POST, "cameras/\(camera)/frames", ["image": photo.base64(), "timestamp": "2035-01-01T13:00:00.250"])
        let form = try await emulator.server.client.request(
            .POST, "/emulator/cameras/\(camera)/frames",
            headers: ["Content-Type": "multipart/form-data; boundary=\"cut here\""],
            body: Array("--cut here\r\nContent-Disposition: form-data; name=\"timestamp\"\r\n\r\n".utf8)
                + Array("2035-01-01T14:00:00Z\r\n--cut here\r\nContent-Disposition: form-data; name=\"image\"; ".utf8)
                + Array("filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n".utf8) + photo
                + Array("\r\n--cut here--\r\n".utf8))
        for reply in [raw, json, form] {
            #expect(reply.status == 200, "\(reply.text)")
            #expect(reply.list("faces").count == 1)
        }
        #expect(
            try await emulator.protocols(["cameraIds": [camera]]).map { $0["timestamp"] as? String } == [
                "2035-01-01T14:00:00.000", "2035-01-01T13:00:00.250", "2035-01-01T12:00:00.000",
            ])
    }

    @Test func `every face of a frame has a row with a picture of its own`() async throws {
        let emulator = try await EmulatorClient.shared()
        let camera = try await emulator.addCamera()
        let reply = try await emulator.frame(try Pictures.eightFaces(), camera: camera, at: "2035-02-01T12:00:00")
        let ids = try #require(reply.json["protocols"] as? [String])
        #expect(Set(ids).count == 8)
        #expect(
            Set(try await emulator.protocols(["cameraIds": [camera]]).compactMap { $0["id"] as? String }) == Set(ids))
        var pictures: Set<[UInt8]> = []
        for id in ids { pictures.insert(try await emulator.dialect.image(id).body) }
        #expect(pictures.count == 8)
    }

    @Test func `a frame without a face has no rows`() async throws {
        let emulator = try await EmulatorClient.shared()
        let camera = try await emulator.addCamera()
        let reply = try await emulator.frame(try Pictures.plain(), camera: camera)
        #expect(reply.status == 200)
        #expect((reply.json["protocols"] as? [Any])?.isEmpty == true)
    }

    @Test func `the frames of one pass are one row with the best picture`() async throws {
        let emulator = try await EmulatorClient.shared()
        let person = try await emulator.dialect.create(photo: .impostor1)
        let camera = try await emulator.addCamera()
        let first = try await emulator.frame(try Photo.obama2.bytes(), camera: camera, at: "2035-03-01T12:00:00")
        let id = try #require(first.list("faces").first?["protocol"] as? String)
        let worse = try await emulator.dialect.image(id).body
        let sharper = try await emulator.frame(try Photo.obama.bytes(), camera: camera, at: "2035-03-01T12:00:00.900")
        let face = try #require(sharper.list("faces").first)
        #expect(face["protocol"] as? String == id && face["isNew"] as? Bool == false)
        #expect((face["events"] as? [Any])?.isEmpty == true)
        #expect(try await emulator.dialect.image(id).body != worse)
        // Out of view for longer than a second: another pass.
        let later = try await emulator.frame(try Photo.obama2.bytes(), camera: camera, at: "2035-03-01T12:00:02")
        #expect(later.list("faces").first?["isNew"] as? Bool == true)
        let rows = try await emulator.protocols(["cameraIds": [camera]])
        #expect(rows.map { $0["timestamp"] as? String } == ["2035-03-01T12:00:02.000", "2035-03-01T12:00:00.000"])
        #expect(rows.allSatisfy { ($0["Hits"] as? [Any])?.isEmpty == false })
        #expect(try await emulator.dialect.person(person) != nil)
    }

    @Test func `a camera's id may be in any script, and its rows are found by it`() async throws {
        let emulator = try await EmulatorClient.shared()
        for id in ["Камера \(uniqueWord())", "Tür ÄÖ \(uniqueWord())"] {
            #expect(try await emulator.call(.POST, "cameras", ["id": id]).status == 201)
            let path = try #require(id.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            let ids = try await emulator.pass(.biden, camera: path, at: "2035-04-01T12:00:00")
            #expect(try await emulator.protocols(["cameraIds": [id]]).map { $0["id"] as? String } == ids)
            #expect(try await emulator.call(.DELETE, "cameras/\(path)").status == 204)
        }
    }

    @Test func `a person who is enrolled while in view is recognised in the same pass`() async throws {
        try await EmulatorClient.with { emulator in
            let camera = try await emulator.addCamera()
            let before = try await emulator.frame(try Photo.biden.bytes(), camera: camera, at: "2035-05-01T12:00:00")
            let id = try await emulator.dialect.create(photo: .biden)
            let after = try await emulator.frame(try Photo.biden.bytes(), camera: camera, at: "2035-05-01T12:00:00.5")
            let (first, second) = (before.list("faces").first, after.list("faces").first)
            #expect(second?["protocol"] as? String == first?["protocol"] as? String)
            #expect(first?["events"] as? [String] == ["PERSON_NOT_FOUND"])
            #expect(second?["events"] as? [String] == ["FIND_PERSON"])
            #expect(try await emulator.dialect.person(id)?["RecognitionCount"] as? Int == 1)
            #expect(try await emulator.protocols(["sim_min": 1]).count == 1)
        }
    }

    @Test func `strangers become persons where the settings say so`() async throws {
        try await EmulatorClient.with { emulator in
            let camera = try await emulator.addCamera()
            _ = try await emulator.call(
                .PATCH, "settings",
                ["addsUnrecognised": true, "unrecognisedDepartment": "Strangers", "unrecognisedRetentionDays": 7])
            let reply = try await emulator.frame(try Photo.biden.bytes(), camera: camera, at: nil)
            let id = try #require(reply.list("faces").first?["addedPerson"] as? String)
            let row = try #require(try await emulator.dialect.person(id))
            #expect(row["AutoCreated"] as? Bool == true)
            #expect(row["Surname"] as? String == id && row["Department"] as? String == "Strangers")
            #expect(try await emulator.dialect.image(try #require(row["ImageId"] as? String)).status == 200)
            // The next pass is recognised, and nobody is added twice.
            _ = try await emulator.call(.POST, "clock/advance", ["seconds": 60])
            let again = try await emulator.frame(try Photo.biden.bytes(), camera: camera, at: nil)
            #expect(again.list("faces").first?["addedPerson"] is NSNull)
            #expect(try await emulator.dialect.person(id)?["RecognitionCount"] as? Int == 1)
            // Quality below the limit adds nobody.
            _ = try await emulator.call(.PATCH, "settings", ["minimumEnrolmentQuality": 1])
            let poor = try await emulator.frame(try Photo.obama2.bytes(), camera: camera, at: nil)
            #expect(poor.list("faces").first?["addedPerson"] is NSNull)
            _ = try await emulator.call(.POST, "clock/advance", ["seconds": 8 * 86400])
            #expect(try await emulator.call(.POST, "sweep").json["persons"] as? Int == 1)
            #expect(try await emulator.dialect.person(id) == nil)
        }
    }

    @Test func `a face of too low a quality is logged and compared with nobody`() async throws {
        try await EmulatorClient.with { emulator in
            _ = try await emulator.dialect.create(photo: .obama)
            let camera = try await emulator.addCamera()
            _ = try await emulator.call(
                .PATCH, "settings", ["minimumRecognitionQuality": 0.95, "estimatesAttributes": false])
            try await emulator.pass(.obama2, camera: camera)
            let row = try #require(try await emulator.protocols([:]).first)
            #expect((row["Hits"] as? [Any])?.isEmpty == true)
            #expect(row["age"] as? Int == 0 && row["gender"] as? Int == 0)
            let entry = try #require(try await emulator.call(.GET, "journal").list("entries").last)
            #expect(entry["method"] as? String == "GetProtocols")
        }
    }

    @Test(arguments: [
        ("POST", "cameras", #"{"id":"","name":"x"}"#, 400), ("POST", "cameras", #"{"name":"x"}"#, 400),
        ("POST", "cameras", #"{"id":[1]}"#, 400), ("POST", "cameras", "[1]", 400), ("POST", "cameras", "", 400),
        ("POST", "cameras", #"{"id":"\u0000"}"#, 400), ("PATCH", "cameras/none", #"{"name":""}"#, 400),
        ("PATCH", "cameras/none", #"{"name":{}}"#, 400), ("PATCH", "cameras/none", #"{"name":"x"}"#, 404),
        ("PUT", "cameras", "{}", 405), ("GET", "cameras/x/frames", "", 405), ("GET", "nothing", "", 404),
        ("POST", "cameras/none/frames", "x", 422), ("POST", "cameras/none/frames", "", 400),
        ("POST", "cameras/none/frames", "{}", 400), ("POST", "cameras/none/frames", #"{"image":"!"}"#, 400),
        ("POST", "cameras/none/frames", #"{"image":"QUJD","timestamp":"now"}"#, 400),
        ("POST", "cameras/none/frames?timestamp=yesterday", "x", 400),
    ])
    func `a bad call is refused with a reason`(verb: String, path: String, body: String, status: Int) async throws {
        let emulator = try await EmulatorClient.shared()
        var path = path
        if status == 422 {
            let camera = try await emulator.addCamera()
            path = path.replacing("none", with: camera)
        }
        let reply = try await emulator.server.client.request(
            .init(rawValue: verb), "/emulator/\(path)", body: body.isEmpty && verb == "GET" ? nil : Array(body.utf8))
        #expect(reply.status == status, "\(reply.text)")
        #expect((reply.json["error"] as? String)?.isEmpty == false)
    }

    @Test func `an unknown camera and a long name are refused`() async throws {
        let emulator = try await EmulatorClient.shared()
        #expect(try await emulator.frame(try Photo.biden.bytes(), camera: uniqueWord()).status == 404)
        let long = String(repeating: "x", count: 257)
        #expect(try await emulator.call(.POST, "cameras", ["id": long]).status == 400)
        #expect(try await emulator.call(.POST, "cameras", ["id": uniqueWord(), "name": long]).status == 400)
    }

    @Test(arguments: Pictures.broken)
    func `a frame that is no picture is refused`(picture: Pictures.Broken) async throws {
        let emulator = try await EmulatorClient.shared()
        let camera = try await emulator.addCamera()
        let reply = try await emulator.frame(try picture.bytes(), camera: camera)
        #expect(reply.status == 422 || (reply.status == 200 && reply.list("faces").isEmpty), "\(reply.text)")
        #expect(try await emulator.protocols(["cameraIds": [camera]]).isEmpty)
    }

    @Test func `without the switch there is no emulator`() async throws {
        let server = try await RunningServer.shared()
        #expect(try await server.client.request(.GET, "/emulator").status == 404)
        #expect(try await server.client.post("/emulator/reset", "{}").status == 404)
    }
}
