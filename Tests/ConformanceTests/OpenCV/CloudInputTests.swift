import Foundation
import NIOHTTP1
import TestKit
import Testing

/// What every field refuses, as a table.
struct CloudInputTests {
    /// A value that a field is given; pictures stand as words, since a table is made before any file is read.
    enum Value: Sendable, CustomStringConvertible {
        case missing, null, number(Double), flag, text(Int), word(String), list([String]), pictures(Int), object

        var description: String {
            switch self {
            case .missing: "missing"
            case .null: "null"
            case .number(let number): "\(number)"
            case .flag: "true"
            case .text(let count): "a text of \(count)"
            case .word(let word): word
            case .list(let list): "\(list)"
            case .pictures(let count): "\(count) pictures"
            case .object: "{}"
            }
        }

        func json() throws -> Any? {
            switch self {
            case .missing: nil
            case .null: NSNull()
            case .number(let number): number
            case .flag: true
            case .text(let count): String(repeating: "x", count: count)
            case .word(let word): word
            case .list(let list): list
            case .pictures(let count): [String](repeating: try Photo.biden.base64(), count: count)
            case .object: [String: Any]()
            }
        }
    }

    /// A method with a body that works but for one field.
    struct Case: Sendable, CustomTestStringConvertible {
        let path: String
        let field: String
        let values: [Value]
        var verb = HTTPMethod.POST
        /// How deep the field is.
        var parent: String?

        var testDescription: String { "\(verb.rawValue) \(path) \(field)" }
    }

    private static let pictures: [Value] = [
        .missing, .null, .number(1), .word("x"), .object, .pictures(0), .pictures(4), .list(["", "x", "x", "x"]),
    ]
    private static let onePicture: [Value] = [.missing, .null, .number(1), .flag, .pictures(1), .object]
    private static let score: [Value] = [.number(-0.1), .number(1.1), .word("much"), .flag, .object, .pictures(1)]
    private static let mode: [Value] = [.word("fast"), .word(""), .number(1), .flag]
    private static let collectionID: [Value] = [.text(35), .text(37), .number(1), .object]
    private static let personText: [(field: String, values: [Value])] = [
        ("name", [.text(0), .text(101), .number(1), .flag, .object, .word("a\u{0}b")]),
        ("notes", [.text(501), .number(1), .object]),
        ("nationality", [.text(101), .number(1), .object]),
        ("gender", [.word("X"), .word("m"), .number(1), .flag]),
        ("date_of_birth", [.word("1980-02-30"), .word("1980-2-3"), .word("01.02.1980"), .word(""), .number(1980)]),
        ("collections", [.word("x"), .list(["x"]), .object, .number(1)]),
    ]

    static let cases: [Case] =
        [
            Case(
                path: "collection", field: "name", values: [.missing, .null, .text(0), .text(51), .number(1), .object]),
            Case(path: "collection", field: "description", values: [.text(101), .number(1), .object]),
            Case(path: "collection", field: "id", values: [.missing] + collectionID, verb: .PATCH),
            Case(path: "collection", field: "name", values: [.text(0), .text(51), .flag], verb: .PATCH),
            Case(path: "collection/person", field: "collection_id", values: [.missing, .null] + collectionID),
            Case(path: "collection/person", field: "person_id", values: [.missing, .null, .text(0), .text(101)]),
            Case(
                path: "collection/persons", field: "new_person_ids", values: [.word("x"), .list([""]), .object],
                verb: .PATCH),
            Case(path: "collection/persons", field: "collection_id", values: [.missing] + collectionID, verb: .PATCH),
            Case(path: "person", field: "images", values: pictures),
            Case(path: "person", field: "id", values: [.text(0), .text(101), .number(1), .object]),
            Case(path: "person", field: "is_bulk_insert", values: [.number(1), .word("yes"), .object]),
            Case(path: "person/crops", field: "images", values: pictures),
            Case(path: "person", field: "id", values: [.missing, .null, .text(0), .text(101)], verb: .PATCH),
            Case(path: "person", field: "images", values: [.number(1), .pictures(0), .pictures(4)], verb: .PATCH),
            Case(path: "person/images", field: "person_id", values: [.missing, .null, .text(101), .number(1)]),
            Case(path: "person/images", field: "images", values: pictures),
            Case(path: "person/images", field: "new_images", values: [.pictures(0), .pictures(4)], verb: .PATCH),
            Case(
                path: "person/images", field: "removed_thumbnail_ids", values: [.list([]), .word("x"), .object],
                verb: .PATCH),
            Case(path: "persons", field: "action", values: [.missing, .null, .word("ADD"), .number(1)], verb: .PATCH),
            Case(path: "persons", field: "person_ids", values: [.missing, .null, .list([]), .word("x")], verb: .PATCH),
            Case(path: "verify", field: "id", values: [.missing, .null, .text(0), .text(101), .number(1)]),
            Case(path: "verify", field: "images", values: [.missing, .null, .number(1), .pictures(0)]),
            Case(path: "verify", field: "min_score", values: score),
            Case(path: "verify", field: "verification_mode", values: mode),
            Case(path: "detect", field: "image", values: onePicture),
            Case(path: "detect", field: "search", values: [.word("x"), .flag, .list([])]),
            Case(path: "detect", field: "max_results", values: [.number(0), .number(101)], parent: "search"),
            Case(path: "detect", field: "collection_id", values: collectionID, parent: "search"),
            Case(path: "compare", field: "gallery", values: pictures),
            Case(path: "compare", field: "probe", values: pictures),
            Case(path: "compare", field: "search_mode", values: mode),
            Case(path: "compare-live-face", field: "probe", values: onePicture),
            Case(path: "compare-live-face", field: "gallery", values: pictures),
            Case(path: "compare-live-face", field: "liveness_min_score", values: score),
            Case(path: "compare-live-face", field: "os", values: [.word("LINUX"), .number(1)]),
            Case(path: "search-live-face", field: "image", values: onePicture),
            Case(path: "search-live-face", field: "min_score", values: score),
            Case(path: "search-live-face", field: "max_results", values: [.number(0), .number(101)]),
            Case(path: "liveness", field: "image", values: onePicture),
            Case(path: "liveness", field: "os", values: [.word("desktop"), .number(1)]),
            Case(path: "head-count", field: "image", values: onePicture),
            Case(
                path: "head-count", field: "confidence",
                values: [.number(0), .number(100), .number(1.5), .word("x"), .flag]),
        ]
        + ["search", "search/crops"].flatMap { path in
            [
                Case(path: path, field: "images", values: pictures),
                Case(path: path, field: "min_score", values: score),
                Case(path: path, field: "search_mode", values: mode),
                Case(path: path, field: "collection_id", values: collectionID),
                Case(
                    path: path, field: "max_results",
                    values: [.number(0), .number(501), .number(1.5), .word("many"), .flag]),
            ]
        }
        + personText.flatMap { field, values in
            [
                Case(path: "person", field: field, values: values),
                Case(path: "person", field: field, values: values, verb: .PATCH),
                Case(path: "person/images", field: field, values: values, verb: .PATCH),
            ]
        }

    /// Members that make every method's body complete.
    private func body() throws -> [String: Any] {
        let image = try Photo.biden.base64()
        return [
            "images": [image], "image": image, "gallery": [image], "name": "x", "action": "DELETE",
            "collection_id": UUID().uuidString, "person_id": "nobody", "person_ids": ["nobody"],
        ]
    }

    @Test(.contract(.openCVCloud, .documented), arguments: cases)
    func `a field that breaks a rule is named by a 422`(of failing: Case) async throws {
        let client = try await OpenCVClient.shared()
        for value in failing.values {
            var body = try body()
            if failing.path == "verify" || failing.verb == .PATCH { body["id"] = UUID().uuidString }
            if failing.path.hasPrefix("compare") {
                body["probe"] = failing.path == "compare" ? body["images"] : body["image"]
            }
            var place = ["body", failing.field]
            if let parent = failing.parent {
                body[parent] = [failing.field: try value.json() ?? NSNull()]
                place.insert(parent, at: 1)
            } else {
                body[failing.field] = try value.json()
            }
            let reply = try await client.call(failing.verb, failing.path, body)
            #expect(reply.isFailure(422, "ERR_UNPROCESSABLE_CONTENT"), "\(value): \(reply.status) \(reply.text)")
            let details = reply.list("detail")
            #expect(!details.isEmpty, "\(value)")
            for detail in details {
                #expect(
                    (detail["loc"] as? [Any])?.prefix(place.count).compactMap { $0 as? String } == place, "\(value)")
                #expect((detail["msg"] as? String)?.isEmpty == false && (detail["type"] as? String)?.isEmpty == false)
            }
        }
    }

    @Test(
        .contract(.openCVCloud, .documented),
        arguments: [
            "collections?take=101", "collections?take=-1", "collections?skip=-1", "collections?skip=x",
            "collections?order=asc", "persons?order_by=id", "persons?take=1.5", "persons?order=", "persons?search=%00",
            "collections/person/x?take=101", "collection/x", "persons/x",
            "person/\(String(repeating: "x", count: 101))", "collections/person/%00",
        ])
    func `a parameter that breaks a rule is named by a 422`(path: String) async throws {
        let reply = try await OpenCVClient.shared().call(.GET, path)
        #expect(reply.isFailure(422, "ERR_UNPROCESSABLE_CONTENT"), "\(reply.text)")
        #expect(reply.list("detail").count == 1)
    }

    @Test(.contract(.openCVCloud, .decided), arguments: ["", "[]", "{", "\"x\"", "{\"images\":[\"\\ud800\"]}", "null"])
    func `a body that is no JSON object is a 422`(text: String) async throws {
        let client = try await OpenCVClient.shared()
        let reply = try await client.server.client.request(
            .POST, "/opencv/search", headers: ["x-api-key": OpenCVClient.key], body: Array(text.utf8))
        #expect(reply.isFailure(422, "ERR_UNPROCESSABLE_CONTENT"), "\(reply.text)")
        #expect(reply.list("detail").first?["loc"] as? [String] == ["body"])
    }

    @Test(.contract(.openCVCloud, .decided))
    func `pictures may have a prefix, line breaks, no padding and any alphabet`()
        async throws
    {
        let client = try await OpenCVClient.shared()
        let text = try Photo.biden.base64()
        let forms = [
            "data:image/jpeg;base64,\(text)", text.replacing("=", with: ""),
            text.replacing("+", with: "-").replacing("/", with: "_"),
            Data(try Photo.biden.bytes()).base64EncodedString(options: .lineLength76Characters),
            try Photo.obamaPNG.base64(),
        ]
        for form in forms {
            let reply = try await client.call(.POST, "head-count", ["image": form])
            #expect(reply.json["count"] as? Int == 1, "\(reply.text)")
        }
    }
}
