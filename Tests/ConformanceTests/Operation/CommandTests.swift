import FaceModel
import Foundation
import Imaging
import TestKit
import Testing

/// The program's commands as a user types them.
struct CommandTests {
    @Test(arguments: [
        (["serve", "--http-prot", "1"], "unknown setting --http-prot"),
        (["serve", "--http-port", "abc"], "--http-port must be a whole number"),
        (["serve", "--http-port", "70000"], "--http-port must be from 0 to 65535"),
        (["serve", "--database-connections", "41"], "must be at most 40 with the private PostgreSQL"),
        (["serve", "--inference-precision", "half"], "--inference-precision must be float32 or bfloat16"),
        (["embed", "--inference-precision", "half", "x.jpg"], "--inference-precision must be float32 or bfloat16"),
        (["serve", "--log-level", "loud"], "--log-level must be a log level"),
        (["serve", "--config-file", "/nowhere.json"], "/nowhere.json cannot be read"),
        (["serve", "stray"], "unexpected argument stray"),
        (["serve", "--models-directory", "/nowhere", "--http-port", "0"], "/nowhere/model.json"),
        (["serve", "--migrations-directory", "/nowhere", "--http-port", "0"], "/nowhere"),
        (["seed", "/nowhere"], "/nowhere does not exist"),
        (["embed", "/nowhere.jpg"], "nowhere.jpg"),
        (["frobnicate"], "frobnicate"),
    ])
    func `a mistake ends with one clear line and a failure status`(arguments: [String], message: String) async throws {
        try await withTemporaryDirectory { folder in
            let isServing = arguments.first == "serve" && arguments.count > 2
            let outcome = try await Program.run(arguments + (isServing ? ["--data-directory", folder] : []))
            #expect(outcome.status != 0)
            #expect(outcome.errors.contains(message), "\(outcome.errors)")
            #expect(!outcome.errors.contains("Fatal error"))
        }
    }

    @Test func `a port that somebody has is told before anything is started`() async throws {
        let port = try await RunningServer.shared().port
        try await withTemporaryDirectory { folder in
            let data = "\(folder)/data"
            let outcome = try await Program.run(["serve", "--http-port", "\(port)", "--data-directory", data])
            #expect(outcome.status != 0)
            #expect(outcome.errors.contains("port \(port) is in use by another program"), "\(outcome.errors)")
            #expect(!FileManager.default.fileExists(atPath: "\(data)/postgres"))
        }
    }

    @Test func `help lists every setting with its meaning`() async throws {
        let outcome = try await Program.run(["serve", "--help"])
        #expect(outcome.status == 0)
        for flag in ["--http-port", "--data-directory", "--models-directory", "--face-intellect-count-find-faces"] {
            #expect(outcome.output.contains(flag))
        }
        #expect(outcome.output.contains("(default: 10000)"))
    }

    @Test func `the README has a line for every setting, with the default in force`() async throws {
        let help = try await Program.run(["serve", "--help"]).output
        let readme = try String(contentsOf: Checkout.root.appending(path: "README.md"), encoding: .utf8)
        let flags = help.matches(of: /\n\s+(--[a-z0-9-]+)\n/).map { String($0.output.1) }
        #expect(flags.count > 20)
        for flag in flags where !["--version", "--help"].contains(flag) {
            let row = readme.split(separator: "\n").first { $0.hasPrefix("| `\(flag)`") }
            #expect(row != nil, "\(flag) is not in the README")
        }
        let rows = readme.split(separator: "\n").filter { $0.hasPrefix("| `--") }
        #expect(rows.count == flags.count)
    }

    @Test func `embed prints age and gender when asked to`() async throws {
        let photos = ["--models-directory", Checkout.models.path, Photo.biden.url.path]
        let plain = try await Program.run(["embed"] + photos)
        #expect(plain.status == 0 && plain.output.contains("embedding") && !plain.output.contains("gender"))
        let asked = try await Program.run(["embed", "--attributes"] + photos)
        #expect(asked.status == 0 && asked.output.contains(#""gender":"male""#))
        #expect(asked.output.contains(#""age":"#) && asked.output.contains(#""genderConfidence":0.99"#))
    }

    @Test func `a manifest and a folder of people are added, and refusals are explained`() async throws {
        try await withTemporaryDirectory { folder in
            let people = "\(folder)/people"
            for (name, photo) in [("Rojas_Ana", Photo.personB1), ("Obama_Barack", .obama), ("Nobody_", .biden)] {
                let home = "\(people)/\(name)"
                try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
                if name == "Nobody_" {
                    try "no picture".write(toFile: "\(home)/photo.jpg", atomically: true, encoding: .utf8)
                } else {
                    try FileManager.default.copyItem(atPath: photo.url.path, toPath: "\(home)/photo.jpg")
                }
            }
            let settings = ["--data-directory", "\(folder)/data", "--models-directory", Checkout.models.path]
            // Twice: the second time replaces.
            for _ in 0..<2 {
                let outcome = try await Program.run(["seed", people] + settings)
                #expect(outcome.status == 0, "\(outcome.errors)")
                #expect(outcome.output.contains("added 2, refused 1"), "\(outcome.output)")
                #expect(outcome.output.contains("refused Nobody: photo.jpg: no picture"), "\(outcome.output)")
            }
            let outcome = try await Program.run(
                [
                    "seed", Checkout.root.appending(path: "fixtures/people.json").path, "--seed-photos",
                    Checkout.photos.path,
                ]
                    + settings)
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("refused 0"), "\(outcome.output)")
            let migrated = try await Program.run(["migrate", "--data-directory", "\(folder)/data"])
            #expect(migrated.status == 0 && migrated.output.contains("nothing to do"))
        }
    }

    @Test func `people with templates are seeded from JSON lines, and added once`() async throws {
        try await withTemporaryPostgres { postgres in
            let folder = FileManager.default.temporaryDirectory.appending(path: "firserver-seed-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let model = try Checkout.modelFingerprint()
            let people = folder.appending(path: "people.jsonl").path
            func line(_ number: Int, _ fir: String) -> String { #"{"surname":"Stranger \#(number)","fir":"\#(fir)"}"# }
            let templates = try (0..<25_000).map { number in
                let values = (0..<128).map { Float(($0 * 31 + number * 17) % 101) - 50 }
                let embedding = try #require(Embedding(normalizing: values))
                return Data(FaceTemplate(model: model, embedding: embedding).bytes).base64EncodedString()
            }
            let lines = templates.enumerated().map { line($0, $1) } + ["", line(-1, "QUJD")]
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: people))
            let settings = ["--database-url", postgres.connectionString]
            let first = try await Program.run(["seed", people] + settings)
            #expect(first.status == 0 && first.output.hasSuffix("added 25000, refused 1\n"), "\(first.errors)")
            let second = try await Program.run(["seed", people] + settings)
            #expect(second.output.hasSuffix("added 0, refused 1\n"), "\(second.output.suffix(200))")

            let server = try await RunningServer(arguments: settings)
            let found = try await server.client.post(
                "/firserver/FindFaces", #"{"findPersons":1,"image":"\#(templates[20_000])"}"#)
            let face = try #require(found.list("FaceList").first)
            #expect(face["ProcessedPersons"] as? Int == 25_000)
            let person = try #require((face["PersonList"] as? [[String: Any]])?.first)
            #expect((person["Sim"] as? String)?.hasPrefix("0.99999") == true)
            // No picture was given, and who asks for it gets one that shows nothing.
            for key in ["Id", "ImageId"] {
                let id = try #require(person[key] as? String)
                let reply = try await server.client.request(.GET, "/firserver/GetImage/1/\(id)")
                #expect(reply.status == 200 && reply.headers["Content-Type"] == ["image/jpeg"])
                let picture = try EncodedImage(reply.body).decode().picture
                #expect(picture.width == 112 && Set(picture.pixels).count == 1)
            }
            #expect(await server.stop() == 0)

            try Data("{\"surname\":\"a\"}\n[1]\n".utf8).write(to: URL(filePath: people))
            let broken = try await Program.run(["seed", people] + settings)
            #expect(broken.status == 1 && broken.errors.contains("people.jsonl, line 2"), "\(broken.errors)")
        }
    }
}
