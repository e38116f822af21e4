import Foundation
import Glibc
import NIOHTTP1
import TestKit
import Testing

/// Starting, watching and stopping a server.
@Suite(.serialized) struct OperationTests {
    @Test func `SIGTERM lets a running request finish and the program ends with status 0`() async throws {
        let server = try await RunningServer(arguments: [])
        let body = try search(.obama, limit: 1)
        let clients = (0..<8).map { _ in HTTPClient(port: server.port) }
        for client in clients { _ = try await client.request(.GET, "/healthz") }
        async let running = withTaskGroup(of: Int?.self) { group in
            for client in clients { group.addTask { try? await client.post("/firserver/FindFaces", body).status } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var active = 0
        while active < 4 {
            let metrics = try await server.client.request(.GET, "/metrics").text
            active =
                metrics.firstMatch(of: /\nhttp_server_active_requests(\{.*\})? ([0-9]+)/).flatMap { Int($0.2) } ?? 0
        }
        server.terminate()
        // A request that had not arrived yet finds the connection closed; one that had is answered.
        let statuses = await running
        #expect(statuses.count { $0 == 200 } >= 3)
        #expect(statuses.allSatisfy { $0 == nil || $0 == 200 }, "\(statuses)")
        #expect(await server.stop() == 0)
    }

    @Test func `the port is open before the database is there, and says that it is not ready`() async throws {
        let server = try await RunningServer(
            arguments: ["--database-url", "host=/nowhere dbname=nothing"], isAwaited: false)
        #expect(try await server.client.request(.GET, "/healthz").status == 200)
        #expect(try await server.client.request(.GET, "/readyz").status == 503)
        let found = try await server.client.post("/firserver/FindFaces", try search(.obama, limit: 1))
        #expect(found.status == 200)
        #expect(found.json["Status"] as? String == "SERVER_NOT_READY")
        #expect((found.json["FaceList"] as? [Any])?.isEmpty == true)
        #expect(found.json["ProcessedFindFacesDuration"] as? Int == 0)
        #expect(await server.stop() == 0)
    }

    @Test func `a server says which numbers it computes with, 32-bit floats unless asked otherwise`() async throws {
        let server = try await RunningServer(arguments: [])
        let ready = try await server.client.request(.GET, "/readyz")
        #expect(ready.text.contains("ready\ninference precision: float32\n"))
        #expect(try server.log().contains("inference.precision=float32"))
        #expect(await server.stop() == 0)
    }

    @Test func `metrics count requests, time stages and show the gallery`() async throws {
        let server = try await RunningServer(arguments: ["--analysis-cache", "0"])
        _ = try await server.client.post("/firserver/CreatePerson", try enrolment(.biden, patronymic: "7"))
        _ = try await server.client.post("/firserver/FindFaces", try search(.biden, limit: 1))
        let reply = try await server.client.request(.GET, "/metrics")
        #expect(reply.status == 200)
        #expect(reply.headers["Content-Type"].first == "text/plain; version=0.0.4; charset=utf-8")
        let lines = Set(reply.text.split(separator: "\n").map(String.init))
        #expect(lines.contains("firserver_gallery_faces 1"))
        let build = #/firserver_build_info\{version="[0-9.]+",inference_precision="float32"\} 1/#
        #expect(lines.contains { $0.wholeMatch(of: build) != nil })
        #expect(lines.contains(#"firserver_analysis_stage_duration_seconds_count{stage="detect"} 2"#))
        let requests = #"{http_request_method="POST",http_response_status_code="200"}"#
        #expect(lines.contains("http_server_request_duration_seconds_count\(requests) 2"))
        #expect(lines.contains { $0.hasPrefix("firserver_analysis_queue_depth ") })
        for line in lines where !line.hasPrefix("#") {
            #expect(line.wholeMatch(of: /[a-z_:]+(\{([a-z_]+="[^"]*",?)+\})? [-+0-9.e]+/) != nil, "\(line)")
        }
        #expect(await server.stop() == 0)
    }

    @Test func `the log has one line per request without pictures or texts of persons`() async throws {
        let server = try await RunningServer(arguments: ["--log-format", "json", "--analysis-cache", "0"])
        let marker = "Geheimnis"
        _ = try await server.client.post("/firserver/CreatePerson", try enrolment(.biden, patronymic: marker))
        _ = try await server.client.post("/firserver/FindFaces", try search(.biden, limit: 1))
        #expect(try await server.client.post("/firserver/\(marker)?x=\(marker)", "{}").status == 404)
        let lines = try server.log().split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        let requests = lines.filter { $0["message"] as? String == "request" }
        let finding = requests.filter { ($0["url.path"] as? String) == "/firserver/FindFaces" }
        #expect(finding.count == 1)
        let line = try #require(finding.first)
        #expect("\(line["http.response.status_code"] ?? "")" == "200")
        #expect("\(line["face.count"] ?? "")" == "1")
        #expect(line["stage.detect.ms"] != nil && line["stage.search.ms"] != nil)
        let text = try server.log()
        #expect(!text.contains("base64") && !text.contains("/9j/"))
        // The unknown method's own name stands in its path and nowhere else.
        #expect(text.components(separatedBy: marker).count - 1 == 1)
        await server.stop()
    }

    @Test func `a thousand persons are ready again within three seconds`() async throws {
        let server = try await RunningServer(arguments: [])
        let template = try await Program.run([
            "embed", "--models-directory", Checkout.models.path, Photo.biden.url.path,
        ])
        #expect(template.status == 0)
        let picture = Data(try Photo.personA1.bytes()).base64EncodedString()
        let fir = try Program.template(from: template.output)
        for number in 0..<1000 {
            let reply = try await server.client.post(
                "/firserver/CreatePerson",
                #"{"surname":"P\#(number)","department":"1","image":"\#(picture)","fir":"\#(fir)"}"#)
            guard reply.json["Status"] as? String == "SUCCESS" else {
                Issue.record("\(reply.text)")
                return
            }
        }
        #expect(await server.stop(keepingData: true) == 0)
        let start = ContinuousClock.now
        let again = try await RunningServer(arguments: [], after: server)
        let time = ContinuousClock.now - start
        print("ready with 1000 persons after", time)
        #expect(time < .seconds(6))
        let list = try await again.client.post("/firserver/ReadPersons", #"{"pageSize":1}"#).json
        #expect(list["Total"] as? Int == 1000)
        #expect(await again.stop() == 0)
    }

    @Test func `a picture that was analysed a moment ago is answered from memory, with the same answer`() async throws {
        let server = try await RunningServer(arguments: ["--face-intellect-count-find-faces", "false"])
        _ = try await server.client.post("/firserver/CreatePerson", try enrolment(.biden, patronymic: "7"))
        var answers: Set<String> = []
        for _ in 0..<3 {
            let reply = try await server.client.post("/firserver/FindFaces", try search(.biden, limit: 1))
            answers.insert(reply.text.replacing(/Duration":\d+/, with: "Duration\":"))
        }
        #expect(answers.count == 1)
        let lines = Set(try await server.client.request(.GET, "/metrics").text.split(separator: "\n").map(String.init))
        #expect(lines.contains("firserver_analysis_cache_hits_total 3"))
        #expect(lines.contains(#"firserver_analysis_stage_duration_seconds_count{stage="detect"} 1"#))
        #expect(await server.stop() == 0)
    }
}
