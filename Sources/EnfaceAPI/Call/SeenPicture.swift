import FaceModel
import Foundation
import HTTPSupport
import Logging
import Recognition

/// What a picture shows, as far as the platform looks at it.
struct SeenPicture: Sendable {
    /// A face that is large enough.
    struct Face: Sendable {
        let probe: ProbeFace
        /// The aligned face, where it was asked for.
        let thumbnail: [UInt8]?
    }

    /// The faces to work on, largest first.
    var faces: [Face] = []
    /// How many faces are in the picture, whatever their size.
    var total = 0
    /// The platform's word about it.
    var message: String
    /// How long estimates took, per face, in milliseconds.
    var spentOnFeatures = 0
    /// The features that were asked for; `nil`: none.
    var features: [Feature]?
}

extension Caller {
    /// Looks at a picture.
    ///
    /// - Parameter multi: whether all faces are worked on, not only the largest.
    func look(
        at picture: [UInt8], features: [Feature]?, wantsThumbnails: Bool, multi: Bool
    ) async throws(EnfaceFailure) -> SeenPicture {
        let wantsAttributes = features.map { $0.contains(.age) || $0.contains(.gender) } ?? false
        let examination: Examination
        do throws(RecognitionError) {
            examination = try await api.lists.examine(
                picture, wantsAttributes: wantsAttributes, wantsThumbnails: wantsThumbnails)
        } catch {
            guard case .unreadableImage = error else { throw EnfaceFailure(error) }
            return SeenPicture(message: "image format is unknown", features: features)
        }
        guard min(examination.width, examination.height) >= Self.smallestPictureSide else {
            return SeenPicture(message: "image is too small", features: features)
        }
        let total = examination.faces.count
        guard total > 0 else { return SeenPicture(message: "no faces found", features: features) }
        var faces: [SeenPicture.Face] = []
        for (index, probe) in examination.faces.enumerated() {
            let side = probe.face.map { Double(max($0.box.width, $0.box.height)) } ?? .infinity
            guard side >= api.configuration.smallestFace else { continue }
            let thumbnail = wantsThumbnails ? examination.thumbnails[index] : nil
            faces.append(SeenPicture.Face(probe: probe, thumbnail: thumbnail))
        }
        guard !faces.isEmpty else {
            return SeenPicture(
                total: total, message: "\(total) faces detected, but they are too small", features: features)
        }
        if !multi { faces.removeLast(faces.count - 1) }
        call.context.facts["enface.faces"] = .stringConvertible(faces.count)
        return SeenPicture(
            faces: faces, total: total, message: Self.processed(faces.count),
            spentOnFeatures: Int(examination.attributesDuration / .milliseconds(1)) / max(1, total),
            features: features)
    }

    /// Both sides of a picture have at least so many pixels.
    private static let smallestPictureSide = 50

    static func processed(_ count: Int) -> String { "\(count) face(s) successfully processed" }

    /// What `feature_check` asks for; `nil` when it is absent.
    func features() throws(EnfaceFailure) -> [Feature]? {
        guard let field = call["feature_check"] else { return nil }
        return try Feature.list(field, in: call.profile)
    }
}

/// Which extras of a face or a record are wanted.
struct WantedExtras: Sendable {
    let box: Bool
    let turnedBox: Bool
    let thumbnail: Bool
    let normalized: Bool
    let embedding: Bool

    init(_ call: EnfaceCall) throws(EnfaceFailure) {
        let isReal = try call.flag("bbox_real")
        box = try call.flag("bbox") || isReal
        turnedBox = try call.flag("bbox_pro")
        thumbnail = try call.flag("thumb")
        let isNormalized = try call.flag("normalized")
        let wantsEmbeddings = try call.flag("embeddings")
        normalized = isNormalized && call.profile == .neurovision
        embedding = wantsEmbeddings && call.profile == .neurovision
    }

    /// Whether aligned faces have to be cut out.
    var needsThumbnail: Bool { thumbnail || normalized }
}
