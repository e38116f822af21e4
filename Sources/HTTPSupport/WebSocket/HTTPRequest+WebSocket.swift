import HTTPTypes

extension HTTPRequest {
    /// The key of a well-formed request for a WebSocket of version 13 (RFC 6455, section 4.2.1).
    var webSocketKey: String? {
        guard method == .get, headerFields.askForUpgrade, headerFields.lists("websocket", in: .upgrade),
            headerFields[values: .secWebSocketVersion] == ["13"], headerFields[.transferEncoding] == nil,
            headerFields[.contentLength] ?? "0" == "0"
        else { return nil }
        let keys = headerFields[values: .secWebSocketKey]
        guard keys.count == 1, let key = keys.first, Base64.decode(key)?.count == 16 else { return nil }
        return key
    }
}
