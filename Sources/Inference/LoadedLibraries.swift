import Foundation
import Glibc

/// The shared libraries that this process has in memory.
enum LoadedLibraries {
    /// Keeps the libraries whose file names start with `prefix`, as far as they are loaded now, until the process ends.
    ///
    /// OpenVINO unloads the reader of a model's format with the last model, even while another thread is still on its way
    /// out of that code (seen with 2026.4.1: a jump into memory that is no longer there).
    static func keep(named prefix: String) {
        for path in paths() where path.split(separator: "/").last?.hasPrefix(prefix) == true {
            unsafe _ = dlopen(path, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE)
        }
    }

    /// The files behind this process's memory, each once: the last column of the kernel's list of mappings.
    private static func paths() -> Set<String> {
        guard let mappings = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8) else { return [] }
        return Set(
            mappings.split(separator: "\n").compactMap { line in line.firstIndex(of: "/").map { String(line[$0...]) } })
    }
}
