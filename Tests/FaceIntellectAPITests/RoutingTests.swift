import FaceIntellectAPI
import Foundation
import HTTPSupport
import Hummingbird
import NIOHTTP1
import Recognition
import TestKit
import Testing

struct RoutingTests {
    @Test(arguments: [
        ("/firserver/FindFaces", "FindFaces", nil), ("/prefix/firserver/FindFaces", "FindFaces", nil),
        ("/web2/secure/face/firserver/FindFaces", "FindFaces", nil),
        ("/web2/secure/face/7/firserver/FindFaces", "FindFaces", "7"), ("/FirServer/findfaces/", "findfaces", nil),
        ("//firserver//FindFaces", "FindFaces", nil), ("/a/b/c/firserver/X", "X", nil), ("/firserver", "", nil),
        ("/firserver/firserver", "firserver", nil), ("/face/%31/firserver/X", "X", "1"),
    ])
    func `the segment after firserver is the method`(path: String, method: String, serverID: String?) throws {
        let parsed = try #require(MethodPath(path))
        #expect(parsed.method == method)
        #expect(parsed.serverID == serverID)
    }

    @Test func `segments after the method are its arguments`() {
        #expect(MethodPath("/firserver/GetImage/1/%7BAB%7D")?.arguments == ["1", "{AB}"])
    }

    @Test(arguments: ["/", "", "/firservers/FindFaces", "/metrics", "/api/v1/firserve"])
    func `other paths are left to others`(path: String) {
        #expect(MethodPath(path) == nil)
    }

    @Test func `routes of other dialects still work`() async throws {
        let router = Router.server()
        FaceIntellectAPI(service: FailingService(error: .noFace), configuration: .init(sourceID: UUID())).add(
            to: router)
        router.get("healthz") { _, _ in "ok" }
        try await withServer(router) { client in
            let known = try await client.request(.GET, "/healthz")
            #expect(known.text == "ok")
            let unknown = try await client.request(.GET, "/elsewhere")
            #expect(unknown.status == 404)
            #expect(unknown.json["error"] != nil)
        }
    }

    @Test(arguments: [
        ("card<789>,facility_code<12345>", #"{"card":"789","facility_code":"12345"}"#), ("a<>", #"{"a":""}"#),
        ("a<x\"y>, b<2>", #"{"a":"x\"y","b":"2"}"#), ("", nil), ("no columns", nil), ("a<1", nil), ("<1>", nil),
    ])
    func `columns of the older form become an object`(text: String, json: String?) {
        #expect(PlatformAttributes.object(from: text) == json)
    }
}
