import FaceModel
import Foundation
import TestKit

/// Runs the program's other commands.
enum Program {
    struct Outcome: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: String? = nil
    ) async throws -> Outcome {
        let process = Process()
        process.executableURL = RunningServer.program
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.arguments = arguments
        if let input {
            let pipe = Pipe()
            try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try pipe.fileHandleForWriting.close()
            process.standardInput = pipe
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        async let text = output.fileHandleForReading.readToEnd()
        async let complaints = errors.fileHandleForReading.readToEnd()
        let (outputData, errorData) = (try await text ?? Data(), try await complaints ?? Data())
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: String(decoding: outputData, as: UTF8.self),
            errors: String(decoding: errorData, as: UTF8.self))
    }

    /// The base64 template of the first face that `embed` printed.
    static func template(from line: String) throws -> String {
        struct Line: Decodable {
            struct Face: Decodable { let embedding: [Float] }
            let faces: [Face]
        }
        let face = try JSONDecoder().decode(Line.self, from: Data(line.utf8)).faces[0]
        guard let embedding = Embedding(normalizing: face.embedding) else { throw CocoaError(.coderInvalidValue) }
        return Data(FaceTemplate(model: try Checkout.modelFingerprint(), embedding: embedding).bytes)
            .base64EncodedString()
    }
}
