import Accounts
import FaceModel
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import NIOCore

/// A request with readers for its parts, wherever they stand: JSON, a form, the query.
struct EnfaceCall: Sendable {
    let endpoint: Endpoint
    let profile: Profile
    let request: Request
    let context: ServerContext
    /// Where picture links begin.
    let linkBase: String
    private let object: JSONObject?
    /// The files of the form, in their order.
    let files: [MultipartForm.Part]
    private let parts: [String: [String]]
    private let query: [String: [String]]
    /// When the request came in.
    let start = ContinuousClock.now

    /// A longer token is none, in bytes.
    static let longestToken = 4096

    /// How many values a request may have of one field, and parts in all.
    static let mostParts = 20_000

    /// Reads the body's fields.
    init(
        _ endpoint: Endpoint, _ profile: Profile, _ request: Request, body: ByteBuffer, _ context: ServerContext,
        linkBase: String
    ) throws {
        self.endpoint = endpoint
        self.profile = profile
        self.request = request
        self.context = context
        self.linkBase = linkBase
        var query: [String: [String]] = [:]
        for (name, value) in request.uri.queryParameters { query[String(name), default: []].append(String(value)) }
        self.query = query
        let type = request.headers[.contentType] ?? ""
        let isForm = type.lowercased().hasPrefix("multipart/form-data")
        guard isForm == endpoint.takesForm || body.readableBytes == 0 else { throw EnfaceFailure.invalidSchema }
        guard isForm else {
            files = []
            parts = [:]
            object = body.readableBytes == 0 ? nil : try JSONObject(body)
            return
        }
        object = nil
        let form = try MultipartForm.parse(
            body, contentType: type, limits: MultipartLimits(maximumParts: Self.mostParts))
        files = form.parts.filter(Self.isFile)
        var parts: [String: [String]] = [:]
        for part in form.parts where !Self.isFile(part) {
            let name = part.name.hasSuffix("[]") ? String(part.name.dropLast(2)) : part.name
            parts[name, default: []].append(part.text)
        }
        self.parts = parts
    }

    /// Whether a part is a file; some clients leave out the name of a picture's file.
    private static func isFile(_ part: MultipartForm.Part) -> Bool {
        part.filename != nil || ["image", "images", "images[]"].contains(part.name)
    }

    /// The value with a name, from the body or else from the query.
    subscript(name: String) -> Field? {
        if let value = object?[name] { return .json(value) }
        return (parts[name] ?? query[name]).map(Field.texts)
    }

    /// The value with a name that has to be there.
    func required(_ name: String) throws(EnfaceFailure) -> Field {
        guard let field = self[name] else { throw .invalidSchema }
        return field
    }

    /// Yes or no, no by default.
    func flag(_ name: String) throws(EnfaceFailure) -> Bool { try self[name]?.bool() ?? false }

    /// The first of the tokens that a client may send: header `token`, `Authorization`, body, query.
    var token: String? { request.headerToken ?? (try? self["token"]?.text()) }

    /// Whole milliseconds since the request came in.
    var spent: Int { Int((ContinuousClock.now - start) / .milliseconds(1)) }

    /// The only file, under the name `image`.
    func image() throws(EnfaceFailure) -> [UInt8] {
        guard !files.isEmpty else { throw .noImage }
        guard files.count == 1, files[0].name == "image" else { throw .unexpectedField }
        return Array(files[0].bytes.readableBytesView)
    }

    /// The files under the name `images`.
    func images() throws(EnfaceFailure) -> [[UInt8]] {
        guard !files.isEmpty else { throw .noImage }
        guard files.allSatisfy({ $0.name == "images" || $0.name == "images[]" }) else { throw .unexpectedField }
        return files.map { Array($0.bytes.readableBytesView) }
    }
}
