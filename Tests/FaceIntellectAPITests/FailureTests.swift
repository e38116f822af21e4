import FaceIntellectAPI
import Foundation
import HTTPSupport
import Hummingbird
import NIOHTTP1
import Recognition
import TestKit
import Testing

/// What clients see when a use case fails, method by method.
struct FailureTests {
    private static let bodies = [
        "CreatePerson": #"{"surname":"S","department":"","image":"AAAA"}"#,
        "UpdatePerson": #"{"id":"5D2F0B44-7A3E-4C19-9C55-20F1B6A7E001"}"#,
        "DeletePersons": #"{"id":["5d2f0b44-7a3e-4c19-9c55-20f1b6a7e001","77"]}"#,
        "ReadPersons": "{}",
        "FindFaces": #"{"image":"AAAA"}"#,
    ]

    private func reply(_ service: FailingService, to method: String) async throws -> HTTPReply {
        let router = Router.server()
        FaceIntellectAPI(service: service, configuration: .init(sourceID: UUID())).add(to: router)
        return try await withServer(router) { try await $0.post("/firserver/\(method)", Self.bodies[method] ?? "") }
    }

    @Test(arguments: bodies.keys.sorted())
    func `a server that is loading says so with status 200`(method: String) async throws {
        for service in [FailingService(isReady: false, error: .notReady), FailingService(error: .notReady)] {
            let reply = try await reply(service, to: method)
            #expect(reply.status == 200)
            #expect(reply.json["Status"] as? String == "SERVER_NOT_READY")
        }
    }

    @Test(arguments: bodies.keys.sorted())
    func `an overloaded server asks to come back`(method: String) async throws {
        let reply = try await reply(FailingService(error: .overloaded), to: method)
        #expect(reply.status == 503)
        #expect(reply.headers["Retry-After"] == ["1"])
        #expect(reply.json["Status"] as? String == "SERVER_NOT_READY")
    }

    @Test(
        arguments: [
            ("CreatePerson", .unreadableImage("x"), "FAILED_TO_ADD_PERSON"),
            ("CreatePerson", .noFace, "FACE_NOT_FOUND"),
            ("CreatePerson", .severalFaces(2), "FAILED_TO_ADD_PERSON_MANY_FACES"),
            ("CreatePerson", .lowQuality(0.1), "FAILED_TO_ADD_PERSON"), ("CreatePerson", .limitReached, "MAXIMUM_FIRS"),
            ("CreatePerson", .invalidTemplate, "FAILED_TO_ADD_PERSON"),
            ("CreatePerson", .invalidText, "FAILED_TO_ADD_PERSON"),
            ("CreatePerson", .storeUnavailable, "FAILED_TO_SAVE_DATABASE"),
            ("UpdatePerson", .unknownPerson, "FAILED_TO_UPDATE_PERSON"),
            ("UpdatePerson", .invalidText, "FAILED_TO_UPDATE_PERSON"),
            ("UpdatePerson", .storeUnavailable, "FAILED_TO_UPDATE_PERSON"),
            ("DeletePersons", .storeUnavailable, "FAILED_TO_DELETE_PERSON"),
            ("ReadPersons", .storeUnavailable, "SERVER_NOT_READY"), ("ReadPersons", .invalidText, "SERVER_NOT_READY"),
            ("CreatePerson", .alreadyExists, "FAILED_TO_ADD_PERSON"),
            ("CreatePerson", .invalidValue, "FAILED_TO_ADD_PERSON"),
            ("CreatePerson", .vanished, "FAILED_TO_ADD_PERSON"),
            ("UpdatePerson", .invalidValue, "FAILED_TO_UPDATE_PERSON"),
            ("FindFaces", .unreadableImage("x"), "FACE_NOT_FOUND"), ("FindFaces", .noFace, "FACE_NOT_FOUND"),
            ("FindFaces", .invalidTemplate, "FACE_NOT_FOUND"), ("FindFaces", .storeUnavailable, "SERVER_NOT_READY"),
        ] as [(String, RecognitionError, String)])
    func `each failure has its code`(method: String, error: RecognitionError, code: String) async throws {
        let reply = try await reply(FailingService(error: error), to: method)
        #expect(reply.status == 200)
        #expect(reply.json["Status"] as? String == code)
    }

    @Test(arguments: bodies.keys.sorted())
    func `what nobody foresaw is an internal error`(method: String) async throws {
        let reply = try await reply(FailingService(error: .storeFailed), to: method)
        #expect(reply.status == 500)
        #expect(reply.headers["Retry-After"].isEmpty)
    }

    @Test(
        arguments: [
            (.overloaded, 503), (.storeUnavailable, 503), (.storeFailed, 500), (.invalidText, 400),
            (.invalidValue, 400),
        ] as [(RecognitionError, Int)])
    func `Web Server 2.0 tells failures by status`(error: RecognitionError, status: Int) async throws {
        let router = Router.server()
        FaceIntellectAPI(service: FailingService(error: error), configuration: .init(sourceID: UUID())).add(to: router)
        let reply = try await withServer(router) { try await $0.request(.GET, "/web2/secure/persons") }
        #expect(reply.status == status)
    }

    @Test func `a text that cannot be stored is named as the cause`() async throws {
        let reply = try await reply(FailingService(error: .invalidText), to: "CreatePerson")
        #expect((reply.json["Description"] as? String)?.contains("NUL") == true)
    }

    @Test func `a failed deletion lists the ids as they were written`() async throws {
        let reply = try await reply(FailingService(error: .storeUnavailable), to: "DeletePersons")
        #expect(reply.json["Result"] as? String == "5d2f0b44-7a3e-4c19-9c55-20f1b6a7e001,77")
    }

    @Test func `the lists of failed readings are there and empty`() async throws {
        let persons = try await reply(FailingService(error: .notReady), to: "ReadPersons").json
        #expect((persons["PersonList"] as? [Any])?.isEmpty == true)
        #expect(persons["Total"] as? Int == 0)
        #expect((persons["Source"] as? String)?.count == 36)
        for key in ["Responce", "Response"] {
            #expect((persons[key] as? [String: String])?["Status"] == "SERVER_NOT_READY")
        }
        let faces = try await reply(FailingService(error: .notReady), to: "FindFaces").json
        #expect((faces["FaceList"] as? [Any])?.isEmpty == true)
        #expect(faces["ProcessedFindFacesDuration"] as? Int == 0)
        #expect(faces["Description"] as? String == "Server is initializing, please wait")
    }

    @Test(arguments: [.notReady, .overloaded, .storeUnavailable] as [RecognitionError])
    func `pictures fail by status`(error: RecognitionError) async throws {
        let router = Router.server()
        FaceIntellectAPI(service: FailingService(error: error), configuration: .init(sourceID: UUID())).add(to: router)
        let reply = try await withServer(router) { try await $0.request(.GET, "/firserver/GetImage/1/\(UUID())") }
        #expect(reply.status == 503)
        #expect(reply.headers["Content-Type"].first?.hasPrefix("text/plain") == true)
    }
}
