import ArgumentParser
import Foundation

/// Writes one line for people.
func printToStandardError(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
}

/// What went wrong, in one line.
func message(of error: any Error) -> String {
    switch error {
    case let error as any CustomStringConvertible: error.description
    default: "\(error)"
    }
}
