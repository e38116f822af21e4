import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Recognition

extension EmulatorAPI {
    /// A thousand years to each side: what a calendar of four digits can show.
    private static let farthest = 31_536_000_000.0

    var timeEndpoints: [Endpoint] {
        [
            Endpoint(verb: .get, path: "clock", purpose: "what time the server believes it is") { [self] _ in
                showClock()
            },
            Endpoint(
                verb: .put, path: "clock", purpose: "stop the clock (fixed), shift it (offset), or let it go (system)",
                example: #"{"mode":"fixed","time":"2024-03-06T12:00:00.000"}"#
            ) { [self] call in
                tools.clock.mode = try mode(try await call.object())
                return showClock()
            },
            Endpoint(
                verb: .post, path: "clock/advance", purpose: "move the clock, forward or back",
                example: #"{"seconds":86400}"#
            ) { [self] call in
                tools.clock.advance(by: try seconds(try await call.object()))
                return showClock()
            },
            Endpoint(
                verb: .put, path: "ids", purpose: "make new ids and the chance of faults repeat after a seed",
                example: #"{"seed":42}"#
            ) { [self] call in
                guard let seed = try await call.object().integer(forKey: "seed") else {
                    throw EmulatorFailure(.badRequest, "seed must be a whole number")
                }
                tools.ids.seed(UInt64(bitPattern: Int64(seed)))
                tools.faults.seed(UInt64(bitPattern: Int64(seed)))
                return Response(status: .noContent)
            },
            Endpoint(verb: .delete, path: "ids", purpose: "leave new ids to chance again") { [self] _ in
                tools.ids.seed(nil)
                tools.faults.seed(nil)
                return Response(status: .noContent)
            },
        ]
    }

    private func mode(_ object: JSONObject) throws -> ServerClock.Mode {
        switch object.text(forKey: "mode") {
        case "system": return .system
        case "offset": return .offset(try seconds(object))
        case "fixed":
            guard let time = object.text(forKey: "time").flatMap(Timestamp.parse) else {
                throw EmulatorFailure(.badRequest, "time must be a time like 2024-03-06T12:00:00.000")
            }
            return .fixed(time)
        default: throw EmulatorFailure(.badRequest, "mode must be system, offset or fixed")
        }
    }

    private func seconds(_ object: JSONObject) throws -> TimeInterval {
        guard let seconds = object.number(forKey: "seconds"), abs(seconds) <= Self.farthest else {
            throw EmulatorFailure(.badRequest, "seconds must be a number, at most a thousand years")
        }
        return seconds
    }

    private func showClock() -> Response {
        .object { object in
            object.key("mode")
            switch tools.clock.mode {
            case .system: object.value("system")
            case .offset(let seconds):
                object.value("offset")
                object.key("seconds")
                object.significant(seconds, digits: 15)
            case .fixed: object.value("fixed")
            }
            object.member("now", tools.clock.now())
        }
    }
}
