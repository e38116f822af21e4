/// Why a body is not a form in parts; descriptions hold nothing of the body.
public enum MultipartError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The content type is not `multipart/form-data`.
    case notFormData
    /// The content type names no boundary, several, or one that is not 1 to 70 printable characters.
    case badBoundary
    /// Something else than a line end follows a boundary.
    case malformedDelimiter
    /// A header of a part is not `name: value` in one line, or its parameters are not well-formed.
    case malformedHeader
    /// The headers of a part are larger than this many bytes.
    case headersTooLarge(limit: Int)
    /// A part does not say that it is the value of a named field.
    case missingName
    /// The contents of a part are encoded, which forms have no use for.
    case encodedPart
    /// There are more parts than this.
    case tooManyParts(limit: Int)
    /// The body ends before its last boundary.
    case incomplete

    /// One line for people.
    public var description: String {
        switch self {
        case .notFormData: "The content type is not multipart/form-data"
        case .badBoundary: "The content type has no valid boundary"
        case .malformedDelimiter: "A boundary of the form is malformed"
        case .malformedHeader: "A header of the form is malformed"
        case .headersTooLarge(let limit): "The headers of a part of the form are larger than \(limit) bytes"
        case .missingName: "A part of the form has no name"
        case .encodedPart: "A part of the form has a transfer encoding"
        case .tooManyParts(let limit): "The form has more than \(limit) parts"
        case .incomplete: "The form is incomplete"
        }
    }
}
