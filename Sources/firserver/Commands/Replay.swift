import ArgumentParser
import Foundation
import HTTPSupport
import NIOCore
import NIOHTTP1

struct Replay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send a recording to a server's camera, frame by frame.",
        discussion: """
            FRAMES is a folder of JPEG and PNG files, taken in the order of their names, or a motion JPEG file \
            (.mjpeg). The server must run with --emulator; the camera is added when it is new. One line per frame \
            tells who was recognised.
            """)

    @Argument(help: "A folder of pictures or a motion JPEG file.")
    var frames: String

    @Option(help: "The camera's id.")
    var camera = "1"

    @Option(help: "Frames per second; decides the time stamps.")
    var rate = 5.0

    @Option(help: "The time of the first frame, like 2024-03-06T08:00:00.000; now unless given.")
    var start: String?

    @Flag(help: "Wait between frames as long as the rate says, instead of sending them one after the other.")
    var live = false

    @Option(help: "Host of the server.")
    var host = "127.0.0.1"

    @Option(help: "Port of the server.")
    var port: Int = ProcessInfo.processInfo.environment["FIRSERVER_HTTP_PORT"].flatMap(Int.init) ?? 10000

    private struct Answer: Decodable {
        struct Face: Decodable {
            struct Hit: Decodable {
                let surname: String
                let name: String
                let sim: Double
            }
            let isNew: Bool
            let hits: [Hit]
        }
        let faces: [Face]
    }

    private struct Refusal: Decodable { let error: String }

    func validate() throws {
        guard 0.001...1000 ~= rate else { throw ValidationError("--rate must be from 0.001 to 1000") }
        guard start.map({ Timestamp.parse($0) != nil }) ?? true else {
            throw ValidationError("--start must be a time like 2024-03-06T08:00:00.000")
        }
    }

    func run() async throws {
        try await exitingCleanly {
            let sequence = try FrameSequence(URL(filePath: frames))
            let server = ServerConnection(host: host, port: port)
            try await addCamera(server)
            let first = start.flatMap(Timestamp.parse) ?? .now
            var passes = 0
            for index in 0..<sequence.count {
                if live, index > 0 { try await Task.sleep(for: .seconds(1 / rate)) }
                let time = first.addingTimeInterval(Double(index) / rate)
                let answer = try await send(try sequence.frame(index), at: time, to: server)
                passes += answer.faces.count { $0.isNew }
                print("\(Timestamp.text(time)) \(sequence.name(index)): \(Self.summary(answer))")
            }
            print("\(sequence.count) frames, \(passes) passes")
        }
    }

    private func addCamera(_ server: ServerConnection) async throws {
        let body = try JSONEncoder().encode(["id": camera])
        let answer = try await server.request(
            .POST, "/emulator/cameras", contentType: "application/json", body: ByteBuffer(bytes: body))
        guard answer.status == 201 || answer.status == 409 else {
            throw SettingsError(
                answer.status == 404 ? "the server does not run with --emulator" : Self.reason(answer))
        }
    }

    private func send(_ frame: [UInt8], at time: Date, to server: ServerConnection) async throws -> Answer {
        let id = camera.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? camera
        let answer = try await server.request(
            .POST, "/emulator/cameras/\(id)/frames?timestamp=\(Timestamp.text(time))",
            contentType: "application/octet-stream", body: ByteBuffer(bytes: frame))
        // A broken frame is no reason to end the film.
        if answer.status == 422 { return Answer(faces: []) }
        guard answer.status == 200 else { throw SettingsError(Self.reason(answer)) }
        return try JSONDecoder().decode(Answer.self, from: Data(answer.body.readableBytesView))
    }

    private static func reason(_ answer: ServerConnection.Answer) -> String {
        let refusal = try? JSONDecoder().decode(Refusal.self, from: Data(answer.body.readableBytesView))
        return "the server answered \(answer.status): \(refusal?.error ?? "no reason given")"
    }

    private static func summary(_ answer: Answer) -> String {
        guard !answer.faces.isEmpty else { return "no face" }
        return answer.faces.map { face in
            let who = face.hits.first.map { hit in
                let name = [hit.surname, hit.name].filter { !$0.isEmpty }.joined(separator: " ")
                return "\(name) \((hit.sim * 1000).rounded() / 1000)"
            }
            return (who ?? "unknown") + (face.isNew ? "" : " (same pass)")
        }.joined(separator: ", ")
    }
}
