public import HTTPTypes
public import Hummingbird

extension Response {
    /// An answer in JSON.
    public static func json(_ writer: JSONWriter, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: writer.buffer))
    }
}
