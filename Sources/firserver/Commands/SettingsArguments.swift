import ArgumentParser
import Foundation
import Logging

/// The flags of a command that reads settings; the settings' own reader takes them apart.
struct SettingsArguments: ParsableArguments {
    @Argument(parsing: .allUnrecognized, help: ArgumentHelp("See SETTINGS above.", valueName: "settings"))
    var flags: [String] = []

    /// - Throws: a validation error with one line for people.
    func settings() async throws -> Settings {
        VisibleArguments.hideSecrets()
        do {
            return try Settings(await SettingsReader(arguments: flags))
        } catch let error as SettingsError {
            throw ValidationError(error.description)
        }
    }
}
