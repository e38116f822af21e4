/// What a part of a form says about itself.
public struct MultipartHeader: Sendable, Hashable {
    /// The name of the field.
    public let name: String
    /// The name of the file that the part was on the client's side, if it was one; never to be used as a path.
    public let filename: String?
    /// The media type as the client wrote it.
    public let contentType: String?
}
