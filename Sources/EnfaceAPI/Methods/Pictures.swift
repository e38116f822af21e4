import Accounts
import Foundation
import HTTPSupport
import Hummingbird
import NIOCore
import Recognition

extension EnfaceAPI {
    /// The address of a kept picture: who has it may look, and nobody can guess it.
    func link(to picture: UUID, from base: String) throws(UserError) -> String {
        "\(base)/images/\(picture.lowercasedText)/\(try code(of: picture))"
    }

    /// The bytes of a kept picture.
    func picture(_ picture: EnfacePath.Picture) async throws -> Response {
        let missing = EnfaceFailure(.notFound, "image not found")
        let code: String
        do throws(UserError) {
            code = try self.code(of: picture.id)
        } catch {
            throw EnfaceFailure.notReady
        }
        guard code.isEqualInConstantTime(to: picture.code) else { throw missing }
        let image = try await calling { () throws(RecognitionError) in try await lists.picture(picture.id) }
        guard let image else { throw missing }
        return Response(
            status: .ok, headers: [.contentType: image.mediaType, .cacheControl: "private, no-cache"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: image.bytes)))
    }

    /// What stands behind a picture's id: 32 bits and 128 bits of a seal, in hexadecimal digits.
    private func code(of picture: UUID) throws(UserError) -> String {
        let digits = try users.seal(of: picture).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return digits[0..<4].joined() + "/" + digits[4..<20].joined()
    }
}

extension String {
    /// Whether two texts are equal; the time tells nothing of where they differ.
    fileprivate func isEqualInConstantTime(to other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        return zip(utf8, other.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
