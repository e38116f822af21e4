import Foundation
import HTTPSupport
import NIOCore
import TestKit
import Testing

struct JSONWriterTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return String(buffer: writer.buffer)
    }

    @Test func `keys keep their order and commas come by themselves`() {
        let text = written { writer in
            writer.object { object in
                object.key("b")
                object.value(1)
                object.key("a")
                object.array { array in
                    array.value("x")
                    array.object { _ in }
                    array.array { $0.value(true) }
                    array.value(-7)
                }
                object.key("c")
                object.value("")
            }
        }
        #expect(text == #"{"b":1,"a":["x",{},[true],-7],"c":""}"#)
    }

    @Test func `only what must be escaped is escaped`() {
        #expect(written { $0.value("a/b é 😀 \u{7F}") } == "\"a/b é 😀 \u{7F}\"")
        #expect(written { $0.value("\"\\\n\r\t\u{8}\u{C}\0\u{1F}") } == #""\"\\\n\r\t\b\f\u0000\u001F""#)
    }

    @Test func `any text comes back from Foundation's parser`() throws {
        var random = SplitMix(seed: 3)
        for _ in 0..<500 {
            let scalars = (0..<20).compactMap { _ in UnicodeScalar(UInt32.random(in: 0..<0x3000, using: &random)) }
            let text = String(String.UnicodeScalarView(scalars))
            let back =
                try JSONSerialization.jsonObject(
                    with: Data(written { $0.value(text) }.utf8), options: .fragmentsAllowed) as? String
            #expect(back.map { Array($0.utf8) } == Array(text.utf8))
        }
    }

    @Test(arguments: [
        (0.756927, "0.756927"), (55.4815, "55.4815"), (0.9122041, "0.912204"), (0, "0"), (180, "180"),
        (1e-5, "0.00001"),
        (123456.7, "123457"), (12_345_678, "12345678"), (-3.25, "-3.25"), (.nan, "0"), (.infinity, "0"), (1e-20, "0"),
        (0.00001234567, "0.0000123457"),
    ])
    func `numbers have six significant digits and no exponent`(number: Double, text: String) {
        #expect(written { $0.significant(number) } == text)
    }

    @Test(arguments: [
        (0.87345012345678901, "\"0.87345012345678896\""), (1, "\"1\""), (1.5, "\"1\""), (0, "\"0\""), (9e-7, "\"0\""),
        (-0.1, "\"0\""), (.nan, "\"0\""), (0.5, "\"0.5\""),
    ])
    func `similarity is a text with seventeen digits`(similarity: Double, text: String) {
        #expect(written { $0.similarity(similarity) } == text)
    }

    @Test(arguments: [1e-6, 2.5e-6, 3.3333333333333333e-5, 9.99e-5, 1e-4])
    func `small similarities are written out and lose nothing`(similarity: Double) throws {
        let text = written { $0.similarity(similarity) }.filter { $0 != "\"" }
        #expect(!text.contains("e"))
        #expect(Double(text) == similarity)
    }

    @Test func `times and GUIDs are written as their texts`() throws {
        let date = Date(timeIntervalSince1970: 1_709_647_629.031)
        #expect(written { $0.value(date) } == "\"2024-03-05T14:07:09.031\"")
        for _ in 0..<100 {
            let id = UUID()
            #expect(written { $0.value(id) } == "\"\(id.uuidString)\"")
        }
    }

    @Test func `a long answer in pieces is the same text, and elements of another writer join it`() {
        func elements(_ range: Range<Int>) -> JSONWriter {
            var writer = JSONWriter()
            for number in range {
                writer.object {
                    $0.key("n"); $0.value(number)
                }
            }
            return writer
        }
        for count in [0, 1, 3, 100_000] {
            var writer = JSONWriter()
            writer.object { object in
                object.key("list")
                object.array { array in
                    array.value("first")
                    array.elements(of: elements(0..<count))
                    array.elements(of: JSONWriter())
                    array.elements(of: elements(count..<count + 2))
                }
                object.key("end")
                object.null()
            }
            let rows = (0..<count + 2).map { "{\"n\":\($0)}" }.joined(separator: ",")
            let text = "{\"list\":[\"first\",\(rows)],\"end\":null}"
            #expect(String(buffer: writer.buffer) == text)
            #expect(writer.byteCount == text.utf8.count)
        }
    }

    @Test(arguments: [0, 1, 2, 3, 1000, 196_607, 196_608, 196_609, 700_001])
    func `bytes are written in base64 in one text`(count: Int) throws {
        var writer = JSONWriter()
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        writer.object { object in
            object.key("file")
            object.base64(bytes)
            object.member("after", 1)
        }
        let object = try JSONObject(writer.buffer)
        #expect(object["file"]?.text == Data(bytes).base64EncodedString())
        #expect(object.integer(forKey: "after") == 1)
    }
}
