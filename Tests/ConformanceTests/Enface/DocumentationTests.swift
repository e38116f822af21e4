import Foundation
import TestKit
import Testing

/// The examples of the documentation, as a reader copies them.
struct DocumentationTests {
    @Test(arguments: ["enface", "neuro-vision"])
    func `every example of the page works and answers what the page shows`(page: String) async throws {
        let client = try await EnfaceClient.shared()
        let text = try String(contentsOf: Checkout.root.appending(path: "docs/\(page).md"), encoding: .utf8)
        let examples = Example.all(in: text)
        #expect(examples.count >= 5)
        let script = examples.map { "{\n\($0.commands)\n}\nprintf '\\n\(Self.mark)\\n'" }.joined(separator: "\n")
        let outputs = try Self.run(
            "set -euo pipefail\n" + script,
            ["FIRSERVER": "http://127.0.0.1:\(client.server.port)", "TOKEN": client.token]
        ).components(separatedBy: Self.mark).dropLast()
        #expect(outputs.count == examples.count)
        for (example, output) in zip(examples, outputs) {
            #expect(!output.contains(#""status":"error""#), "\(example.commands)\n\(output)")
            guard let answer = example.answer else { continue }
            let shown = try Self.keys(answer)
            let told = try Self.keys(output)
            #expect(shown == told, "\(example.commands)\n\(output)")
        }
    }

    private static let mark = "=== next example ==="

    /// A block of commands with the answer that the page shows behind it.
    private struct Example {
        let commands: String
        let answer: String?

        static func all(in page: String) -> [Example] {
            let blocks = page.matches(of: /```(sh|json)\n([\s\S]*?)```/).map {
                (kind: String($0.1), text: String($0.2))
            }
            return blocks.indices.filter { blocks[$0].kind == "sh" }.map { index in
                let next = index + 1 < blocks.count ? blocks[index + 1] : nil
                return Example(commands: blocks[index].text, answer: next?.kind == "json" ? next?.text : nil)
            }
        }
    }

    private static func keys(_ json: String) throws -> Set<String> {
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        return Set(try #require(object, "\(json)").keys)
    }

    private static func run(_ script: String, _ environment: [String: String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = Checkout.root
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: bytes, as: UTF8.self)
    }
}
