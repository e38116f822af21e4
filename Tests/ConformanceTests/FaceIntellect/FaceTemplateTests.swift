import FaceModel
import Foundation
import TestKit
import Testing

/// Templates in place of photos: `fir` of CreatePerson, `image` of FindFaces.
struct FaceTemplateTests {
    /// A template of the installed model in a random direction, which is far from every face.
    private func template() throws -> FaceTemplate {
        let file = Checkout.models.appending(path: "model.json")
        let manifest = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        let sum = try #require(manifest["sha256"] as? String)
        let dimension = try #require(manifest["dimension"] as? Int)
        let model = try #require(ModelFingerprint(sha256: sum))
        let values = (0..<dimension).map { _ in Float.random(in: -1...1) }
        return FaceTemplate(model: model, embedding: try #require(Embedding(normalizing: values)))
    }

    @Test(
        .contract(
            .createPerson,
            .differs("a template has a format of its own: no engine of the product made it, and `fir.engine` is 0")))
    func `a person with a template needs no face in the photo and is found by the template`() async throws {
        let client = try await FaceIntellectClient.shared()
        let template = try template().bytes.base64()
        let photo = try Pictures.plain()
        let id = try await client.create(["image": photo.base64(), "fir": template])
        #expect(try await client.image(id).body == photo)
        let reply = try await client.call("FindFaces", ["findPersons": 1, "image": template])
        #expect(reply.status == 200)
        let faces = reply.list("FaceList")
        #expect(faces.count == 1)
        #expect(faces.first?["faceRectWidth"] == nil)
        let row = try #require((faces.first?["PersonList"] as? [[String: Any]])?.first)
        #expect(row["Id"] as? String == id)
        #expect(similarity(row) >= 0.999)
    }

    @Test(.contract(.createPerson, .decided)) func `a template of another model or length is refused`() async throws {
        let client = try await FaceIntellectClient.shared()
        let good = try template()
        let foreign = FaceTemplate(
            model: ModelFingerprint(bytes: [1, 2, 3, 4, 5, 6, 7, 8]), embedding: good.embedding)
        for bytes in [foreign.bytes, Array(good.bytes.dropLast()), good.bytes + [0], [2] + good.bytes.dropFirst()] {
            let body: [String: Any] = [
                "surname": "S", "department": "", "image": try Pictures.plain().base64(), "fir": bytes.base64(),
            ]
            #expect(try await client.call("CreatePerson", body).code == "FAILED_TO_ADD_PERSON")
            let found = try await client.call("FindFaces", ["findPersons": 1, "image": bytes.base64()])
            #expect(found.code == "FACE_NOT_FOUND")
            #expect((found.json["FaceList"] as? [Any])?.isEmpty == true)
        }
    }
}
