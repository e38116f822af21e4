import FaceModel
import Foundation
import HTTPSupport

extension PassFilter {
    /// The passes that a request means by period, cameras, genders and ages.
    ///
    /// A missing date leaves its side open, empty arrays are no condition.
    ///
    /// - Returns: `nil` when nothing can match: a date that cannot be read, a period that ends before it begins,
    ///   genders of which none exists.
    init?(_ request: JSONObject) {
        self.init()
        for (key, path) in [("dateTimeFrom", \PassFilter.from), ("dateTimeTo", \PassFilter.to)] {
            guard let value = request[key], value.text != "" else { continue }
            guard let date = value.text.flatMap(Timestamp.parse) else { return nil }
            self[keyPath: path] = date
        }
        if let from, let to, from > to { return nil }
        cameraIDs = request.listValues("cameraIds").compactMap(\.text).filter { !$0.isEmpty }
        // No camera has such an id, and the database does not take it.
        guard !cameraIDs.contains(where: { $0.utf8.contains(0) }) else { return nil }
        let wanted = request.listValues("genders").compactMap(\.integer)
        let known = wanted.compactMap { number -> Gender?? in
            switch number {
            case 0: .some(nil)
            case 1: .some(.male)
            case 2: .some(.female)
            default: nil
            }
        }
        guard wanted.isEmpty || !known.isEmpty else { return nil }
        genders = Set(known)
        minimumAge = request.integer(forKey: "minAge")
        maximumAge = request.integer(forKey: "maxAge")
    }
}
