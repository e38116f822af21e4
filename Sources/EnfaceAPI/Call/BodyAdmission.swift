import Accounts
import HTTPSupport
import HTTPTypes
import Hummingbird
import NIOCore

/// Lets in the bodies of those who have a token.
///
/// A token in a header is checked before the body is read. Where it stands in the body, no more than the first part of
/// the body is read in search of it, so that nobody without a token fills the server's memory.
struct BodyAdmission {
    /// How much of a body is read of somebody who has not shown a token yet, in bytes.
    static let longestUnknown = 64 << 10

    let users: any UserService
    let maximumBodySize: Int

    /// The whole body of a request.
    ///
    /// - Throws: ``EnfaceFailure/accessDenied`` for a long body without a valid token in front of it, and what reading a
    ///   body can end in. A short body is returned whoever sent it.
    func body(of request: Request, to endpoint: Endpoint, in context: ServerContext) async throws -> ByteBuffer {
        if endpoint == .login { return try await request.wholeBody(upTo: Self.longestUnknown, in: context) }
        if let token = request.headerToken {
            guard try await isValid(token) else { throw EnfaceFailure.accessDenied }
            return try await request.wholeBody(upTo: maximumBodySize, in: context)
        }
        var reader = try BodyReader(request, upTo: maximumBodySize, in: context)
        let first = try await reader.first(Self.longestUnknown)
        if !reader.isComplete {
            let token =
                LeadingToken.find(in: first, contentType: request.headers[.contentType] ?? "")
                ?? request.uri.queryParameters.get("token")
            guard let token, try await isValid(token) else { throw EnfaceFailure.accessDenied }
        }
        return try await reader.whole()
    }

    private func isValid(_ token: String) async throws -> Bool {
        guard !token.isEmpty, token.utf8.count <= EnfaceCall.longestToken else { return false }
        return try await asking { () throws(UserError) in try await users.account(token: token) } != nil
    }
}

extension Request {
    private static let tokenField = HTTPField.Name("token")

    /// The token of the header `token`, or else of `Authorization`.
    var headerToken: String? {
        if let name = Self.tokenField, let token = headers[name] { return token }
        guard let words = headers[.authorization]?.split(separator: " "), words.count == 2,
            words[0].lowercased() == "bearer"
        else { return nil }
        return String(words[1])
    }
}

/// The token in the first part of a body that has not arrived as a whole.
enum LeadingToken {
    /// The token of a form or a JSON object; `nil` where there is none that is complete.
    static func find(in first: ByteBuffer, contentType: String) -> String? {
        contentType.lowercased().hasPrefix("multipart/form-data")
            ? try? inForm(first, contentType: contentType)
            : JSONObject.leadingMember("token", in: first)?.text
    }

    private static func inForm(_ first: ByteBuffer, contentType: String) throws(MultipartError) -> String? {
        var parser = try MultipartParser(contentType: contentType)
        parser.append(first)
        var isToken = false
        var bytes = ByteBuffer()
        while let event = try parser.next() {
            switch event {
            case .part(let header):
                isToken = header.name == "token" && header.filename == nil
                bytes = ByteBuffer()
            case .bytes(var contents): if isToken { bytes.writeBuffer(&contents) }
            case .partEnd: if isToken { return String(buffer: bytes) }
            }
        }
        return nil
    }
}
