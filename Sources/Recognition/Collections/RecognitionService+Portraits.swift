import FaceAnalysis
import FaceModel
import FaceStore
import Foundation
import Postgres
import Synchronization

extension RecognitionService {
    /// What is stored of pictures of a person.
    func records(
        of pictures: [PortraitPicture], model: ModelID
    ) async throws(CollectionError) -> [FaceRecord] {
        var records: [FaceRecord] = []
        for picture in pictures {
            switch picture {
            case .photo(let bytes): records.append(try await record(ofPhoto: bytes, model: model))
            case .crop(let bytes): records.append(try await record(ofCrop: bytes, model: model))
            }
        }
        return records
    }

    private func record(ofPhoto bytes: [UInt8], model: ModelID) async throws(CollectionError) -> FaceRecord {
        let (face, thumbnail, file) = try await collecting {
            () async throws(RecognitionError) -> (DetectedFace, [UInt8]?, [UInt8]) in
            guard let face = try await detected(in: bytes).faces.first?.face else { throw .noFace }
            guard Double(face.quality) >= settings.minimumPhotoQuality else { throw .lowQuality(face.quality) }
            let thumbnail = try await analyzing { () throws(FaceAnalysisError) in
                try await analyzer.thumbnails(of: [face.landmarks], in: bytes).first ?? nil
            }
            return (face, thumbnail, try await jpeg(bytes))
        }
        guard min(face.box.width, face.box.height) >= Float(ProfileDraft.smallestFace) else {
            throw .faceTooSmall(ProfileDraft.smallestFace)
        }
        return FaceRecord(
            id: configuration.ids.next(), image: file, mediaType: "image/jpeg", embedding: face.embedding, model: model,
            quality: face.quality, box: face.box, landmarks: face.landmarks, pose: face.pose, thumbnail: thumbnail)
    }

    private func record(ofCrop bytes: [UInt8], model: ModelID) async throws(CollectionError) -> FaceRecord {
        let embedding = try await embeddings(ofCrops: [bytes], isFused: false)[0]
        let file = try await collecting { () async throws(RecognitionError) in try await jpeg(bytes) }
        return FaceRecord(
            id: configuration.ids.next(), image: file, mediaType: "image/jpeg", embedding: embedding, model: model,
            quality: 1, thumbnail: file)
    }

    /// The embeddings of crops, after a look whether they are such.
    ///
    /// - Throws: ``CollectionError/notAligned``.
    func embeddings(ofCrops crops: [[UInt8]], isFused: Bool) async throws(CollectionError) -> [Embedding] {
        for crop in crops where try await !isCrop(crop) { throw .notAligned }
        let embeddings = try await collecting { () async throws(RecognitionError) in
            try await analyzing { () throws(FaceAnalysisError) in
                isFused
                    ? try await analyzer.fusedEmbeddings(ofAligned: crops)
                    : try await analyzer.embeddings(ofAligned: crops)
            }
        }
        // Sealed or not, a crop has the size of the embedder's input.
        let usable = embeddings.compactMap(\.self)
        guard usable.count == crops.count else { throw .notAligned }
        return usable
    }

    /// Whether a picture is a crop of ours: by its seal, or, when a program wrote the picture anew, because its face
    /// lies where our crops have it.
    private func isCrop(_ bytes: [UInt8]) async throws(CollectionError) -> Bool {
        if cropSeal.withLock({ $0.isOn(bytes) }) { return true }
        return try await collecting { () async throws(RecognitionError) in
            try await analyzing { () throws(FaceAnalysisError) in try await analyzer.isAligned(bytes) }
        }
    }

    /// Reads the seal's key, or makes it.
    func loadCropSeal() async throws(PostgresError) {
        let key = try await store.secrets.value("cropSeal", orElse: CropSeal.makeKey())
        cropSeal.withLock { $0 = CropSeal(key: key) }
    }
}
