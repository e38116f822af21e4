import NIOHTTP1
import TestKit
import Testing

struct FaceErrorDescriptionsTests {
    @Test(
        .contract(.faceErrorDescriptions, .documented),
        arguments: [(HTTPMethod.POST, nil), (.POST, "{}"), (.POST, "no JSON"), (.GET, nil)])
    func `all eight codes are described and nothing else`(verb: HTTPMethod, body: String?) async throws {
        let reply = try await RunningServer.shared().client.request(
            verb, "/firserver/FaceErrorDescriptions", body: body.map { Array($0.utf8) })
        #expect(reply.status == 200)
        #expect(
            reply.json as? [String: String] == [
                "FAILED_TO_ADD_PERSON": "Failed to add person. Check request parameters or database",
                "FACE_NOT_FOUND": "Face not found on supplied image",
                "MAXIMUM_FIRS": "Maximum FIR in database",
                "SERVER_NOT_READY": "Server is initializing, please wait",
                "FAILED_TO_DELETE_PERSON": "Failed to delete person. Check request parameters or database",
                "FAILED_TO_ADD_PERSON_MANY_FACES": "The image shown has more than one face",
                "FAILED_TO_SAVE_DATABASE": "Failed to save person. Check request parameters or database",
                "FAILED_TO_UPDATE_PERSON": "Failed to update person. Check request parameters or database",
            ])
    }
}
