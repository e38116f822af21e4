import FaceModel
import Foundation
import HTTPSupport
import Recognition

/// What was asked and answered once.
struct JournalEntry: Sendable {
    /// Counts the requests since the start, from 1.
    var number = 0
    var requestID: String
    var time: Date
    var verb: String
    var path: String
    /// The method's name, or the path where it has none.
    var method: String
    /// The fields of the request as JSON, pictures as hash and size.
    var fields: String
    var status: Int
    /// The answer: as JSON, or its hash and size.
    var answer: String
    var duration: Duration
    /// What went wrong on purpose.
    var faults: [String]
    /// What recognition did.
    var trace: RecognitionTrace

    /// How much memory it takes, roughly.
    var weight: Int {
        fields.utf8.count + answer.utf8.count + path.utf8.count + 512
            + trace.faces.reduce(0) { $0 + 128 + Self.weightOfMatch * $1.matches.count }
    }

    /// A person with texts of some length.
    private static let weightOfMatch = MemoryLayout<RecognitionTrace.Match>.stride + 160
}

extension JSONWriter {
    mutating func entry(_ entry: JournalEntry) {
        object { object in
            object.member("number", entry.number)
            object.member("requestId", entry.requestID)
            object.member("time", entry.time)
            object.member("verb", entry.verb)
            object.member("path", entry.path)
            object.member("method", entry.method)
            object.key("fields")
            object.raw(json: entry.fields)
            object.member("status", entry.status)
            object.key("answer")
            object.raw(json: entry.answer)
            object.key("milliseconds")
            object.significant(entry.duration / .milliseconds(1))
            object.key("stages")
            object.object { stages in
                for (name, duration) in entry.trace.stages {
                    stages.key(text: name)
                    stages.significant(duration / .milliseconds(1))
                }
            }
            object.key("faults")
            object.array { array in
                for name in entry.faults { array.value(name) }
            }
            object.key("faces")
            object.array { array in
                for face in entry.trace.faces { array.tracedFace(face) }
            }
        }
    }

    private mutating func tracedFace(_ face: RecognitionTrace.Face) {
        object { object in
            if let box = face.box {
                object.key("box")
                object.array { array in
                    for side in [box.x, box.y, box.width, box.height] { array.significant(Double(side)) }
                }
            }
            if let quality = face.quality {
                object.key("quality")
                object.significant(Double(quality))
            }
            object.key("matches")
            object.array { array in
                for match in face.matches {
                    array.object { row in
                        row.member("person", match.person.externalID ?? GUID.text(match.person.id))
                        row.member("surname", match.person.texts.surname)
                        row.member("name", match.person.texts.name)
                        row.key("sim")
                        row.significant(match.similarity)
                        row.member("outcome", match.outcome.rawValue)
                    }
                }
            }
        }
    }
}
