import HTTPSupport
import HTTPTypes
import Hummingbird
import NIOCore

extension OpenCVFaceAPI {
    /// The cloud API described by itself; no key is needed.
    var documentationEndpoints: [Endpoint] {
        [
            Endpoint(.get, "openapi.json", .open) { _ in
                .document(OpenAPIDocument.json, type: "application/json; charset=utf-8")
            },
            Endpoint(.get, "docs", .open) { _ in .document(DocumentationPage.html, type: "text/html; charset=utf-8") },
        ]
    }
}

extension Response {
    fileprivate static func document(_ text: String, type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
