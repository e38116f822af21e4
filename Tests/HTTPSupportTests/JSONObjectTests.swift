import Foundation
import HTTPSupport
import NIOCore
import Testing

struct JSONObjectTests {
    private func object(_ text: String) throws -> JSONObject { try JSONObject(ByteBuffer(string: text)) }

    @Test func `values are read in the form that is asked for`() throws {
        let object = try object(
            #" { "text" : "a\u00e9\ud83d\ude00\n\/\"" , "n":12, "s":"34", "t":true, "f":false, "d":-1.50e1, "z":null } "#
        )
        #expect(object.text(forKey: "text") == "aé😀\n/\"")
        #expect(object.integer(forKey: "n") == 12)
        #expect(object.integer(forKey: "s") == 34)
        #expect(object.text(forKey: "n") == "12")
        #expect(object.text(forKey: "t") == "true")
        #expect(object.integer(forKey: "t") == 1)
        #expect(object.bool(forKey: "f") == false)
        #expect(object.text(forKey: "d") == "-1.50e1")
        #expect(object.integer(forKey: "d") == -15)
        #expect(object.number(forKey: "d") == -15)
        #expect(object["z"] == nil)
        #expect(object["Text"] == nil)
    }

    @Test(arguments: [
        ("2", 2), ("\"2\"", 2), ("\" 2 \"", 2), ("2.0", 2), ("1e3", 1000), ("-1", -1), ("1000000000", 1_000_000_000),
        ("1e30", Int.max), ("-1e30", Int.min), ("2.5", nil), ("\"x\"", nil), ("\"\"", nil), ("[2]", nil),
        ("\"nan\"", nil),
    ])
    func `whole numbers come in many forms`(json: String, value: Int?) throws {
        #expect(try object("{\"k\":\(json)}").integer(forKey: "k") == value)
    }

    @Test func `of equal keys the last one counts`() throws {
        #expect(try object(#"{"a":1,"b":2,"a":3}"#).integer(forKey: "a") == 3)
        #expect(try object(#"{"a":1,"a":null}"#)["a"] == nil)
    }

    @Test func `an escaped key is the same key`() throws {
        #expect(try object(#"{"\u0061b":1}"#).integer(forKey: "ab") == 1)
    }

    @Test func `a byte order mark is skipped`() throws {
        #expect(
            try JSONObject(ByteBuffer(bytes: [0xEF, 0xBB, 0xBF] + Array(#"{"a":1}"#.utf8))).integer(forKey: "a") == 1)
    }

    @Test func `objects and arrays are opened when they are asked for`() throws {
        let object = try object(#"{"o":{"x":{"y":"z"}},"a":[1,"2",null,[3],{}]}"#)
        #expect(object["o"]?.object?["x"]?.object?.text(forKey: "y") == "z")
        #expect(object["o"]?.json == #"{"x":{"y":"z"}}"#)
        #expect(object["a"]?.elements?.map(\.json) == ["1", "2", "[3]", "{}"])
        #expect(object.text(forKey: "o") == nil)
        #expect(object["a"]?.object == nil)
    }

    @Test(arguments: ["[]", "\"a\"", "1", " null ", "true"])
    func `other JSON is no object`(json: String) {
        #expect(throws: JSONError.notAnObject) { try object(json) }
    }

    @Test(arguments: [
        "", " ", "{", "}", "{}x", "{}{}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{,}", "{a:1}", "{'a':1}", #"{"a":01}"#,
        #"{"a":1.}"#, #"{"a":.5}"#, #"{"a":+1}"#, #"{"a":-}"#, #"{"a":1e}"#, #"{"a":tru}"#, #"{"a":truE}"#, #"{"a":"}"#,
        #"{"a":"\x"}"#, #"{"a":"\u12g4"}"#, #"{"a":"\ud800"}"#, #"{"a":"\ud800\u0041"}"#, #"{"a":"\udc00"}"#,
        "{\"a\":\"\n\"}", #"{"a":[1,]}"#, #"{"a":[1 2]}"#, #"{"a":[1}"#, "\u{FEFF}", "image=abc", "<xml/>",
    ])
    func `what breaks the grammar is refused`(json: String) {
        #expect(throws: JSONError.self) { try object(json) }
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xFF],
        ] as [[UInt8]])
    func `bytes that are not UTF-8 are refused`(bytes: [UInt8]) {
        let body = Array("{\"a\":\"".utf8) + bytes + Array("\"}".utf8)
        #expect(throws: JSONError.self) { try JSONObject(ByteBuffer(bytes: body)) }
    }

    @Test func `nesting has a limit and needs no memory`() throws {
        let deep = String(repeating: "[", count: 127) + String(repeating: "]", count: 127)
        #expect(throws: Never.self) { try object("{\"a\":\(deep)}") }
        let tooDeep = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
        #expect(throws: JSONError.self) { try object("{\"a\":\(tooDeep)}") }
        #expect(throws: JSONError.self) { try object("{\"a\":" + String(repeating: "[", count: 1_000_000)) }
    }

    @Test func `the number of keys has a limit`() {
        let many = (0...JSONObject.maximumMemberCount).map { "\"\($0)\":1" }.joined(separator: ",")
        #expect(throws: JSONError.self) { try object("{\(many)}") }
    }

    @Test func `the character NUL is noticed however deep`() throws {
        let object = try object(#"{"a":{"b":["\\u0000"]},"c":{"b":["x\u0000"]},"d":"\\\u0000","e":"\\\\u0000"}"#)
        #expect(object["a"]?.containsNUL == false)
        #expect(object["c"]?.containsNUL == true)
        #expect(object["d"]?.containsNUL == true)
        #expect(object["e"]?.containsNUL == false)
        #expect(object.text(forKey: "d") == "\\\0")
    }

    @Test func `an error names a place and no data`() {
        let error = #expect(throws: JSONError.self) { try object(#"{"secret":"x" y}"#) }
        #expect(error?.description == "The body is not JSON: unexpected character at byte 14")
    }

    @Test(arguments: 0..<8)
    func `texts of any length and place of their last byte are found`(offset: Int) throws {
        for length in 0..<140 {
            let text = String(repeating: "a", count: length)
            let object = try object("{\(String(repeating: " ", count: offset))\"k\":\"\(text)\",\"l\":\"é\(text)\\n\"}")
            #expect(object.text(forKey: "k") == text)
            #expect(object.text(forKey: "l") == "é\(text)\n")
        }
    }

    @Test func `an array of too many elements is refused wherever it stands`() throws {
        let most = Array(repeating: "1", count: 20_000).joined(separator: ",")
        #expect(try object("{\"id\":[\(most)]}")["id"]?.elements?.count == 20_000)
        for text in ["{\"id\":[\(most),1]}", "{\"a\":{\"b\":[[\(most),1]]}}"] {
            #expect {
                try object(text)
            } throws: { error in
                guard case .malformed(_, .elementCount) = error as? JSONError else { return false }
                return true
            }
        }
    }

    @Test(arguments: [
        (#"{"token":"abc","ids":["x"#, "abc"), (#"{"a":{"token":"no"},"b":[1,2], "token" : "yes","c"#, "yes"),
        (#"{"token":"ab"#, nil), (#"{"a":"b"}"#, nil), (#"["token","abc"]"#, nil), (#"{"a":1,"#, nil), ("", nil),
    ])
    func `a member is found in the first part of an object`(first: String, token: String?) {
        #expect(JSONObject.leadingMember("token", in: ByteBuffer(string: first))?.text == token)
    }
}
