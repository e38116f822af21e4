import Foundation
import HTTPSupport
import NIOCore
import TestKit
import Testing

/// The parser against Foundation's, on random documents and on broken ones; seeds are fixed, so a failure repeats.
struct JSONFuzzTests {
    @Test(arguments: 0..<40)
    func `random objects read like Foundation reads them`(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        for _ in 0..<50 {
            let text = randomObject(&random, depth: 0)
            let expected = try #require(
                try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
            let object = try JSONObject(ByteBuffer(string: text))
            #expect(isEqual(object, expected), "\(text)")
        }
    }

    @Test(arguments: 0..<40)
    func `broken bytes never crash and are refused where Foundation refuses them`(seed: UInt64) throws {
        var random = SplitMix(seed: seed &+ 1000)
        for _ in 0..<200 {
            var bytes = Array(randomObject(&random, depth: 0).utf8)
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(Array("{}[]\",:\\u0e-.".utf8).randomElement(using: &random) ?? 0, at: place)
                default: bytes.removeSubrange(place...)
                }
                if bytes.isEmpty { bytes = [0x20] }
            }
            guard let object = try? JSONObject(ByteBuffer(bytes: bytes)) else { continue }
            // Whatever is accepted has to be readable to the last value.
            for key in object.keys { _ = object[key].map(touch) }
            do {
                _ = try JSONSerialization.jsonObject(with: Data(bytes))
            } catch {
                // Foundation also refuses numbers that are JSON, but too large for a Double.
                #expect("\(error)".contains("not representable"), "accepted: \(String(decoding: bytes, as: UTF8.self))")
            }
        }
    }

    private func touch(_ value: JSONValue) {
        _ = (value.text, value.integer, value.number, value.bytesOfBase64, value.containsNUL)
        for element in value.elements ?? [] { touch(element) }
        if let object = value.object { for key in object.keys { _ = object[key].map(touch) } }
    }

    private func isEqual(_ object: JSONObject, _ expected: [String: Any]) -> Bool {
        Set(object.keys) == Set(expected.keys)
            && expected.allSatisfy { key, value in isEqual(object[key], value) }
    }

    private func isEqual(_ value: JSONValue?, _ expected: Any) -> Bool {
        guard let value else { return expected is NSNull }
        if let object = value.object { return (expected as? [String: Any]).map { isEqual(object, $0) } ?? false }
        if let elements = value.elements {
            guard let others = (expected as? [Any])?.filter({ !($0 is NSNull) }) else { return false }
            return elements.count == others.count && zip(elements, others).allSatisfy { isEqual($0, $1) }
        }
        if let text = expected as? String { return value.text == text }
        guard let number = expected as? NSNumber else { return false }
        if value.text == "true" || value.text == "false" { return value.bool == number.boolValue }
        return value.number == number.doubleValue
    }

    private func randomObject(_ random: inout SplitMix, depth: Int) -> String {
        let blanks = ["", "", " ", "\n\t"]
        let members = (0..<Int.random(in: 0..<6, using: &random)).map { index in
            "\"k\(index)\(randomCharacters(&random))\"" + (blanks.randomElement(using: &random) ?? "") + ":"
                + (blanks.randomElement(using: &random) ?? "") + randomValue(&random, depth: depth)
        }
        return "{" + members.joined(separator: "," + (blanks.randomElement(using: &random) ?? "")) + "}"
    }

    private func randomValue(_ random: inout SplitMix, depth: Int) -> String {
        switch Int.random(in: 0..<(depth < 4 ? 8 : 6), using: &random) {
        case 0: return "null"
        case 1: return Bool.random(using: &random) ? "true" : "false"
        case 2: return "\(Int.random(in: -1_000_000...1_000_000, using: &random))"
        // Eighths, because Foundation's parser is off by a few units in the last place of a long fraction.
        case 3: return "\(Double(Int.random(in: -8000...8000, using: &random)) / 8)"
        case 4, 5: return "\"" + randomCharacters(&random) + "\""
        case 6: return randomObject(&random, depth: depth + 1)
        default:
            let elements = (0..<Int.random(in: 0..<4, using: &random)).map { _ in randomValue(&random, depth: depth + 1)
            }
            return "[" + elements.joined(separator: ", ") + "]"
        }
    }

    private func randomCharacters(_ random: inout SplitMix) -> String {
        let pieces = [
            "a", "Z", "/", "é", "字", "😀", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud83d\\ude00", " ", "=", "+",
            "abcdefghijklmnopqrstuvwxyz0123456789",
        ]
        return (0..<Int.random(in: 0..<12, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
            .joined()
    }
}
