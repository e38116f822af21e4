import FaceAnalysis
import FaceModel
import FaceStore
public import Foundation
import Postgres
import Synchronization

extension RecognitionService: ProbeService {
    /// See ``ProbeService/probe(from:isAccurate:)``.
    public func probe(
        from pictures: [PortraitPicture], isAccurate: Bool
    ) async throws(CollectionError) -> ProbeFace {
        _ = try await collecting { () async throws(RecognitionError) in try requireReady() }
        var faces: [ProbeFace] = []
        for picture in pictures {
            switch picture {
            case .crop(let bytes):
                faces += try await embeddings(ofCrops: [bytes], isFused: isAccurate).map(ProbeFace.init(embedding:))
            case .photo(let bytes):
                let face = try await collecting { () async throws(RecognitionError) in
                    guard let face = try await detected(in: bytes).faces.first else { throw .noFace }
                    return face
                }
                faces += isAccurate ? try await refined([face], in: bytes) : [face]
            }
        }
        // What a script says of one picture is true of the person.
        if let scripted = faces.first(where: { $0.imposed != nil }) { return scripted }
        guard faces.count > 1 else { return faces[0] }
        guard let mean = Embedding(meanOf: faces.map(\.embedding)) else { throw .recognition(.noFace) }
        return ProbeFace(embedding: mean)
    }

    /// See ``ProbeService/refined(_:in:)``.
    public func refined(
        _ faces: [ProbeFace], in picture: [UInt8]
    ) async throws(CollectionError) -> [ProbeFace] {
        // A scripted face has a place that was made up.
        let places = faces.indices.filter { faces[$0].imposed == nil }
        guard !places.isEmpty, configuration.interpreter?.interpretation(of: picture) == nil else { return faces }
        let landmarks = places.compactMap { faces[$0].face?.landmarks }
        guard landmarks.count == places.count else { return faces }
        let embeddings = try await collecting { () async throws(RecognitionError) in
            try await analyzing { () throws(FaceAnalysisError) in
                try await analyzer.fusedEmbeddings(of: landmarks, in: picture)
            }
        }
        var refined = faces
        for (place, embedding) in zip(places, embeddings) {
            if let embedding { refined[place].embedding = embedding }
        }
        return refined
    }

    /// See ``ProbeService/cosine(of:to:)``.
    public func cosine(of probe: ProbeFace, to person: UUID) async throws(CollectionError) -> Double {
        let (faces, imposed) = try await collecting {
            () async throws(RecognitionError) -> ([MovedFace], Double?) in
            let model = try requireReady()
            let faces = try await storing { () throws(PostgresError) in
                try await store.collections.faces(of: person, madeBy: model)
            }
            guard let imposed = probe.imposed else { return (faces, nil) }
            let matches = try await matches(of: [probe], in: [.sharedGallery], limit: 1)
            let similarity = matches[0].first?.person == person ? imposed.similarity : 0
            return (faces, analyzer.manifest.similarityScale.cosine(similarity: similarity))
        }
        return imposed ?? faces.compactMap(\.embedding).map(probe.embedding.cosine(to:)).max() ?? -1
    }

    /// See ``ProbeService/sealed(_:)``.
    public func sealed(_ crops: [[UInt8]?]) -> [[UInt8]?] {
        let seal = cropSeal.withLock { $0 }
        return crops.map { $0.map(seal.sealing) }
    }
}
