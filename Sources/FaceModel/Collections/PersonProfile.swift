public import Foundation

/// Facts of a person beside the texts that all dialects know.
public struct PersonProfile: Sendable, Hashable {
    /// The gender that a client gave.
    public var gender: Gender?
    /// The day of birth, `YYYY-MM-DD`.
    public var dateOfBirth: String?
    /// The nationality, as text.
    public var nationality: String?

    /// A profile; whatever is not given is unknown.
    public init(gender: Gender? = nil, dateOfBirth: String? = nil, nationality: String? = nil) {
        self.gender = gender
        self.dateOfBirth = dateOfBirth
        self.nationality = nationality
    }
}

/// A person of the shared gallery with everything that the cloud API tells.
public struct ProfiledPerson: Sendable, Hashable, Identifiable {
    /// The person as every dialect sees it.
    public let person: Person
    /// The further facts.
    public let profile: PersonProfile
    /// When anything about the person was changed last.
    public let modifiedAt: Date
    /// The faces, oldest first; those that have a picture before the others.
    public let faces: [UUID]
    /// The collections that the person is in, by name.
    public let collections: [PersonCollection]

    /// The key inside the server.
    public var id: UUID { person.id }

    /// A person from all parts.
    public init(
        person: Person, profile: PersonProfile, modifiedAt: Date, faces: [UUID], collections: [PersonCollection]
    ) {
        self.person = person
        self.profile = profile
        self.modifiedAt = modifiedAt
        self.faces = faces
        self.collections = collections
    }
}

extension Person {
    /// The id by which clients know a person who has no id of their own choice: lower case, as most programs write it.
    public var textID: String { externalID ?? id.uuidString.lowercased() }

    /// All names in one line, or the id where there is none.
    public var joinedName: String {
        let names = [texts.surname, texts.name, texts.patronymic].filter { !$0.isEmpty }
        return names.isEmpty ? textID : names.joined(separator: " ")
    }
}
