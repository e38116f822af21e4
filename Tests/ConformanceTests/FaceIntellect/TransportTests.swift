import Foundation
import NIOHTTP1
import TestKit
import Testing

/// Addresses, verbs, headers, bodies: what holds for every method.
struct TransportTests {
    @Test(
        .contract(.transport, .observed),
        arguments: [
            "/firserver/ReadPersons", "/prefix/firserver/ReadPersons", "/web2/secure/face/firserver/ReadPersons",
            "/web2/secure/face/1/firserver/ReadPersons", "/firserver/ReadPersons/", "/firserver/readpersons",
            "/firserver/READPERSONS?x=1", "/FirServer/ReadPersons",
        ])
    func `every form of the address leads to the method`(path: String) async throws {
        let client = try await FaceIntellectClient.shared()
        let reply = try await client.server.client.post(path, "{}")
        #expect(reply.status == 200)
        #expect(reply.code == "OK")
    }

    @Test(.contract(.transport, .decided)) func `the server in the path counts when the body names none`() async throws
    {
        let http = try await RunningServer.shared().client
        #expect(try await http.post("/web2/secure/face/2/firserver/ReadPersons", "{}").code == "SERVER_NOT_READY")
        #expect(
            try await http.post("/web2/secure/face/2/firserver/ReadPersons", #"{"server_id":"1"}"#).code == "OK")
        #expect(
            try await http.post("/web2/secure/face/1/firserver/ReadPersons", #"{"server_id":"2"}"#).code
                == "SERVER_NOT_READY")
    }

    @Test(
        .contract(.transport, .decided),
        arguments: [
            #"{"server_id":"1"}"#, #"{"server_id":1}"#, #"{"server_id":" 1 "}"#, #"{"server_id":null}"#, "{}",
            "\u{FEFF}{\"unknown\":[{}]}",
        ])
    func `a request that names no server or this one is answered`(body: String) async throws {
        let reply = try await FaceIntellectClient.shared().call("ReadPersons", text: body)
        #expect(reply.status == 200)
        #expect(reply.code == "OK")
    }

    @Test(
        .contract(.transport, .decided),
        arguments: ["CreatePerson", "UpdatePerson", "DeletePersons", "ReadPersons", "FindFaces"])
    func `a request for another server gets SERVER_NOT_READY`(method: String) async throws {
        let reply = try await FaceIntellectClient.shared().call(method, ["server_id": "2", "id": ["*all*"]])
        #expect(reply.status == 200)
        #expect(reply.code == "SERVER_NOT_READY")
    }

    @Test(.contract(.transport, .decided)) func `the check of the server's number can be switched off`() async throws {
        let server = try await RunningServer(arguments: [
            "--face-intellect-server-id", "7", "--face-intellect-accept-any-server-id", "true",
        ])
        let client = FaceIntellectClient(server: server)
        #expect(try await client.call("ReadPersons", ["server_id": "1"]).code == "OK")
        #expect(try await client.call("ReadPersons", ["server_id": "7"]).code == "OK")
        #expect(await server.stop() == 0)
    }

    @Test(
        .contract(.transport, .decided),
        arguments: [nil, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8"])
    func `the content type of a request does not matter`(type: String?) async throws {
        let http = try await RunningServer.shared().client
        let headers = type.map { HTTPHeaders([("Content-Type", $0)]) } ?? [:]
        #expect(try await http.post("/firserver/ReadPersons", "{}", headers: headers).code == "OK")
    }

    @Test(.contract(.transport, .observed)) func `credentials and cookies are ignored`() async throws {
        let http = try await RunningServer.shared().client
        let headers: HTTPHeaders = ["Authorization": "Basic d3Jvbmc6d3Jvbmc=", "Cookie": "JSESSIONID=1"]
        #expect(try await http.post("/firserver/ReadPersons", "{}", headers: headers).code == "OK")
    }

    @Test(
        .contract(.transport, .documented),
        arguments: [
            (HTTPMethod.POST, "ReadPersons", "POST"), (.POST, "CreatePerson", "POST"), (.POST, "Unknown", "POST"),
            (.GET, "GetImage/1/00000000-0000-0000-0000-000000000000", "GET"),
        ])
    func `every answer has the documented headers`(verb: HTTPMethod, method: String, allow: String) async throws {
        let http = try await RunningServer.shared().client
        let reply = try await http.request(verb, "/firserver/\(method)", body: verb == .POST ? Array("{}".utf8) : nil)
        #expect(reply.headers["Allow"] == [allow])
        #expect(reply.headers["Content-Length"] == ["\(reply.body.count)"])
        #expect(reply.headers["Content-Type"].count == 1)
        #expect(reply.headers["Server"] == ["firserver"])
        #expect(reply.headers["Date"].count == 1)
        #expect(reply.headers["Access-Control-Request-Method"] == ["POST"])
        #expect(reply.headers["Access-Control-Origin"] == ["*"])
        #expect(reply.headers["Access-Control-Allow-Origin"] == ["*"])
    }

    @Test(.contract(.transport, .decided)) func `JSON says what it is and leaves slashes alone`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create(["surname": "a/b"])
        let reply = try await client.call("ReadPersons", ["id": [id]])
        #expect(reply.headers["Content-Type"] == ["application/json; charset=utf-8"])
        #expect(reply.text.contains(#""Surname":"a/b""#))
    }

    @Test(
        .contract(.transport, .decided), arguments: ["FindFaces", "GetImage/1/x", "FaceErrorDescriptions", "Nothing"])
    func `a browser that asks first is told what it may send`(method: String) async throws {
        let reply = try await RunningServer.shared().client.request(.OPTIONS, "/firserver/\(method)")
        #expect(reply.status == 204)
        #expect(reply.body.isEmpty)
        #expect(reply.headers["Access-Control-Allow-Origin"] == ["*"])
        #expect(reply.headers["Access-Control-Allow-Methods"] == ["POST, GET, OPTIONS"])
        #expect(reply.headers["Access-Control-Allow-Headers"] == ["Content-Type, Authorization"])
    }

    @Test(
        .contract(.transport, .decided),
        arguments: [
            (HTTPMethod.GET, "CreatePerson", "POST"), (.PUT, "UpdatePerson", "POST"),
            (.DELETE, "DeletePersons", "POST"),
            (.GET, "ReadPersons", "POST"), (.HEAD, "FindFaces", "POST"), (.POST, "GetImage/1/x", "GET"),
            (.PUT, "FaceErrorDescriptions", "POST"),
        ])
    func `a wrong verb is 405 and the right one is named`(
        verb: HTTPMethod, method: String, allow: String
    ) async throws {
        let reply = try await RunningServer.shared().client.request(verb, "/firserver/\(method)")
        #expect(reply.status == 405)
        #expect(reply.headers["Allow"].first?.hasPrefix(allow) == true)
        if verb != .HEAD { #expect(Set(reply.json.keys) == ["Status", "Result", "Description"]) }
    }

    @Test(
        .contract(.transport, .decided),
        arguments: ["Unknown", "", "CreatePersons", "Create%20Person", "../firserver/x"])
    func `an unknown method is 404`(method: String) async throws {
        let reply = try await RunningServer.shared().client.post("/firserver/\(method)", "{}")
        #expect(reply.status == 404)
        #expect(reply.code == "UNKNOWN_METHOD")
        #expect(reply.json["Result"] as? String == "")
        #expect((reply.json["Description"] as? String)?.isEmpty == false)
    }

    @Test(
        .contract(.transport, .decided),
        arguments: ["CreatePerson", "UpdatePerson", "DeletePersons", "ReadPersons", "FindFaces"])
    func `a body that is no JSON object is 400 in the method's failure shape`(method: String) async throws {
        let codes = [
            "CreatePerson": "FAILED_TO_ADD_PERSON", "UpdatePerson": "FAILED_TO_UPDATE_PERSON",
            "DeletePersons": "FAILED_TO_DELETE_PERSON", "ReadPersons": "SERVER_NOT_READY",
            "FindFaces": "FACE_NOT_FOUND",
        ]
        let client = try await FaceIntellectClient.shared()
        for body in ["", "no JSON", "[]", "\"text\"", "1", "null", "{", "{\"a\":1}x", "{\"a\":\u{1}}", "image=AAAA"] {
            let reply = try await client.call(method, text: body)
            #expect(reply.status == 400, "\(body)")
            #expect(reply.code == codes[method], "\(body)")
            switch method {
            case "ReadPersons": #expect(reply.json["PersonList"] is [Any] && reply.json["Responce"] is [String: Any])
            case "FindFaces": #expect(reply.json["FaceList"] is [Any])
            default: #expect(reply.json["Result"] as? String == "")
            }
        }
    }

    @Test(.contract(.transport, .decided)) func `a body above the limit is 413 at once`() async throws {
        let raw = try await RawConnection.connect(port: RunningServer.shared().port)
        try await raw.send(
            "POST /firserver/FindFaces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40000000\r\n\r\n{\"image\":\"")
        #expect(try await raw.waits(for: "HTTP/1.1 413"))
        #expect(try await raw.waits(for: "\"Status\":"))
        #expect(try await raw.waitsForClose())
    }

    @Test(.contract(.transport, .decided)) func `a body of exactly 32 MiB passes`() async throws {
        let object = Array(#"{"server_id":"1"}"#.utf8)
        let body = object + [UInt8](repeating: 0x20, count: (32 << 20) - object.count)
        let http = try await RunningServer.shared().client
        #expect(try await http.request(.POST, "/firserver/ReadPersons", body: body).code == "OK")
        let larger = try await http.request(.POST, "/firserver/ReadPersons", body: body + [0x20])
        #expect(larger.status == 413)
        #expect(Set(larger.json.keys) == ["Status", "Result", "Description"])
    }

    @Test(.contract(.transport, .decided)) func `a client that waits for 100 is told to continue`() async throws {
        let raw = try await RawConnection.connect(port: RunningServer.shared().port)
        try await raw.send(
            "POST /firserver/ReadPersons HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        )
        #expect(try await raw.waits(for: "HTTP/1.1 100 Continue"))
        try await raw.send("{}")
        #expect(try await raw.waits(for: "\"PersonList\""))
    }

    @Test(.contract(.transport, .decided)) func `chunked bodies on a connection that is kept`() async throws {
        let raw = try await RawConnection.connect(port: RunningServer.shared().port)
        let head = "POST /firserver/ReadPersons HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        try await raw.send(head + "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")
        #expect(try await raw.waits(for: "\"Status\":\"OK\"}"))
        try await raw.send(head.replacing("ReadPersons", with: "GetProtocols") + "2\r\n{}\r\n0\r\n\r\n")
        #expect(try await raw.waits(for: "\"Protocols\""))
        #expect(!raw.isClosed)
    }

    @Test(.contract(.transport, .decided)) func `what is no HTTP does not harm the server`() async throws {
        let server = try await RunningServer.shared()
        for garbage in ["\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "POST / HTTP/9.9\r\n\r\n", "{\"a\":1}\r\n\r\n"] {
            let raw = try await RawConnection.connect(port: server.port)
            try await raw.send(garbage)
            _ = try await raw.waitsForClose(within: .seconds(5))
        }
        #expect(try await server.client.post("/firserver/ReadPersons", "{}").code == "OK")
    }

    @Test(.contract(.transport, .decided)) func `a request that is broken off does nothing`() async throws {
        let client = try await FaceIntellectClient.shared()
        let id = try await client.create()
        let raw = try await RawConnection.connect(port: client.server.port)
        try await raw.send(
            "POST /firserver/DeletePersons HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n{\"id\":[\"\(id)\"]}"
        )
        await raw.close()
        try await Task.sleep(for: .milliseconds(200))
        #expect(try await client.person(id) != nil)
    }
}
