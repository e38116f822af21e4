import FaceModel
import Foundation
import HTTPSupport
import Recognition

extension FaceIntellectAPI {
    /// GetAnalitycByTime (the product's spelling): passes by hour, day, month or year, age and gender.
    func getAnalitycByTime(_ request: JSONObject) async throws(MethodFailure) -> JSONWriter {
        let zone = request.integer(forKey: "returnLocalTime") == 1 ? TimeZone.current : .gmt
        let period: Demographics.Period =
            switch request.integer(forKey: "timePeriod") {
            case 1: .day
            case 2: .month
            case 3: .year
            default: .hour
            }
        var rows: [Demographics] = []
        if let filter = PassFilter(request) {
            rows = try await calling(for: .getAnalitycByTime) { () async throws(RecognitionError) in
                try await service.demographics(matching: filter, per: period, in: zone)
            }
        }
        var writer = JSONWriter(capacity: 512 * (rows.count + 1))
        let showing = { (date: Date) in date.addingTimeInterval(Double(zone.secondsFromGMT(for: date))) }
        writer.demographics(rows, showing: showing, status: "SUCCESS")
        return writer
    }
}
