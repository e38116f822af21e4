import Foundation
import HTTPSupport
import NIOCore
import TestKit
import Testing

struct Base64Tests {
    @Test func `every length decodes like Foundation's encoder wrote it`() {
        var random = SplitMix(seed: 7)
        for length in 0..<300 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let text = Data(bytes).base64EncodedString()
            #expect(Base64.decode(text) == bytes)
            let urlSafe = text.replacing("+", with: "-").replacing("/", with: "_")
            #expect(Base64.decode(urlSafe) == bytes)
            #expect(Base64.decode(text.filter { $0 != "=" }) == bytes)
            #expect(Base64.decode("data:image/jpeg;base64," + text) == bytes)
            let lines = Data(bytes).base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn])
            #expect(Base64.decode(lines) == bytes)
        }
    }

    @Test(arguments: [
        "SGVsbG8=", "SGVsbG8", " SGVs bG8= ", "SGVs\r\nbG8=\n", "\tSGVsbG8 =", "DATA:image/png;BASE64,SGVsbG8=",
        "data:image/svg+xml;charset=x;base64,SGVsbG8=",
    ])
    func `forms that clients use are read`(text: String) {
        #expect(Base64.decode(text) == Array("Hello".utf8))
    }

    @Test(arguments: [
        "S", "SGVsb", "SGVsbG8==", "SGVsbG8=x", "SGVsbG8=SGVsbG8=", "SGVs!bG8", "=", "====", "SGVs=", "SGVsbG8=\0", "é",
        "data:text/plain;base64,SGVsbG8=", "data:image/png,SGVsbG8=", "data:image/png;base64", "Hello, world",
        #"SGVs\nbG8="#,
    ])
    func `anything else is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(arguments: [
        #"SGVs\nbG8="#, #"SGVs\r\nbG8="#, #"data:image\/jpeg;base64,SGVsbG8="#, #"SGVsbG8\u003d"#, #"\u0053GVsbG8="#,
    ])
    func `escapes of JSON are understood inside a body`(text: String) throws {
        let object = try JSONObject(ByteBuffer(string: "{\"image\":\"\(text)\"}"))
        #expect(object.bytesOfBase64(forKey: "image") == Array("Hello".utf8))
    }

    @Test(arguments: [#"SGVs\u0000"#, #"SGVs\\"#, #"SGVsbG8\u003dxxxx"#, #"SGVs\u00e9"#, #"SGVs\u2028"#])
    func `escapes of other characters are refused`(text: String) throws {
        let object = try JSONObject(ByteBuffer(string: "{\"image\":\"\(text)\"}"))
        #expect(object.bytesOfBase64(forKey: "image") == nil)
    }

    @Test func `slashes and plus signs may be escaped`() throws {
        let bytes: [UInt8] = [0xFF, 0xFF, 0xFE, 0xFB, 0xEF, 0xBE]
        let text = Data(bytes).base64EncodedString()
        #expect(text.contains("/") && text.contains("+"))
        let escaped = text.replacing("/", with: #"\/"#).replacing("+", with: #"\u002B"#)
        let object = try JSONObject(ByteBuffer(string: "{\"image\":\"\(escaped)\"}"))
        #expect(object.bytesOfBase64(forKey: "image") == bytes)
    }

    @Test func `only texts are base64`() throws {
        let object = try JSONObject(ByteBuffer(string: #"{"n":1234,"t":true,"a":["SGVs"],"e":""}"#))
        #expect(object.bytesOfBase64(forKey: "n") == nil)
        #expect(object.bytesOfBase64(forKey: "t") == nil)
        #expect(object.bytesOfBase64(forKey: "a") == nil)
        #expect(object.bytesOfBase64(forKey: "e") == [])
    }

    @Test func `a text is decoded alike wherever it lies`() throws {
        let bytes = [UInt8](0...255)
        let text = Data(bytes).base64EncodedString()
        for offset in 0..<9 {
            let body = ByteBuffer(string: "{\(String(repeating: " ", count: offset))\"i\":\"\(text)\",\"j\":\"x\"}")
            #expect(try JSONObject(body).bytesOfBase64(forKey: "i") == bytes)
        }
    }
}
