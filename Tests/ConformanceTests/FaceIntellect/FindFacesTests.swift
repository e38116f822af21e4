import Foundation
import TestKit
import Testing

/// Searches whose answer does not depend on who else is in the database.
struct FindFacesTests {
    @Test(.contract(.findFaces, .documented)) func `a face has a place, a quality and a list of persons`() async throws
    {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create(photo: .biden)
        let reply = try await client.call(
            "FindFaces", ["server_id": "1", "findPersons": 1_000_000_000, "image": try Photo.biden.base64()])
        #expect(reply.status == 200)
        #expect(reply.code == nil)
        #expect(reply.json["ProcessedFindFacesDuration"] is Int)
        #expect(reply.text.wholeMatch(of: /.*"ProcessedFindFacesDuration":\d+}/.dotMatchesNewlines()) != nil)
        let faces = reply.list("FaceList")
        try #require(faces.count == 1)
        let face = faces[0]
        let quality = try #require(face["quality"] as? Double)
        #expect(0...1 ~= quality)
        #expect(try number(face, "eyeLeftX") < number(face, "eyeRightX"))
        let left = try number(face, "faceRectLeft")
        let top = try number(face, "faceRectTop")
        for eye in ["eyeLeft", "eyeRight"] {
            #expect(left...left + (try number(face, "faceRectWidth")) ~= (try number(face, eye + "X")))
            #expect(top...top + (try number(face, "faceRectHeight")) ~= (try number(face, eye + "Y")))
        }
        for key in [
            "faceRectLeft", "faceRectTop", "faceRectWidth", "faceRectHeight", "ProcessedPersons",
            "ProcessedPersonsDuration",
        ] {
            #expect(face[key] is Int)
        }
        let rows = try #require(face["PersonList"] as? [[String: Any]])
        // Other tests may delete persons between the comparison and the reading of the rows.
        #expect(try Double(rows.count) <= number(face, "ProcessedPersons"))
        #expect(Set(rows.compactMap { $0["Id"] as? String }).count == rows.count)
        let similarities = rows.map { similarity($0) }
        #expect(similarities == similarities.sorted(by: >))
        #expect(similarities.allSatisfy { 0...1 ~= $0 })
        let own = try #require(rows.first { $0["Id"] as? String == id })
        #expect(similarity(own) >= 0.999)
    }

    @Test(.contract(.findFaces, .decided), arguments: ["", "not base64!", "data:text/plain;base64,AAAA"])
    func `what is no base64 is answered like a picture without a face`(image: String) async throws {
        try await expectNoFace(["findPersons": 1, "image": image])
        try await expectNoFace(["findPersons": 1])
        try await expectNoFace(["findPersons": 1, "image": [image]])
    }

    @Test(.contract(.findFaces, .decided), arguments: Pictures.broken)
    func `what is no picture is answered like a picture without a face`(picture: Pictures.Broken) async throws {
        try await expectNoFace(["findPersons": 1, "image": try picture.bytes().base64()])
    }

    @Test(.contract(.findFaces, .observed)) func `a picture without a face has an empty list`() async throws {
        try await expectNoFace(["findPersons": 1, "image": try Pictures.plain().base64()])
    }

    @Test(.contract(.findFaces, .decided)) func `eight faces are eight elements, largest first`() async throws {
        let reply = try await FaceIntellectClient.shared().call(
            "FindFaces", ["findPersons": 1, "image": try Pictures.eightFaces().base64()])
        let faces = reply.list("FaceList")
        #expect(faces.count == 8)
        // The sides are rounded to pixels, so equal areas may seem to be out of order by a row or a column.
        let areas = try faces.map { try number($0, "faceRectWidth") * number($0, "faceRectHeight") }
        for (larger, smaller) in zip(areas, areas.dropFirst()) { #expect(smaller < larger * 1.02) }
    }

    private func expectNoFace(_ body: [String: Any]) async throws {
        let reply = try await FaceIntellectClient.shared().call("FindFaces", body)
        #expect(reply.status == 200)
        #expect((reply.json["FaceList"] as? [Any])?.isEmpty == true)
        #expect(reply.json["ProcessedFindFacesDuration"] is Int)
        #expect(reply.code == "FACE_NOT_FOUND")
        #expect(reply.json["Description"] as? String == "Face not found on supplied image")
    }

    private func number(_ face: [String: Any], _ key: String) throws -> Double {
        try #require((face[key] as? NSNumber)?.doubleValue)
    }
}
