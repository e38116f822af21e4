import NIOCore
import NIOWebSocket

/// What a server owes to each frame of a client (RFC 6455, section 5).
///
/// The contents of texts are not looked at, so that broken UTF-8 in them goes unnoticed.
struct WebSocketFrameRules {
    /// What to do about a frame.
    enum Action: Equatable {
        case nothing
        /// Answer with a pong of this content.
        case pong(ByteBuffer)
        /// Say farewell as the client did, with its code where it gave one.
        case farewell(WebSocketErrorCode?)
        /// Close the connection; the client broke the rules.
        case fail(WebSocketErrorCode)
    }

    /// Whether a message was begun whose last frame is still to come.
    private var isInsideMessage = false

    /// The action that the next frame asks for.
    mutating func action(for frame: WebSocketFrame) -> Action {
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return .fail(.protocolError) }
        switch frame.opcode {
        case .text, .binary:
            guard !isInsideMessage else { return .fail(.protocolError) }
            isInsideMessage = !frame.fin
            return .nothing
        case .continuation:
            guard isInsideMessage else { return .fail(.protocolError) }
            isInsideMessage = !frame.fin
            return .nothing
        case .ping: return .pong(frame.unmaskedData)
        case .pong: return .nothing
        case .connectionClose:
            var data = frame.unmaskedData
            guard data.readableBytes > 0 else { return .farewell(nil) }
            guard let code = data.readInteger(as: UInt16.self), Self.isAllowed(code) else {
                return .fail(.protocolError)
            }
            return .farewell(WebSocketErrorCode(codeNumber: Int(code)))
        default: return .fail(.protocolError)
        }
    }

    /// Whether a peer may send a close code (section 7.4).
    private static func isAllowed(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
