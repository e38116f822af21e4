import FaceModel
import Foundation

extension PlatformEvent {
    /// What a pass tells the platform.
    static func events(of pass: Pass, isForAccess: Bool, ids: IDSource) -> [PlatformEvent] {
        let names: [Name] =
            pass.hits.isEmpty
            ? [.personNotFound] + (isForAccess ? [.identifyDecline] : [])
            : [.findPerson] + (isForAccess ? [.identifyAccept] : [])
        return names.map { name in
            PlatformEvent(
                id: ids.next(), name: name, raisedAt: pass.capturedAt, cameraID: pass.cameraID,
                cameraName: pass.cameraName, parameters: parameters(of: pass))
        }
    }

    /// The facts of a pass under the platform's parameter names; times are UTC.
    private static func parameters(of pass: Pass) -> [String: String] {
        let time = pass.capturedAt.timeIntervalSince1970
        let milliseconds = Int((time * 1000).rounded())
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: pass.capturedAt)
        func padded(_ number: Int?, _ digits: Int) -> String {
            let text = String(number ?? 0)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        var parameters = [
            "protocol_id": pass.id.uuidString, "cam_name": pass.cameraName, "owner": pass.cameraID,
            "capture_date": "\(padded(parts.day, 2))-\(padded(parts.month, 2))-\(padded(parts.year, 4))",
            "capture_time": "\(padded(parts.hour, 2)):\(padded(parts.minute, 2)):\(padded(parts.second, 2))",
            "capture_fraction": padded(((milliseconds % 1000) + 1000) % 1000, 3),
        ]
        if let hit = pass.hits.first {
            // Nothing below one in ten thousand, where an exponent would begin.
            let similarity = String(hit.similarity < 1e-4 ? 0 : (hit.similarity * 1e6).rounded() / 1e6)
            parameters.merge([
                "id": hit.personID.uuidString, "face_id": hit.imageID.uuidString, "guid_pk": hit.personID.uuidString,
                "confidence": similarity, "sim": similarity, "surname": hit.texts.surname, "name": hit.texts.name,
                "patronymic": hit.texts.patronymic, "comment": hit.texts.comment, "department": hit.texts.department,
            ]) { _, new in new }
        }
        return parameters
    }
}
