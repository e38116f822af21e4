import Foundation
import NIOHTTP1
import TestKit
import Testing

/// Many clients at once.
@Suite(.serialized) struct LoadTests {
    /// How long the load lasts; FIRSERVER_LOAD_SECONDS makes it longer.
    private static var duration: Duration {
        .seconds(ProcessInfo.processInfo.environment["FIRSERVER_LOAD_SECONDS"].flatMap { Int($0) } ?? 15)
    }

    @Test func `eight clients at once each get their own person, and memory stays flat`() async throws {
        let server = try await RunningServer(arguments: ["--log-level", "warning", "--analysis-cache", "0"])
        let known: [(Photo, name: String)] = [
            (.obama, "Obama"), (.biden, "Biden"), (.impostor2, "Sunak"), (.personA1, "Macron"), (.personB1, "Ardern"),
        ]
        for (photo, name) in known {
            let image = Data(try photo.bytes()).base64EncodedString()
            let reply = try await server.client.post(
                "/firserver/CreatePerson", #"{"surname":"\#(name)","department":"1","image":"\#(image)"}"#)
            #expect(reply.json["Status"] as? String == "SUCCESS")
        }
        let probes: [(body: [UInt8], name: String)] = try [
            (Photo.obama2, "Obama"), (.obama3, "Obama"), (.biden, "Biden"), (.personA2, "Macron"),
            (.personB2, "Ardern"),
            (.impostor1, "Obama"), (.impostor2, "Sunak"), (.obamaPNG, "Obama"),
        ].map { photo, name in (Array(try search(photo, limit: 1).utf8), name) }

        func load(for duration: Duration) async throws -> (answers: Int, wrong: [String]) {
            let end = ContinuousClock.now + duration
            return try await withThrowingTaskGroup(of: (Int, [String]).self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        let client = HTTPClient(port: server.port)
                        var (answers, wrong) = (0, [String]())
                        while ContinuousClock.now < end {
                            let (body, name) = probes[(worker + answers) % probes.count]
                            let reply = try await client.request(.POST, "/firserver/FindFaces", body: body)
                            let faces = reply.json["FaceList"] as? [[String: Any]]
                            let best = (faces?.first?["PersonList"] as? [[String: Any]])?.first
                            if reply.status != 200 || best?["Surname"] as? String != name {
                                wrong.append("\(reply.status) \(reply.text.prefix(300))")
                            }
                            answers += 1
                        }
                        return (answers, wrong)
                    }
                }
                return try await group.reduce(into: (answers: 0, wrong: [])) {
                    $0.answers += $1.0
                    $0.wrong += $1.1
                }
            }
        }
        _ = try await load(for: .seconds(5))
        let before = try server.residentMegabytes()
        let (answers, wrong) = try await load(for: Self.duration)
        let after = try server.residentMegabytes()
        print("\(answers) answers in \(Self.duration), resident \(before) then \(after) MiB")
        #expect(wrong.isEmpty, "\(wrong.prefix(3))")
        #expect(answers > 20)
        #expect(after < before + 60, "resident memory grew from \(before) to \(after) MiB")
        #expect(await server.stop() == 0)
    }
}
