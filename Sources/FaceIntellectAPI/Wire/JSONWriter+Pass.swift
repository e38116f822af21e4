import FaceModel
import Foundation
import HTTPSupport
import Recognition

extension JSONWriter {
    /// Writes a row of GetProtocols.
    mutating func protocolRow(_ pass: Pass, includesFir: Bool) {
        object { object in
            object.key("id")
            object.value(pass.id)
            object.key("camera_id")
            object.value(pass.cameraID)
            object.key("camera_name")
            object.value(pass.cameraName)
            object.key("timestamp")
            object.value(pass.capturedAt)
            object.key("age")
            object.significant(Double(pass.attributes?.age ?? 0))
            object.key("gender")
            object.value(pass.genderCode)
            object.undefined(["emotion", "glasses", "facialHair", "hairColor", "hairType", "headwear"])
            object.undefined(["liveness", "evasion", "temperature"])
            object.key("fir")
            object.object { fir in
                fir.key("data")
                fir.value(includesFir ? pass.template : "")
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
            object.key("id")
            object.value(hit.imageID)
            object.key("person_id")
            object.value(hit.platformUserID.map(String.init) ?? "")
            object.key("sim")
            object.similarityNumber(hit.similarity)
            object.key("timestamp")
            object.value(hit.addedAt)
            object.key("surname")
            object.value(hit.texts.surname)
            object.key("name")
            object.value(hit.texts.name)
            object.key("patronymic")
            object.value(hit.texts.patronymic)
            object.key("comment")
            object.value(hit.texts.comment)
            object.key("department")
            object.value(hit.texts.department)
        }
    }

    /// Writes the answer of GetAnalityc.
    mutating func visitors(_ visitors: [Visitor], status: String) {
        object { object in
            object.key("PassAndLikesList")
            object.array { array in
                for visitor in visitors { array.visitor(visitor) }
            }
            object.key("Total")
            object.value(visitors.count)
            let genders = visitors.map { $0.main.attributes?.gender }
            object.key("Males")
            object.value(genders.count { $0 == .male })
            object.key("Females")
            object.value(genders.count { $0 == .female })
            object.key("Unknown")
            object.value(genders.count { $0 == nil })
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
            object.key("Id")
            object.value(pass.id)
            object.key("Timestamp")
            object.value(pass.capturedAt)
            object.key("CameraId")
            object.value(pass.cameraID)
            object.key("CameraName")
            object.value(pass.cameraName)
            object.key("Age")
            object.significant(Double(pass.attributes?.age ?? 0))
            object.key("Gender")
            object.value(pass.genderCode)
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
                        row.key("timestamp")
                        row.value(showing(period[0].start))
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
            object.key("age")
            object.value(counts[0].age)
            object.key("gender")
            object.genders(counts)
            // No model here tells expressions, so nobody is counted under one.
            object.key("smile")
            object.genders([])
            object.key("angry")
            object.genders([])
            object.key("fear")
            object.genders([])
            object.key("happiness")
            object.genders([])
            object.key("neutral")
            object.genders([])
            object.key("sadness")
            object.genders([])
            object.key("surprise")
            object.genders([])
        }
    }

    private mutating func genders(_ counts: [Demographics]) {
        func sum(_ gender: Gender?) -> Int { counts.filter { $0.gender == gender }.reduce(0) { $0 + $1.count } }
        object { object in
            object.key("males")
            object.value(sum(.male))
            object.key("females")
            object.value(sum(.female))
            object.key("unknown")
            object.value(sum(nil))
        }
    }

    /// Writes `Data` of FindPasserBy.
    mutating func similarPasses(_ passes: [SimilarPass], duration: Duration) {
        object { object in
            object.key("rows")
            object.array { array in
                for found in passes {
                    array.object { row in
                        row.key("id")
                        row.value(found.pass.id)
                        row.key("sim")
                        row.similarityNumber(found.similarity)
                        // The documentation's sample and its table differ in this key.
                        row.key("cameraID")
                        row.value(found.pass.cameraID)
                        row.key("cameraId")
                        row.value(found.pass.cameraID)
                        row.key("timestamp")
                        row.value(found.pass.capturedAt)
                    }
                }
            }
            object.key("totalCount")
            object.value(passes.count)
            object.key("duration")
            object.value(duration.milliseconds)
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
            response.key("Status")
            response.value(status)
        }
        key("Status")
        value(status)
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
