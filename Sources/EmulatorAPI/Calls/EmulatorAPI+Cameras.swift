import FaceModel
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Recognition

extension EmulatorAPI {
    var cameraEndpoints: [Endpoint] {
        [
            Endpoint(verb: .get, path: "cameras", purpose: "list the cameras") { [self] _ in
                let cameras = try await calling { () async throws(RecognitionError) in try await service.cameras() }
                return .list("cameras", cameras) { $0.camera($1) }
            },
            Endpoint(
                verb: .post, path: "cameras", purpose: "add a camera", example: #"{"id":"5","name":"Gate 2"}"#,
                answer: addCamera),
            Endpoint(
                verb: .patch, path: "cameras/{id}", purpose: "rename a camera; earlier protocols keep the old name",
                example: #"{"name":"Gate 3"}"#, answer: renameCamera),
            Endpoint(verb: .delete, path: "cameras/{id}", purpose: "forget a camera; its protocols stay") {
                [self] call in
                try await calling { () async throws(RecognitionError) in
                    try await service.removeCamera(call.parameter("id"))
                }
                return Response(status: .noContent)
            },
            Endpoint(
                verb: .post, path: "cameras/{id}/frames",
                purpose: "recognise a frame: the file itself, multipart with image, or JSON with image in base64",
                example: #"{"image":"/9j/4AAQ…","timestamp":"2024-03-06T12:58:40.500"}"#, answer: recordFrame),
        ]
    }

    private func addCamera(_ call: EmulatorCall) async throws -> Response {
        let object = try await call.object()
        let id = try object.cameraText("id", required: true)
        let name = try object.cameraText("name", required: false)
        let camera = Camera(id: id, name: name.isEmpty ? "Camera \(id)" : name)
        let isNew = try await calling { () async throws(RecognitionError) in try await service.add(camera) }
        guard isNew else { throw EmulatorFailure(.conflict, "there is a camera with this id") }
        var writer = JSONWriter()
        writer.camera(camera)
        return .json(writer, status: .created)
    }

    private func renameCamera(_ call: EmulatorCall) async throws -> Response {
        let name = try await call.object().cameraText("name", required: true)
        let id = call.parameter("id")
        try await calling { () async throws(RecognitionError) in try await service.renameCamera(id, to: name) }
        var writer = JSONWriter()
        writer.camera(Camera(id: id, name: name))
        return .json(writer)
    }

    private func recordFrame(_ call: EmulatorCall) async throws -> Response {
        let frame = try await Frame(call)
        let faces = try await calling { () async throws(RecognitionError) in
            try await service.record(frame.picture, camera: call.parameter("id"), at: frame.time, in: gallery)
        }
        call.context.facts["face.count"] = .stringConvertible(faces.count)
        return .object { object in
            object.key("protocols")
            object.array { array in
                for face in faces { array.value(face.pass.id) }
            }
            object.key("faces")
            object.array { array in
                for face in faces { array.recordedFace(face) }
            }
        }
    }
}

/// A frame in one of the forms in which it is sent.
private struct Frame {
    let picture: [UInt8]
    let time: Date?

    init(_ call: EmulatorCall) async throws {
        let body = try await call.body()
        let type = call.request.headers[.contentType] ?? ""
        var picture: [UInt8]?
        var time = call.query("timestamp")
        if type.lowercased().hasPrefix("multipart/form-data") {
            let form: MultipartForm
            do throws(MultipartError) {
                form = try MultipartForm.parse(body, contentType: type)
            } catch {
                throw EmulatorFailure(.badRequest, error.description)
            }
            let part = form.first("image") ?? form.parts.first { $0.filename != nil }
            picture = part.map { Array($0.bytes.readableBytesView) }
            time = form.first("timestamp").map { String(buffer: $0.bytes) } ?? time
        } else if type.lowercased().contains("json") || body.readableBytesView.first == UInt8(ascii: "{") {
            let object = try JSONObject(body)
            picture = object.bytesOfBase64(forKey: "image")
            time = object.text(forKey: "timestamp") ?? time
        } else {
            picture = Array(body.readableBytesView)
        }
        guard let picture, !picture.isEmpty else { throw EmulatorFailure(.badRequest, "there is no picture") }
        self.picture = picture
        guard let text = time, !text.isEmpty else {
            self.time = nil
            return
        }
        guard let date = Timestamp.parse(text) ?? Timestamp.parse(text.replacing(" ", with: "+")) else {
            throw EmulatorFailure(.badRequest, "timestamp must be a time like 2024-03-06T12:58:40.500")
        }
        self.time = date
    }
}

extension JSONObject {
    private static let longestCameraText = 256

    fileprivate func cameraText(_ key: String, required: Bool) throws -> String {
        guard let value = self[key] else {
            guard required else { return "" }
            throw EmulatorFailure(.badRequest, "\(key) is missing")
        }
        guard let text = value.text, !required || !text.isEmpty, text.utf8.count <= Self.longestCameraText else {
            throw EmulatorFailure(.badRequest, "\(key) must be a text of 1 to \(Self.longestCameraText) bytes")
        }
        return text
    }
}

extension JSONWriter {
    fileprivate mutating func camera(_ camera: Camera) {
        object { object in
            object.member("id", camera.id)
            object.member("name", camera.name)
        }
    }

    fileprivate mutating func recordedFace(_ face: RecordedFace) {
        object { object in
            object.member("protocol", face.pass.id)
            object.member("isNew", face.isNew)
            object.member("timestamp", face.pass.capturedAt)
            object.key("quality")
            object.significant(Double(face.pass.quality))
            if let attributes = face.pass.attributes {
                object.key("age")
                object.significant(Double(attributes.age))
                object.member("gender", attributes.gender == .male ? "male" : "female")
            }
            object.key("hits")
            object.array { array in
                for hit in face.pass.hits {
                    array.object { row in
                        row.member("person", hit.personID)
                        row.member("surname", hit.texts.surname)
                        row.member("name", hit.texts.name)
                        row.key("sim")
                        row.significant(hit.similarity)
                    }
                }
            }
            object.key("events")
            object.array { array in
                for event in face.events { array.value(event.name.rawValue) }
            }
            object.key("addedPerson")
            if let person = face.addedPerson { object.value(person.id) } else { object.null() }
        }
    }
}
