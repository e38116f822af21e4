import Foundation

/// The command line as every user of the machine can read it (`ps`, `/proc/PID/cmdline`).
enum VisibleArguments {
    /// Overwrites the values of secret settings with asterisks.
    ///
    /// Whoever looked in the moment before has seen them: secrets belong in the environment or in a file.
    static func hideSecrets() {
        let flags = Set(Setting.all.filter(\.isSecret).map(\.flag))
        guard let range = argumentRange(), CommandLine.arguments.contains(where: { flags.contains(flag(in: $0)) })
        else { return }
        guard let start = unsafe UnsafeMutableRawPointer(bitPattern: range.lowerBound) else { return }
        let bytes = unsafe UnsafeMutableRawBufferPointer(start: start, count: range.count)
        var hidesNext = false
        var position = 0
        while position < bytes.count {
            var end = position
            while end < bytes.count, unsafe bytes[end] != 0 { end += 1 }
            let argument = unsafe String(decoding: bytes[position..<end], as: UTF8.self)
            var hidden = hidesNext ? position : end
            hidesNext = false
            if hidden == end, flags.contains(flag(in: argument)) {
                let name = flag(in: argument).utf8.count
                hidesNext = argument.utf8.count == name
                hidden = min(end, position + name + 1)
            }
            while hidden < end {
                unsafe bytes[hidden] = UInt8(ascii: "*")
                hidden += 1
            }
            position = end + 1
        }
    }

    private static func flag(in argument: String) -> String { String(argument.prefix { $0 != "=" }) }

    /// Where the kernel keeps the arguments: `arg_start` and `arg_end` of proc(5).
    private static func argumentRange() -> Range<UInt>? {
        guard let status = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            // The second field is the program's name in brackets, which may hold anything.
            let end = status.lastIndex(of: ")")
        else { return nil }
        let fields = status[end...].split(whereSeparator: \.isWhitespace)
        guard fields.count > 47, let start = UInt(fields[46]), let end = UInt(fields[47]), 0 < start, start < end else {
            return nil
        }
        return start..<end
    }
}
