import FaceModel
import Foundation
import HTTPSupport
import Recognition

extension JSONWriter {
    /// Writes a row of GetProtocols.
    mutating func protocolRow(_ pass: Pass, includesFir: Bool) {
        object { object in
            object.member("id", pass.id)
            object.member("camera_id", pass.cameraID)
            object.member("camera_name", pass.cameraName)
            object.member("timestamp", pass.capturedAt)
            object.key("age")
            object.significant(Double(pass.attributes?.age ?? 0))
            object.member("gender", pass.genderCode)
            object.undefined(["emotion", "glasses", "facialHair", "hairColor", "hairType", "headwear"])
            object.undefined(["liveness", "evasion", "temperature"])
            object.key("fir")
            object.object { fir in
                fir.member("data", includesFir ? pass.template : "")
                // None of the engines that the product numbers.
                fir.undefined(["engine", "alg"])
            }
            object.key("Hits")
            object.array { array in
                for hit in pass.hits { array.hit(hit) }
            }
        }
    }

    private mutating func hit(_ hit: PassHit) {
        object { object in
            object.member("id", hit.imageID)
            object.member("person_id", hit.platformUserID.map(String.init) ?? "")
            object.key("sim")
            object.similarityNumber(hit.similarity)
            object.member("timestamp", hit.addedAt)
            object.member("surname", hit.texts.surname)
            object.member("name", hit.texts.name)
            object.member("patronymic", hit.texts.patronymic)
            object.member("comment", hit.texts.comment)
            object.member("department", hit.texts.department)
        }
    }

    /// Writes the answer of GetAnalityc.
    mutating func visitors(_ visitors: [Visitor], status: String) {
        object { object in
            object.key("PassAndLikesList")
            object.array { array in
                for visitor in visitors { array.visitor(visitor) }
            }
            object.member("Total", visitors.count)
            let genders = visitors.map { $0.main.attributes?.gender }
            object.member("Males", genders.count { $0 == .male })
            object.member("Females", genders.count { $0 == .female })
            object.member("Unknown", genders.count { $0 == nil })
            object.responseStatus(status)
        }
    }

    private mutating func visitor(_ visitor: Visitor) {
        object { object in
            object.key("MainPass")
            object.analyticsPass(visitor.main)
            object.key("BestPerson")
            if let best = visitor.best {
                object.person(best.person, similarity: best.similarity)
            } else {
                object.null()
            }
            object.key("LikePasses")
            object.array { array in
                for pass in visitor.likes { array.analyticsPass(pass) }
            }
        }
    }

    private mutating func analyticsPass(_ pass: Pass) {
        object { object in
            object.member("Id", pass.id)
            object.member("Timestamp", pass.capturedAt)
            object.member("CameraId", pass.cameraID)
            object.member("CameraName", pass.cameraName)
            object.key("Age")
            object.significant(Double(pass.attributes?.age ?? 0))
            object.member("Gender", pass.genderCode)
            object.undefined(["Temperature", "Emotion", "Glasses", "FacialHair", "HairColor", "HairType"])
            object.undefined(["Headwear", "Liveness", "Evasion"])
        }
    }

    /// Writes the answer of GetAnalitycByTime: a row per period, in it an element per age.
    ///
    /// - Parameter showing: the time that is written for a moment.
    mutating func demographics(_ counts: [Demographics], showing: (Date) -> Date, status: String) {
        object { object in
            object.key("Rows")
            object.array { array in
                for period in counts.runs(by: \.start) {
                    array.object { row in
                        row.member("timestamp", showing(period[0].start))
                        row.key("value")
                        row.array { values in
                            for age in period.runs(by: \.age) { values.ageGroup(age) }
                        }
                    }
                }
            }
            object.responseStatus(status)
        }
    }

    private mutating func ageGroup(_ counts: [Demographics]) {
        object { object in
            object.member("age", counts[0].age)
            object.key("gender")
            object.genders(counts)
            // No model here tells expressions, so nobody is counted under one.
            let expressions: [StaticString] = [
                "smile", "angry", "fear", "happiness", "neutral", "sadness", "surprise",
            ]
            for name in expressions {
                object.key(name)
                object.genders([])
            }
        }
    }

    private mutating func genders(_ counts: [Demographics]) {
        func sum(_ gender: Gender?) -> Int { counts.filter { $0.gender == gender }.reduce(0) { $0 + $1.count } }
        object { object in
            object.member("males", sum(.male))
            object.member("females", sum(.female))
            object.member("unknown", sum(nil))
        }
    }

    /// Writes `Data` of FindPasserBy.
    mutating func similarPasses(_ passes: [SimilarPass], duration: Duration) {
        object { object in
            object.key("rows")
            object.array { array in
                for found in passes {
                    array.object { row in
                        row.member("id", found.id)
                        row.key("sim")
                        row.similarityNumber(found.similarity)
                        // The documentation's sample and its table differ in this key.
                        row.member("cameraID", found.cameraID)
                        row.member("cameraId", found.cameraID)
                        row.member("timestamp", found.capturedAt)
                    }
                }
            }
            object.member("totalCount", passes.count)
            object.member("duration", duration.milliseconds)
        }
    }

    /// What no model here can tell is 0 = undefined.
    private mutating func undefined(_ keys: [StaticString]) {
        for name in keys {
            key(name)
            value(0)
        }
    }

    private mutating func similarityNumber(_ similarity: Double) {
        significant(similarity < 1e-6 ? 0 : min(1, similarity))
    }

    private mutating func responseStatus(_ status: String) {
        key("Response")
        object { response in
            response.member("Status", status)
        }
        member("Status", status)
    }
}

extension Pass {
    fileprivate var genderCode: Int {
        switch attributes?.gender {
        case .male: 1
        case .female: 2
        case nil: 0
        }
    }

    /// The captured face in a form that CreatePerson and FindFaces take.
    fileprivate var template: String {
        Data(FaceTemplate(model: model, embedding: embedding).bytes).base64EncodedString()
    }
}

extension Sequence {
    /// The elements in runs of equal keys.
    fileprivate func runs<Key: Equatable>(by key: (Element) -> Key) -> [[Element]] {
        reduce(into: []) { runs, element in
            if let last = runs.last?.last, key(last) == key(element) {
                runs[runs.count - 1].append(element)
            } else {
                runs.append([element])
            }
        }
    }
}
