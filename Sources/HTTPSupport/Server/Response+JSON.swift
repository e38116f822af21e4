public import HTTPTypes
public import Hummingbird

extension Response {
    /// An answer in JSON.
    public static func json(_ writer: JSONWriter, status: HTTPResponse.Status = .ok) -> Response {
        let pieces = writer.pieces
        let body = pieces.count == 1 ? ResponseBody(byteBuffer: pieces[0]) : ResponseBody(contentsOf: pieces)
        return Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8"], body: body)
    }
}
