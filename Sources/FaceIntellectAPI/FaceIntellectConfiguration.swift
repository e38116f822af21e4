public import FaceModel
public import Foundation

/// The settings of the Face Intellect dialect.
public struct FaceIntellectConfiguration: Sendable {
    /// The number of the server object that clients name as `server_id`.
    public var serverID: String
    /// Whether requests that name another server are answered all the same.
    public var acceptAnyServerID: Bool
    /// The GUID of the server, `Source` in lists of persons.
    public var sourceID: UUID
    /// Candidates below this similarity are left out of FindFaces; 0 leaves all in.
    public var findFacesMinSim: Double
    /// Whether FindFaces counts as a recognition of the best person of each face.
    public var countFindFaces: Bool
    /// Whether GetProtocols tells the templates of captured faces.
    public var protocolsIncludeFir: Bool
    /// The gallery that the dialect works on.
    public var gallery: UUID
    /// The largest request body in bytes.
    public var maximumBodySize: Int

    /// Settings; only the GUID of the server has no default.
    public init(
        serverID: String = "1", acceptAnyServerID: Bool = false, sourceID: UUID, findFacesMinSim: Double = 0,
        countFindFaces: Bool = true, gallery: UUID = .sharedGallery,
        protocolsIncludeFir: Bool = true, maximumBodySize: Int = 32 << 20
    ) {
        self.serverID = serverID
        self.acceptAnyServerID = acceptAnyServerID
        self.sourceID = sourceID
        self.findFacesMinSim = findFacesMinSim
        self.countFindFaces = countFindFaces
        self.gallery = gallery
        self.protocolsIncludeFir = protocolsIncludeFir
        self.maximumBodySize = maximumBodySize
    }
}
