import FaceAnalysis
import FaceModel
import Foundation
import HTTPSupport
import Imaging
import NIOCore
import TestKit

/// The stages of one picture, each by itself, on one thread.
struct PipelineBenchmark {
    func run(into table: inout Table) async throws {
        let bytes = try Photo.personB1.bytes()
        let large = try Photo.obama3.bytes()
        try measureRequest(bytes, into: &table)
        for (name, file) in [("0.6 MP", bytes), ("3.3 MP", large)] {
            table.add("JPEG header, \(name)", try measure(200) { _ = try EncodedImage(file) })
            table.add(
                "JPEG decode for detection, \(name)",
                try measure(30) {
                    _ = try EncodedImage(file).decode(longestSideAtLeast: 640)
                })
            table.add("JPEG decode in full, \(name)", try measure(30) { _ = try EncodedImage(file).decode() })
        }
        try measureSampling(bytes, into: &table)
        let mixed = try Photo.oneFace.map { try $0.bytes() }
        try await measureThroughput(mixed, into: &table)
        let analyzer = try FaceAnalyzer(.init(modelsFolder: Checkout.models, threads: 1))
        defer { analyzer.stop() }
        for (name, file) in [
            ("1 face, 0.6 MP", bytes), ("1 face, 3.3 MP", large), ("8 faces", try Collage.eightFaces().jpeg()),
        ] {
            var analyses: [PictureAnalysis] = []
            _ = try await analyzer.analyze(file)
            for _ in 0..<20 { analyses.append(try await analyzer.analyze(file)) }
            table.add("detect, \(name)", analyses.map(\.timings.detect))
            table.add("align and embed, \(name)", analyses.map(\.timings.embed))
            table.add(
                "whole analysis, \(name), one thread",
                analyses.map { $0.timings.decode + $0.timings.detect + $0.timings.embed })
        }
    }

    /// Pictures side by side on all cores: what whole requests can reach at most.
    private func measureThroughput(_ files: [[UInt8]], into table: inout Table) async throws {
        let analyzer = try FaceAnalyzer(.init(modelsFolder: Checkout.models))
        defer { analyzer.stop() }
        for file in files { _ = try await analyzer.analyze(file) }
        let count = 120
        let start = ContinuousClock.now
        let samples = try await withThrowingTaskGroup(of: Duration.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    let begin = ContinuousClock.now
                    for number in 0..<count / 8 {
                        _ = try await analyzer.analyze(files[(worker + number) % files.count])
                    }
                    return (ContinuousClock.now - begin) / (count / 8)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        table.add(
            "whole analysis, all cores, 8 at once", samples,
            rate: Double(count) / ((ContinuousClock.now - start) / .seconds(1)))
    }

    /// From the body of a request to the bytes of the picture.
    private func measureRequest(_ picture: [UInt8], into table: inout Table) throws {
        let base64 = Data(picture).base64EncodedString()
        let body = ByteBuffer(string: #"{"server_id":"1","findPersons":1,"image":"\#(base64)"}"#)
        table.add(
            "JSON and base64 of \(body.readableBytes / 1024) KiB",
            try measure(100) {
                guard try JSONObject(body).bytesOfBase64(forKey: "image") == picture else {
                    throw CocoaError(.coderInvalidValue)
                }
            })
    }

    private func measureSampling(_ file: [UInt8], into table: inout Table) throws {
        let picture = try EncodedImage(file).decode().picture
        let (width, height) = (picture.width * 640 / picture.height, 640)
        let paddedWidth = (width + 31) / 32 * 32
        var planes = [Float](repeating: 0, count: 3 * paddedWidth * height)
        table.add(
            "resample to \(width)×\(height) planes",
            measure(50) {
                var span = planes.mutableSpan
                picture.resample(
                    toWidth: width, height: height, paddedWidth: paddedWidth, paddedHeight: height, order: .bgr,
                    into: &span)
            })
        var crop = [Float](repeating: 0, count: 3 * 112 * 112)
        let transform = SimilarityTransform(a: 0.4, b: 0.02, tx: -60, ty: -40)
        table.add(
            "warp to 112×112 planes",
            measure(200) {
                var span = crop.mutableSpan
                picture.warp(by: transform, width: 112, height: 112, order: .rgb, looksApart: 4, into: &span)
            })
    }
}
