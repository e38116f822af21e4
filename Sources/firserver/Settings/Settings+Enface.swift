import EnfaceAPI
import Foundation

/// The user of the Enface dialect that the configuration names.
struct FirstUser: Sendable {
    let email: String
    /// `nil`: nobody can log in with a password.
    let password: String?
    /// A permanent token; `nil`: one is made.
    let token: UUID?

    init(_ reader: SettingsReader) throws {
        email = try reader.parsed(.enfaceEmail, "an e-mail address") { $0.split(separator: "@").count == 2 ? $0 : nil }
        let password = try reader.text(.enfacePassword)
        guard password.isEmpty || password.count >= 6 else {
            throw SettingsError("\(Setting.enfacePassword.flag) must have six characters or more")
        }
        self.password = password.isEmpty ? nil : password
        let token = try reader.text(.enfaceToken)
        self.token = token.isEmpty ? nil : try reader.parsed(.enfaceToken, "a UUID") { UUID(uuidString: $0) }
    }
}

extension EnfaceConfiguration {
    init(_ reader: SettingsReader) throws {
        self.init()
        profile = try reader.parsed(.v1Profile, "enface or neurovision") { Profile(rawValue: $0) }
        var url = try reader.text(.enfacePublicURL)
        while url.hasSuffix("/") { url.removeLast() }
        guard url.isEmpty || url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw SettingsError("\(Setting.enfacePublicURL.flag) must begin with http:// or https://")
        }
        publicURL = url.isEmpty ? nil : url
        platformScore = try reader.number(.enfaceNoMatchScore, in: 1...100)
        smallestFace = Double(try reader.integer(.enfaceSmallestFace, in: 1...10_000))
        tellsPersonsNewAsArray = try reader.flag(.enfacePersonsNewAsArray)
        let status = try reader.integer(.enfaceActionStatus, in: 200...201)
        answersActionsWithCreated = status == 201
    }
}
