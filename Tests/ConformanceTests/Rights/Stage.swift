import Foundation
import NIOHTTP1
import Postgres
import TestKit
import Testing

/// A server on which every dialect has a person of its own, a pass in the log and a picture that was searched.
struct Stage {
    /// Whose a person or a picture is.
    enum Holder: String, CaseIterable {
        /// The gallery that all dialects share: Face Intellect's, OpenCV's cloud API's, the first Enface user's default list.
        case shared
        /// A further list of the first Enface user.
        case firstList
        /// The default list of the second Enface user.
        case second
        /// A named collection of the FR Server.
        case named
        /// The recognition log.
        case log
        /// The history of the first Enface user's searches.
        case action
    }

    /// What an id is the id of.
    enum Kind { case person, picture }

    struct Known {
        let holder: Holder
        let kind: Kind
        let id: String
    }

    /// Who asks.
    enum Caller: CaseIterable {
        case faceIntellect, firstUser, secondUser, openCV, nobody

        /// Whose persons the caller may see.
        var owned: Set<Holder> {
            switch self {
            case .faceIntellect: [.shared, .log]
            case .firstUser: [.shared, .firstList]
            case .secondUser: [.second]
            case .openCV: [.shared, .named]
            case .nobody: []
            }
        }
    }

    static let photos: [Holder: Photo] = [
        .shared: .biden, .firstList: .obama, .second: .personA2, .named: .personB1, .action: .impostor2,
    ]
    static let collection = "staff"
    static let memberID = "member-of-staff"

    let server: RunningServer
    let database: String
    let first: EnfaceClient
    let second: EnfaceClient
    let firstList: String
    /// A name by which the person of a holder is known; no other answer has it.
    let markers: [Holder: String]
    let ids: [Known]
    /// The sealed address of the second user's picture.
    let sealedPath: String

    static func with(_ body: (Stage) async throws -> Void) async throws {
        try await withTemporaryPostgres { postgres in
            let stage = try await Stage(database: postgres.connectionString)
            let result: Result<Void, any Error>
            do { result = .success(try await body(stage)) } catch { result = .failure(error) }
            let status = await stage.server.stop()
            try result.get()
            #expect(status == 0)
        }
    }

    private init(database: String) async throws {
        self.database = database
        first = try await EnfaceClient.own(
            OpenCVClient.keyArguments + [
                "--database-url", database, "--face-intellect-authentication", "true", "--face-intellect-users",
                "gate:gate-password", "--emulator", "true",
            ])
        server = first.server
        let login = try await first.send(
            .POST, "user/login", ["email": EnfaceClient.secondEmail, "password": EnfaceClient.secondPassword],
            token: nil)
        second = EnfaceClient(
            server: server, base: first.base, token: try #require(login.json["token"] as? String))
        let markers = Dictionary(uniqueKeysWithValues: Holder.allCases.map { ($0, "name\(uniqueWord().prefix(8))") })
        self.markers = markers
        func marker(_ holder: Holder) -> FormPart { .text("fields", markers[holder] ?? "") }

        let created = try await Self.faceIntellect(
            server, "CreatePerson",
            [
                "surname": markers[.shared] ?? "", "department": "",
                "image": try Photo.biden.base64(),
            ])
        let shared = try #require(created.json["Result"] as? String)
        firstList = try await first.makeList()
        let listed = try await first.enrol(.obama, into: firstList, [marker(.firstList)])
        let own = try await second.enrol(.personA2, into: EnfaceClient.defaultID, [marker(.second)])
        let link = try #require((own["image_url"] as? String).flatMap { URL(string: $0) })
        sealedPath = link.path
        let openCV = OpenCVClient(server: server).frServer
        #expect(try await openCV.call(.POST, "collection", ["name": Self.collection]).status == 200)
        let member: [String: Any] = [
            "collection_name": Self.collection, "person_id": Self.memberID, "person_name": markers[.named] ?? "",
            "face_base_64": try Photo.personB1.base64(), "face_storage_type": "StoreFullImage",
        ]
        #expect(try await openCV.call(.PUT, "person", member).status == 200)
        let searched = try await first.form("action", [try .photo(.impostor2)])
        let action = try #require(searched.json["action_id"] as? String, "\(searched.text)")
        #expect(try await server.client.post("/emulator/cameras", #"{"id":"1"}"#).status == 201)
        let frame = try await server.client.request(
            .POST, "/emulator/cameras/1/frames", headers: ["Content-Type": "image/jpeg"], body: Photo.biden.bytes())
        let pass = try #require((frame.json["protocols"] as? [String])?.first, "\(frame.text)")

        let connection = try PostgresConnection(PostgresConfiguration(database))
        func row(_ name: String) throws -> (person: String, picture: String) {
            let rows = try connection.query(
                "SELECT id, image_id FROM persons WHERE name = $1 OR surname = $1 LIMIT 1", name
            ).map { row throws(PostgresError) in
                (try row.decode(0, as: UUID.self).uuidString, try row.decode(1, as: UUID.self).uuidString)
            }
            return try #require(rows.first)
        }
        var ids = [
            Known(holder: .log, kind: .picture, id: pass), Known(holder: .action, kind: .picture, id: action),
        ]
        for holder in [Holder.shared, .firstList, .second, .named] {
            let found = try row(markers[holder] ?? "")
            ids.append(Known(holder: holder, kind: .person, id: found.person))
            ids.append(Known(holder: holder, kind: .picture, id: found.picture))
        }
        #expect(ids.contains { $0.id == shared })
        #expect(ids.contains { $0.id.lowercased() == listed["person_id"] as? String })
        self.ids = ids
    }

    /// Calls a method of Face Intellect; `nil` asks without credentials.
    static func faceIntellect(
        _ server: RunningServer, _ method: String, _ body: [String: Any]?, login: String? = "gate:gate-password"
    ) async throws -> HTTPReply {
        try await server.client.request(
            body == nil ? .GET : .POST, "/\(method.hasPrefix("web2") ? "" : "firserver/")\(method)",
            headers: Self.basic(login), body: try body.map(FaceIntellectClient.json))
    }

    static func basic(_ login: String?) -> HTTPHeaders {
        login.map { ["Authorization": "Basic \(Data($0.utf8).base64EncodedString())"] } ?? [:]
    }

    /// Everything that an answer tells about the persons of a holder: the name, or a picture.
    func reveals(_ reply: HTTPReply) -> Set<Holder> {
        Set(markers.filter { reply.text.contains($0.value) }.keys)
    }
}

extension HTTPReply {
    /// Whether the body is a picture.
    var isPicture: Bool { status == 200 && (body.starts(with: [0xFF, 0xD8]) || body.starts(with: [0x89, 0x50])) }
}
