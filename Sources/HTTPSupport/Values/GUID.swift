public import Foundation

/// GUIDs as the Windows world writes them: upper case, now and then in braces.
public enum GUID {
    /// The GUID that a text writes as 8-4-4-4-12 hexadecimal digits in either case, with or without braces.
    public static func parse(_ text: String) -> UUID? {
        var utf8 = text.utf8[...]
        if utf8.first == UInt8(ascii: "{") {
            guard utf8.last == UInt8(ascii: "}"), utf8.count > 1 else { return nil }
            utf8 = utf8.dropFirst().dropLast()
        }
        guard utf8.count == 36 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        var digits = 0
        for (index, byte) in utf8.enumerated() {
            switch index {
            case 8, 13, 18, 23:
                guard byte == UInt8(ascii: "-") else { return nil }
            default:
                guard let value = HexDigits.value(byte) else { return nil }
                bytes[digits / 2] = bytes[digits / 2] << 4 | value
                digits += 1
            }
        }
        return UUID(
            uuid: (
                bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7],
                bytes[8], bytes[9], bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]
            ))
    }

    /// The text of a GUID: 8-4-4-4-12 digits, upper case, no braces.
    public static func text(_ id: UUID) -> String { id.uuidString }

    /// The 36 characters of ``text(_:)``.
    static func characters(_ id: UUID) -> [36 of UInt8] {
        let u = id.uuid
        let bytes: [16 of UInt8] = [
            u.0, u.1, u.2, u.3, u.4, u.5, u.6, u.7, u.8, u.9, u.10, u.11, u.12, u.13, u.14, u.15,
        ]
        var characters = [36 of UInt8](repeating: UInt8(ascii: "-"))
        var position = 0
        for index in 0..<16 {
            if index == 4 || index == 6 || index == 8 || index == 10 { position += 1 }
            characters[position] = HexDigits.digit(bytes[index] >> 4)
            characters[position + 1] = HexDigits.digit(bytes[index] & 15)
            position += 2
        }
        return characters
    }
}
