import Configuration
import Foundation
import SystemPackage

/// Reads settings from the command line, the environment, a file and the defaults, in that order.
struct SettingsReader {
    private let reader: ConfigReader

    /// - Parameter arguments: flags with values, without the program's name and command.
    init(arguments: [String]) async throws {
        try Self.check(arguments)
        let commandLine = CommandLineArgumentsProvider(arguments: ["firserver"] + arguments)
        let environment = EnvironmentVariablesProvider().prefixKeys(with: "firserver")
        var providers: [any ConfigProvider] = [commandLine, environment]
        if let url = ProcessInfo.processInfo.environment["DATABASE_URL"], !url.isEmpty {
            let key = AbsoluteConfigKey(["database", "url"], context: [:])
            providers.append(
                InMemoryProvider(name: "DATABASE_URL", values: [key: ConfigValue(.string(url), isSecret: true)]))
        }
        let first = ConfigReader(providers: providers)
        if let file = first.string(forKey: ConfigKey(Setting.configFile.key)), !file.isEmpty {
            do {
                providers.append(try await FileProvider<JSONSnapshot>(filePath: FilePath(file)))
            } catch {
                throw SettingsError("the settings file \(file) cannot be read: \(error)")
            }
        }
        providers.append(Self.defaults)
        reader = ConfigReader(providers: providers)
    }

    func text(_ setting: Setting) throws -> String {
        try value(setting, "text") { try reader.requiredString(forKey: $0, isSecret: setting.isSecret) }
    }

    func integer(_ setting: Setting, in range: ClosedRange<Int>) throws -> Int {
        let integer = try value(setting, "a whole number") { try reader.requiredInt(forKey: $0) }
        guard range.contains(integer) else {
            throw SettingsError(
                "\(setting.flag) must be from \(range.lowerBound) to \(range.upperBound), not \(integer)")
        }
        return integer
    }

    func number(_ setting: Setting, in range: ClosedRange<Double>) throws -> Double {
        let number = try value(setting, "a number") { try reader.requiredDouble(forKey: $0) }
        guard range.contains(number) else {
            throw SettingsError(
                "\(setting.flag) must be from \(range.lowerBound) to \(range.upperBound), not \(number)")
        }
        return number
    }

    func flag(_ setting: Setting) throws -> Bool {
        try value(setting, "true or false") { try reader.requiredBool(forKey: $0) }
    }

    private func value<R>(_ setting: Setting, _ kind: String, _ read: (ConfigKey) throws -> R) throws -> R {
        do {
            return try read(ConfigKey(setting.key))
        } catch {
            throw SettingsError("\(setting.flag) must be \(kind)")
        }
    }

    /// Refuses flags that no setting has: the reader would pass over a misspelt one without a word.
    private static func check(_ arguments: [String]) throws {
        let known = Set(Setting.all.map(\.flag))
        for argument in arguments where argument.hasPrefix("--") {
            let flag = String(argument.prefix { $0 != "=" })
            guard known.contains(flag) else {
                throw SettingsError("unknown setting \(flag); see firserver serve --help")
            }
        }
        if let stray = arguments.first, !stray.hasPrefix("--") {
            // A database's address may hold a password.
            let shown = stray.contains("://") ? "with an address" : stray
            throw SettingsError("unexpected argument \(shown); see firserver serve --help")
        }
    }

    private static var defaults: InMemoryProvider {
        let values = Setting.all.map { setting in
            let components = setting.key.split(separator: ".").map(String.init)
            let content: ConfigContent =
                switch setting.fallback {
                case .text(let text): .string(text)
                case .integer(let integer): .int(integer)
                case .number(let number): .double(number)
                case .flag(let flag): .bool(flag)
                }
            return (
                AbsoluteConfigKey(components, context: [:]), ConfigValue(content, isSecret: setting.isSecret)
            )
        }
        return InMemoryProvider(name: "defaults", values: Dictionary(uniqueKeysWithValues: values))
    }
}

/// A setting that cannot be used; the text is one line for people.
struct SettingsError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
