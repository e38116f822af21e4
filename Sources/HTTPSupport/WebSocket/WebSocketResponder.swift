import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Answers requests for WebSockets and hands all others to the framework's responder.
struct WebSocketResponder: Sendable {
    private static let longestPath = 256

    let routes: [WebSocketRoute]
    let browserGuard: BrowserGuard?
    let limits: WebSocketLimits
    let seats: WebSocketSeats
    let serverName: String
    let logger: Logger
    let next: HTTPChannelHandler.Responder

    /// Answers one request; for a WebSocket, that takes as long as its connection lasts.
    @concurrent func respond(
        to request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel
    ) async throws {
        guard let key = request.head.webSocketKey else { return try await next(request, writer, channel) }
        do throws(RequestFailure) {
            try browserGuard?.admit(request.head)
        } catch {
            return try await refuse(request.head, error.status, [:], error.text, writer)
        }
        for route in routes {
            switch await route.decide(request.head, channel.remoteAddress?.ipAddress) {
            case .pass: continue
            case .refuse(let status, let headers): return try await refuse(request.head, status, headers, nil, writer)
            case .upgrade:
                guard seats.take() else {
                    return try await refuse(request.head, .serviceUnavailable, [.retryAfter: "1"], nil, writer)
                }
                defer { seats.giveBack() }
                return try await upgrade(request.head, key: key, route, channel)
            }
        }
        try await next(request, writer, channel)
    }

    @concurrent private func refuse(
        _ request: HTTPRequest, _ status: HTTPResponse.Status, _ headers: HTTPFields, _ reason: String?,
        _ writer: consuming ResponseWriter
    ) async throws {
        var body = JSONWriter(capacity: 128)
        body.object { object in
            if let reason { object.member("error", reason) }
        }
        var headers = headers
        headers[.contentType] = "application/json; charset=utf-8"
        headers[.xContentTypeOptions] = "nosniff"
        headers[.contentLength] = "\(body.buffer.readableBytes)"
        headers[.date] = Timestamp.httpText(.now)
        headers[.server] = serverName
        log("websocket refused", request, ["http.response.status_code": .stringConvertible(status.code)])
        try await writer.write(
            response: HTTPResponse(status: status, headerFields: headers),
            body: ResponseBody(byteBuffer: body.buffer))
    }

    private func upgrade(
        _ request: HTTPRequest, key: String, _ route: WebSocketRoute, _ channel: any Channel
    ) async throws {
        let headers: HTTPFields = [
            .upgrade: "websocket", .connection: "Upgrade", .server: serverName, .date: Timestamp.httpText(.now),
            .secWebSocketAccept: try await accept(key, channel),
        ]
        // Before the answer, so that a client which has got it misses no message.
        let messages = route.messages(request)
        let connection = try await channel.becomeWebSocket(headers: headers, limits: limits)
        log("websocket opened", request, [:])
        let start = ContinuousClock.now
        let count = await connection.send(messages)
        log(
            "websocket closed", request,
            [
                "websocket.messages": .stringConvertible(count),
                "duration.ms": .milliseconds(ContinuousClock.now - start),
            ])
    }

    /// The proof that the key was read; NIO knows how to make it, but only inside of a whole answer.
    private func accept(_ key: String, _ channel: any Channel) async throws -> String {
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
        let request = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: "/",
            headers: ["Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13"])
        let headers = try await upgrader.buildUpgradeResponse(
            channel: channel, upgradeRequest: request, initialResponseHeaders: [:]
        ).get()
        return headers["Sec-WebSocket-Accept"].first ?? ""
    }

    private func log(_ message: Logger.Message, _ request: HTTPRequest, _ facts: Logger.Metadata) {
        var metadata = facts
        // The query is left out: some clients put secrets there.
        let path = LoggedAddress.path(String(request.path?.prefix { $0 != "?" } ?? ""))
        metadata["url.path"] = .string(String(path.prefix(Self.longestPath)))
        logger.info(message, metadata: metadata)
    }
}
