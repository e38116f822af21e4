import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import NIOCore
import Recognition

/// A request to the emulator with readers for its parts.
struct EmulatorCall: Sendable {
    let request: Request
    let context: ServerContext
    let parameters: [String: String]
    let maximumBodySize: Int

    /// The segment of the path that a name stands for.
    func parameter(_ name: String) -> String { parameters[name] ?? "" }

    func query(_ name: String) -> String? { request.uri.queryParameters.get(name) }

    /// A whole number of the query.
    func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = query(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw EmulatorFailure(.badRequest, "\(name) must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func body() async throws -> ByteBuffer { try await request.wholeBody(upTo: maximumBodySize, in: context) }

    /// The JSON object of the body; without a body an empty one.
    func object() async throws -> JSONObject {
        let body = try await body()
        return try JSONObject(body.readableBytes == 0 ? ByteBuffer(string: "{}") : body)
    }
}

/// A call that cannot be carried out, with one line for people.
struct EmulatorFailure: Error {
    let status: HTTPResponse.Status
    let text: String

    init(_ status: HTTPResponse.Status, _ text: String) {
        self.status = status
        self.text = text
    }

    /// What an error of a use case means to a test.
    init(_ error: RecognitionError) {
        switch error {
        case .notReady: self.init(.serviceUnavailable, "the server is not ready")
        case .overloaded, .late: self.init(.serviceUnavailable, "too much waits, or others are in the way; try again")
        case .tooMuch: self.init(.badRequest, "the answer is too large")
        case .storeUnavailable: self.init(.serviceUnavailable, "the database cannot be reached")
        case .storeFailed: self.init(.internalServerError, "the database refused the work; see the log")
        case .unreadableImage(let reason): self.init(.unprocessableContent, "no picture: \(reason)")
        case .noFace: self.init(.unprocessableContent, "no face was found")
        case .severalFaces(let count): self.init(.unprocessableContent, "\(count) faces were found")
        case .lowQuality(let quality): self.init(.unprocessableContent, "the quality \(quality) is too low")
        case .invalidTemplate: self.init(.unprocessableContent, "the template cannot be used")
        case .invalidText: self.init(.badRequest, "a text holds the character NUL, which cannot be stored")
        case .invalidValue: self.init(.badRequest, "a value cannot be stored")
        case .unknownPerson: self.init(.notFound, "there is no such person")
        case .vanished: self.init(.notFound, "something that the call needs was deleted meanwhile")
        case .alreadyExists: self.init(.conflict, "the name is used already")
        case .unknownCamera: self.init(.notFound, "there is no such camera")
        case .limitReached: self.init(.conflict, "the largest number of persons is reached")
        }
    }

    var response: Response {
        var writer = JSONWriter(capacity: 128)
        writer.object { object in
            object.member("error", text)
        }
        return .json(writer, status: status)
    }
}

/// Runs a use case and says what its failure means.
func calling<R>(_ body: () async throws(RecognitionError) -> R) async throws(EmulatorFailure) -> R {
    do {
        return try await body()
    } catch {
        throw EmulatorFailure(error)
    }
}

extension Response {
    /// An answer that an object's members make.
    static func object(
        _ status: HTTPResponse.Status = .ok, _ members: (inout JSONWriter) -> Void
    ) -> Response {
        var writer = JSONWriter()
        writer.object(members)
        return .json(writer, status: status)
    }

    /// An answer that is one list.
    static func list<Element>(
        _ key: StaticString, _ elements: [Element], _ write: (inout JSONWriter, Element) -> Void
    ) -> Response {
        .object { object in
            object.key(key)
            object.array { array in
                for element in elements { write(&array, element) }
            }
        }
    }
}
