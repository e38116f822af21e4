/// A network that tests make themselves, as an ONNX file: the mean of each colour plane of its input.
///
/// With planes scaled to 0…1 its three outputs are as good as the probabilities of three classes, and whoever chooses
/// the picture chooses them.
public enum MadeNetwork {
    /// The file for square inputs.
    ///
    /// Written by hand in the wire format of protocol buffers (ONNX, `onnx.proto3`): a GlobalAveragePool and a Flatten.
    public static func planeMeans(side: Int) -> [UInt8] {
        let pool = message(1, text(1, "input") + text(2, "pooled") + text(4, "GlobalAveragePool"))
        let flatten = message(1, text(1, "pooled") + text(2, "output") + text(4, "Flatten"))
        let graph =
            pool + flatten + text(2, "means") + message(11, value("input", [1, 3, side, side]))
            + message(12, value("output", [1, 3]))
        return number(1, 8) + message(7, graph) + message(8, number(2, 13))
    }

    /// A value of 32-bit floats: its name, element type and shape.
    private static func value(_ name: String, _ shape: [Int]) -> [UInt8] {
        let dimensions = shape.flatMap { message(1, number(1, $0)) }
        return text(1, name) + message(2, message(1, number(1, 1) + message(2, dimensions)))
    }

    private static func text(_ field: Int, _ text: String) -> [UInt8] { message(field, Array(text.utf8)) }

    private static func message(_ field: Int, _ bytes: [UInt8]) -> [UInt8] {
        varint(field << 3 | 2) + varint(bytes.count) + bytes
    }

    private static func number(_ field: Int, _ number: Int) -> [UInt8] { varint(field << 3) + varint(number) }

    private static func varint(_ number: Int) -> [UInt8] {
        number < 128 ? [UInt8(number)] : [UInt8(number & 127 | 128)] + varint(number >> 7)
    }
}
