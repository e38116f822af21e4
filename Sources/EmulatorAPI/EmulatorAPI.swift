public import FaceModel
public import Foundation
public import HTTPSupport
public import Hummingbird
public import Recognition

/// What a test does to the server that no client of the product could: `/emulator/…`.
///
/// Feeds cameras, decides what recognition sees, breaks answers, tells what was asked, puts everything back. It is a
/// dialect of its own and nothing that a deployed server should offer: whoever reaches it can delete everything.
public struct EmulatorAPI: Sendable {
    /// The use cases that it drives.
    public typealias Service = FaceService & RecognitionLog & RecognitionControl

    let service: any Service
    let tools: EmulatorTools
    let gallery: UUID
    let maximumBodySize: Int
    let seed: @Sendable () async throws -> SeedSummary?

    /// What seeding brought.
    public struct SeedSummary: Sendable {
        /// How many people were added.
        public let added: Int
        /// Why others were refused.
        public let refused: [String]

        /// A summary from its parts.
        public init(added: Int, refused: [String]) {
            self.added = added
            self.refused = refused
        }
    }

    /// An emulator over a service.
    ///
    /// - Parameters:
    ///   - tools: what the service and the emulator share.
    ///   - gallery: the gallery that cameras are compared with.
    ///   - maximumBodySize: the largest request body in bytes.
    ///   - seed: adds the configured sample people; `nil` when none are configured.
    public init(
        service: any Service, tools: EmulatorTools, gallery: UUID = .sharedGallery, maximumBodySize: Int,
        seed: @escaping @Sendable () async throws -> SeedSummary?
    ) {
        self.service = service
        self.tools = tools
        self.gallery = gallery
        self.maximumBodySize = maximumBodySize
        self.seed = seed
    }

    /// Adds the emulator to a router, before every dialect: what comes after it is journalled and can be broken.
    public func add(to router: Router<ServerContext>) {
        router.add(middleware: EmulatorMiddleware(api: self))
        router.add(middleware: InterceptionMiddleware(tools: tools))
    }
}
