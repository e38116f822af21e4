import HTTPSupport
import Imaging

/// What clients may ask of the server's memory and patience.
struct LimitSettings: Sendable {
    /// The limits of the HTTP side.
    let http: HTTPLimits
    /// Which pictures are decoded.
    let images: ImageLimits
    /// The memory for pixels, over all analysis threads, in bytes.
    let pixelMemory: Int
    /// How many faces of a picture are embedded.
    let faces: Int

    /// - Parameter threads: the number of analysis threads.
    init(_ reader: SettingsReader, threads: Int) throws {
        var http = HTTPLimits()
        http.maximumConnections = try reader.integer(.httpConnections, in: 1...100_000)
        http.maximumWebSockets = try reader.integer(.httpWebSockets, in: 0...100_000)
        http.maximumBodySize = try reader.integer(.httpBodyLimit, in: 1024...1 << 30)
        http.bodyMemory = try reader.megabytes(.httpBodiesMb)
        http.answerMemory = try reader.megabytes(.httpAnswersMb)
        http.requestDeadline = .seconds(try reader.integer(.httpRequestSeconds, in: 1...86400))
        http.bodyDeadline = .seconds(try reader.integer(.httpBodySeconds, in: 1...86400))
        http.connectionIdleTimeout = .seconds(try reader.integer(.httpIdleSeconds, in: 1...86400))
        guard http.hasMemoryForLargestBody else {
            throw SettingsError(
                "\(Setting.httpBodiesMb.flag) has no room for a body of \(http.maximumBodySize) bytes; it takes "
                    + "three times as much")
        }
        self.http = http
        images = ImageLimits(
            maxPixels: try reader.integer(.imageMegapixels, in: 1...1000) * 1_000_000,
            maxScannedPixels: try reader.integer(.imageScanMegapixels, in: 1...100_000) * 1_000_000,
            maxUnpackedSize: try reader.megabytes(.imagePngMb))
        let memory = try reader.megabytes(.imageMemoryMb, in: 0...1 << 20)
        pixelMemory = memory > 0 ? memory : max(Self.leastPixelMemory, threads * Self.pixelMemoryPerThread)
        faces = try reader.integer(.imageFaces, in: 1...100_000)
    }

    /// One picture of any kind that is allowed by default, or camera originals on all threads.
    private static let leastPixelMemory = 1 << 30
    private static let pixelMemoryPerThread = 128 << 20
}

extension SettingsReader {
    /// A size in mebibytes, as bytes.
    func megabytes(_ setting: Setting, in range: ClosedRange<Int> = 1...1 << 20) throws -> Int {
        try integer(setting, in: range) << 20
    }
}

extension Setting {
    static let httpConnections = Setting(
        key: "http.connections", fallback: .integer(1024),
        help: "how many connections may be open; a newcomer takes the place of an idle one, or is answered 503")
    static let httpWebSockets = Setting(
        key: "http.webSockets", fallback: .integer(128), help: "how many of them may be WebSockets")
    static let httpBodiesMb = Setting(
        key: "http.bodiesMb", fallback: .integer(512),
        help: "memory for request bodies and the pictures decoded from them, all together, in MiB; beyond it 503")
    static let httpAnswersMb = Setting(
        key: "http.answersMb", fallback: .integer(256),
        help: "memory for answers that clients have not taken yet, in MiB; beyond it 503")
    static let httpRequestSeconds = Setting(
        key: "http.requestSeconds", fallback: .integer(30),
        help: "a request that waits longer than this for its turn, from its first byte on, is answered 503")
    static let imageFaces = Setting(
        key: "image.faces", fallback: .integer(200),
        help: "how many faces of a picture are looked at, the largest ones")
    static let imageMemoryMb = Setting(
        key: "image.memoryMb", fallback: .integer(0),
        help: "memory for pictures that are worked on, all together, in MiB; who finds no room waits; 0: 1024, or 128 "
            + "for each analysis thread if that is more")
    static let imagePngMb = Setting(
        key: "image.pngMb", fallback: .integer(128), help: "how much a PNG may unpack to, in MiB")
    static let imageScanMegapixels = Setting(
        key: "image.scanMegapixels", fallback: .integer(400),
        help: "millions of pixels times scans that a progressive JPEG may have")

    /// The limits, in the order of the help text.
    static let limits = [
        httpConnections, httpWebSockets, httpBodiesMb, httpAnswersMb, httpRequestSeconds, imageFaces, imageMemoryMb,
        imagePngMb, imageScanMegapixels,
    ]
}
