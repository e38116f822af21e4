/// One of several looks at the same face, whose embeddings are averaged.
struct FaceView: Sendable, Hashable {
    let isMirrored: Bool
    /// Above 1 the face becomes larger in the crop.
    let zoom: Double

    /// A photo has room around the face, so it is looked at a little nearer and farther, too.
    static let ofPhoto = [false, true].flatMap { isMirrored in
        [0.94, 1, 1.06].map { FaceView(isMirrored: isMirrored, zoom: $0) }
    }

    /// A crop ends where the face does.
    static let ofCrop = [false, true].map { FaceView(isMirrored: $0, zoom: 1) }
}
