import ArgumentParser
import Foundation
import NIOCore
import NIOPosix

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
            let status = try await statusLine()
            print(status)
            guard status.split(separator: " ").dropFirst().first == "200" else { throw ExitCode.failure }
        }
    }

    private func statusLine() async throws -> String {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.seconds(2))
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            let request = "GET /readyz HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"
            try await outbound.write(ByteBuffer(string: request))
            var answer = ByteBuffer()
            for try await var part in inbound { answer.writeBuffer(&part) }
            return String(String(buffer: answer).prefix { $0 != "\r\n" && $0 != "\r" && $0 != "\n" })
        }
    }
}
