public import FaceModel

/// What is to be known of a new person.
public struct PersonDraft: Sendable {
    /// The key that the client asks for; `nil` makes a new UUID. The key of an existing person replaces that person.
    public var key: PersonKey?
    /// The text fields.
    public var texts: PersonTexts
    /// Whether the person also becomes a user of the platform, that is: gets the next free `platformUserID`.
    public var isPlatformUser: Bool
    /// Further columns of the platform's user record, one JSON object; kept only for platform users.
    public var platformAttributes: String?

    /// A draft from its parts.
    public init(
        key: PersonKey? = nil, texts: PersonTexts, isPlatformUser: Bool = false, platformAttributes: String? = nil
    ) {
        self.key = key
        self.texts = texts
        self.isPlatformUser = isPlatformUser
        self.platformAttributes = platformAttributes
    }
}

/// New values for some fields of a person; `nil` leaves a field as it is.
public struct PersonChanges: Sendable {
    /// Given name.
    public var name: String?
    /// Family name.
    public var surname: String?
    /// Middle name.
    public var patronymic: String?
    /// Department.
    public var department: String?
    /// Comment.
    public var comment: String?
    /// Columns of the platform's user record, one JSON object that is merged over the stored one.
    public var platformAttributes: String?

    /// Changes; whatever is not given stays as it is.
    public init(
        name: String? = nil, surname: String? = nil, patronymic: String? = nil, department: String? = nil,
        comment: String? = nil, platformAttributes: String? = nil
    ) {
        self.name = name
        self.surname = surname
        self.patronymic = patronymic
        self.department = department
        self.comment = comment
        self.platformAttributes = platformAttributes
    }
}

/// Which persons a list holds; without any condition all of a gallery.
public struct PersonFilter: Sendable {
    /// Only these persons; unknown keys are left out. `nil`: everyone.
    public var keys: [PersonKey]?
    /// Only these platform users, in addition to `keys`.
    public var platformUserIDs: [Int]
    /// Only this department, compared exactly.
    public var department: String?
    /// Only persons with this text; together with other conditions it is passed over.
    public var search: PersonSearch?

    /// A filter; without arguments it lets everyone through.
    public init(keys: [PersonKey]? = nil, platformUserIDs: [Int] = [], department: String? = nil) {
        self.keys = keys
        self.platformUserIDs = platformUserIDs
        self.department = department
    }
}

/// One page of persons, newest first.
public struct PersonPage: Sendable {
    /// The persons of the page.
    public let persons: [Person]
    /// How many persons match the filter on all pages.
    public let total: Int

    /// A page from its parts.
    public init(persons: [Person], total: Int) {
        self.persons = persons
        self.total = total
    }
}

/// Where a face comes from when a person is enrolled.
public enum EnrolmentFace: Sendable {
    /// A photo that shows one face.
    case photo([UInt8])
    /// A template of ours beside a photo that is stored unread: no detection and no check of the face.
    case template([UInt8], photo: [UInt8])
}

/// What is searched for.
public enum Probe: Sendable {
    /// A photo with any number of faces.
    case photo([UInt8])
    /// A template of ours: one face without a place.
    case template([UInt8])
}

/// The answer to a search: every face of the probe with the persons that are most alike.
public struct Identification: Sendable {
    /// One element per face, largest box first.
    public let faces: [IdentifiedFace]
    /// Where the time went, for the log: stage and duration in the order of the work.
    public let stages: KeyValuePairs<String, Duration>

    /// An answer from its parts.
    public init(faces: [IdentifiedFace], stages: KeyValuePairs<String, Duration> = [:]) {
        self.faces = faces
        self.stages = stages
    }
}

/// One face of a probe with its best matches.
public struct IdentifiedFace: Sendable {
    /// Where and how the face is; `nil` for a probe that was a template.
    public let face: DetectedFace?
    /// The best matches, highest similarity first, every person at most once.
    public let candidates: [Candidate]
    /// How many embeddings were compared.
    public let comparedCount: Int
    /// How long the comparison took.
    public let searchDuration: Duration

    /// A face from its parts.
    public init(face: DetectedFace?, candidates: [Candidate], comparedCount: Int, searchDuration: Duration) {
        self.face = face
        self.candidates = candidates
        self.comparedCount = comparedCount
        self.searchDuration = searchDuration
    }
}

/// A person with the similarity to a probe.
public struct Candidate: Sendable {
    /// The person as stored when the answer was made.
    public let person: Person
    /// The similarity 0…1 on the model's scale.
    public let similarity: Double

    /// A candidate from its parts.
    public init(person: Person, similarity: Double) {
        self.person = person
        self.similarity = similarity
    }
}

/// A stored picture.
public struct StoredImage: Sendable {
    /// The file's bytes.
    public let bytes: [UInt8]
    /// Its media type: `image/jpeg`, `image/png`, or for a file of neither `application/octet-stream`.
    public let mediaType: String

    /// A picture of which the file itself says what it is, never whoever sent it.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            mediaType = "image/jpeg"
        } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            mediaType = "image/png"
        } else {
            mediaType = "application/octet-stream"
        }
    }
}
