import FaceModel
import Foundation
import HTTPSupport
import Hummingbird

extension JSONWriter {
    /// Writes a text or `null`.
    mutating func member(_ key: StaticString, _ text: String?) {
        self.key(key)
        if let text { value(text) } else { null() }
    }

    /// Writes an id in lower case.
    mutating func member(id: UUID, as key: StaticString = "id") { member(key, id.uuidString.lowercased()) }

    /// Writes a time with its zone.
    mutating func member(time: Date, as key: StaticString) { member(key, Timestamp.localText(time, in: .gmt)) }

    /// Writes a score 0…1.
    mutating func member(score: Double, as key: StaticString) {
        self.key(key)
        significant(min(1, max(0, score)))
    }

    /// Writes a file as base64.
    mutating func member(file: [UInt8], as key: StaticString) { member(key, Data(file).base64EncodedString()) }

    /// Writes a box in whole pixels, cut off at the border of its picture.
    mutating func member(box: BoundingBox, width: Int, height: Int) {
        func clamped(_ value: Float, _ limit: Int) -> Int { min(limit, max(0, value.nearestInteger)) }
        key("box")
        object { object in
            object.member("left", clamped(box.x, width))
            object.member("top", clamped(box.y, height))
            object.member("right", clamped(box.x + box.width, width))
            object.member("bottom", clamped(box.y + box.height, height))
        }
    }
}

extension Response {
    /// An answer that an object's members make.
    static func object(_ status: HTTPResponse.Status = .ok, _ members: (inout JSONWriter) -> Void) -> Response {
        var writer = JSONWriter()
        writer.object(members)
        return .json(writer, status: status)
    }

    /// An answer that is a bare list.
    static func array(_ status: HTTPResponse.Status = .ok, _ elements: (inout JSONWriter) -> Void) -> Response {
        var writer = JSONWriter()
        writer.array(elements)
        return .json(writer, status: status)
    }
}
