import Foundation
import HTTPSupport
import HTTPTypes

/// Something that goes wrong on purpose, for some requests.
struct Fault: Sendable {
    /// What goes wrong.
    enum Kind: Sendable, Hashable {
        /// The answer is late by so many milliseconds, anew for each request.
        case delay(ClosedRange<Int>)
        /// The answer is this status with this body; nothing is done.
        case status(Int, body: String)
        /// The request is carried out, and the answer is cut off before its last byte: no JSON.
        case malformedJSON
        /// The connection is reset; nothing is done.
        case reset
        /// The request is carried out, and the connection ends in the middle of the answer.
        case truncated
        /// The server says that it is not ready; nothing is done.
        case notReady

        var name: String {
            switch self {
            case .delay: "delay"
            case .status: "status"
            case .malformedJSON: "malformed-json"
            case .reset: "reset"
            case .truncated: "truncated"
            case .notReady: "not-ready"
            }
        }

        var isDelay: Bool {
            if case .delay = self { true } else { false }
        }
    }

    let id: UUID
    let kind: Kind
    /// The method that it concerns, letter case aside; `nil`: every one.
    let method: String?
    /// How likely it strikes, 0…1.
    let probability: Double
    /// How often it still strikes; `nil`: until it is removed.
    var remaining: Int?
    var used = 0

    /// A fault from a request.
    init(_ object: JSONObject, id: UUID) throws(EmulatorFailure) {
        self.id = id
        kind = try Self.kind(object)
        method = object.text(forKey: "method").flatMap { $0.isEmpty || $0 == "*" ? nil : $0 }
        let probability = object["probability"] == nil ? 1 : object.number(forKey: "probability")
        guard let probability, 0...1 ~= probability else {
            throw EmulatorFailure(.badRequest, "probability must be from 0 to 1")
        }
        self.probability = probability
        remaining = try object.count()
    }

    private static let longestDelay = 600_000

    private static func kind(_ object: JSONObject) throws(EmulatorFailure) -> Kind {
        switch object.text(forKey: "kind") {
        case "delay":
            let minimum = object.integer(forKey: "minimum") ?? object.integer(forKey: "milliseconds")
            let maximum = object.integer(forKey: "maximum") ?? object.integer(forKey: "milliseconds")
            guard let minimum, let maximum, 0 <= minimum, minimum <= maximum, maximum <= longestDelay else {
                throw EmulatorFailure(
                    .badRequest, "a delay has milliseconds, or minimum and maximum, from 0 to \(longestDelay)")
            }
            return .delay(minimum...maximum)
        case "status":
            guard let status = object.integer(forKey: "status"), 200...599 ~= status else {
                throw EmulatorFailure(.badRequest, "status must be from 200 to 599")
            }
            return .status(status, body: object.text(forKey: "body") ?? "{}")
        case "malformed-json": return .malformedJSON
        case "reset": return .reset
        case "truncated": return .truncated
        case "not-ready": return .notReady
        default:
            throw EmulatorFailure(
                .badRequest, "kind must be delay, status, malformed-json, reset, truncated or not-ready")
        }
    }
}
