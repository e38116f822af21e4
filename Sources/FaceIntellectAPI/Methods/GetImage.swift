import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Recognition

extension FaceIntellectAPI {
    /// GetImage: `GetImage/{server_id}/{image_id}`, the bytes of a stored picture; every failure is an HTTP status.
    func getImage(at path: MethodPath) async -> Response {
        guard path.arguments.count == 2, isThisServer(path.arguments[0]), let id = GUID.parse(path.arguments[1]) else {
            return .text("Image not found", status: .notFound)
        }
        let tag = "\"\(GUID.text(id))\""
        let image: StoredImage?
        do {
            image = try await service.image(id, in: configuration.gallery)
        } catch {
            return error == .storeFailed ? .text("Internal error", status: .internalServerError) : .busy
        }
        guard let image else { return .text("Image not found", status: .notFound) }
        return Response(
            status: .ok,
            headers: [
                .contentType: image.mediaType, .eTag: tag,
                .cacheControl: "private, max-age=86400",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: image.bytes)))
    }
}

extension Response {
    /// The gallery is being loaded or the database is away; both pass.
    static var busy: Response {
        var response = text("Server is not ready", status: .serviceUnavailable)
        response.headers[.retryAfter] = "1"
        return response
    }

    fileprivate static func text(_ text: String, status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
