import Foundation
import NIOHTTP1
import TestKit

/// A call that works, and the places in it where a client may write a number.
struct HostileCall: Sendable {
    /// How the call carries its values.
    enum Form: Sendable { case json, form, query }

    let verb: HTTPMethod
    let path: String
    let form: Form
    /// The members of a body that works, each as JSON text.
    let fields: [(name: String, json: String)]
    /// The places: a member's name, `a.b` for a member of an object, `a[]` for an element of an array.
    let numbers: [String]

    /// - Parameter target: the path, behind the verb where that is not the usual one.
    private init(
        _ target: String, _ form: Form, usually verb: HTTPMethod, _ fields: KeyValuePairs<String, String>,
        _ numbers: [String]
    ) {
        let words = target.split(separator: " ")
        self.verb = words.count > 1 ? HTTPMethod(rawValue: String(words[0])) : verb
        path = words.last.map(String.init) ?? ""
        self.form = form
        self.fields = fields.map { ($0.key, $0.value) }
        self.numbers = numbers
    }

    static func json(
        _ target: String, _ fields: KeyValuePairs<String, String> = [:], numbers: [String]
    ) -> HostileCall {
        HostileCall(target, .json, usually: .POST, fields, numbers)
    }

    static func form(
        _ target: String, _ fields: KeyValuePairs<String, String> = [:], numbers: [String]
    ) -> HostileCall {
        HostileCall(target, .form, usually: .POST, fields, numbers)
    }

    static func query(
        _ target: String, _ fields: KeyValuePairs<String, String> = [:], numbers: [String]
    ) -> HostileCall {
        HostileCall(target, .query, usually: .GET, fields, numbers)
    }

    /// The call with a value, given as JSON text, in one of its places.
    func request(_ value: String, at place: String, photo: [UInt8]) -> HostileRequest {
        let names = place.split(separator: ".").map(String.init)
        var fields = fields.filter { $0.name != names[0].replacing("[]", with: "") || names.count > 1 }
        if names.count > 1, let index = fields.firstIndex(where: { $0.name == names[0] }) {
            // The other members of the object stay.
            let rest = fields[index].json.dropFirst().dropLast()
            fields[index].json = "{\"\(names[1])\":\(value)\(rest.isEmpty ? "" : ",\(rest)")}"
        } else {
            var written = names.last.map { $0.hasSuffix("[]") ? "[\(value)]" : value } ?? value
            if names.count > 1, let inner = names.last { written = "{\"\(inner)\":\(written)}" }
            fields.append((names[0].replacing("[]", with: ""), written))
        }
        return HostileRequest(verb: verb, path: path, form: form, fields: fields, photo: photo)
    }
}

/// A request that is ready to be sent.
struct HostileRequest: Sendable, CustomStringConvertible {
    let verb: HTTPMethod
    let path: String
    let form: HostileCall.Form
    let fields: [(name: String, json: String)]
    let photo: [UInt8]

    /// What stands for the photo in a table.
    static let photo = "\"@photo\""

    var description: String {
        let short = fields.map { "\($0.name)=\($0.json.count > 60 ? "\($0.json.prefix(60))…" : $0.json)" }
        return "\(verb.rawValue) \(path) \(short.joined(separator: " "))"
    }

    func send(to server: RunningServer) async throws -> HTTPReply {
        var headers: HTTPHeaders = [
            "token": AllDialects.token, "x-api-key": AllDialects.key, "Content-Type": "application/json",
        ]
        switch form {
        case .json:
            return try await server.client.request(verb, path, headers: headers, body: Array(jsonBody.utf8))
        case .query:
            return try await server.client.request(verb, "\(path)?\(queryText)", headers: headers)
        case .form:
            headers.replaceOrAdd(name: "Content-Type", value: "multipart/form-data; boundary=hostile")
            return try await server.client.request(verb, path, headers: headers, body: formBody)
        }
    }

    private var jsonBody: String {
        let base64 = "\"\(Data(photo).base64EncodedString())\""
        let members = fields.map { "\"\($0.name)\":\($0.json.replacing(Self.photo, with: base64))" }
        return "{\(members.joined(separator: ","))}"
    }

    private var queryText: String {
        fields.map { field in
            let text = Self.text(field.json)
            return "\(field.name)=\(text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }.joined(separator: "&")
    }

    private var formBody: [UInt8] {
        var body: [UInt8] = []
        for (name, json) in fields {
            let isPhoto = json == Self.photo
            let file = isPhoto ? "; filename=\"p.jpg\"" : ""
            body += Array("--hostile\r\nContent-Disposition: form-data; name=\"\(name)\"\(file)\r\n\r\n".utf8)
            body += (isPhoto ? photo : Array(Self.text(json).utf8)) + Array("\r\n".utf8)
        }
        return body + Array("--hostile--\r\n".utf8)
    }

    /// A JSON string without its quotes, any other value as it is: forms and queries know texts only.
    private static func text(_ json: String) -> String {
        guard json.hasPrefix("\"") else { return json }
        let decoded = try? JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
        return decoded as? String ?? json
    }
}
