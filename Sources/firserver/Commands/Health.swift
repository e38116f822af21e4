import ArgumentParser
import Foundation
import NIOHTTP1

struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask a running server whether it is ready; status 0 means yes.",
        discussion: "For health checks of containers, which have no curl.")

    @Option(help: "Host of the server.")
    var host = "127.0.0.1"

    @Option(help: "Port of the server.")
    var port: Int = ProcessInfo.processInfo.environment["FIRSERVER_HTTP_PORT"].flatMap(Int.init) ?? 10000

    func run() async throws {
        try await exitingCleanly {
            let answer = try await ServerConnection(host: host, port: port).request(.GET, "/readyz")
            print(answer.status == 200 ? "ready" : "not ready")
            guard answer.status == 200 else { throw ExitCode.failure }
        }
    }
}
