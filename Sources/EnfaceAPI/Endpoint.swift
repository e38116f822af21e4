import HTTPTypes

/// What can be called, by its path behind the mount.
enum Endpoint: String, CaseIterable {
    case login = "user/login"
    case logout = "user/logout"
    case tokens
    case tokenCreate = "token/create"
    case tokenUpdate = "token/update"
    case tokenDelete = "token/delete"
    case groups = "source/groups"
    case groupCreate = "source/group/create"
    case groupUpdate = "source/group/update"
    case groupDelete = "source/group/delete"
    case sources
    case sourceCreate = "source/create"
    case sourceUpdate = "source/update"
    case sourceDelete = "source/delete"
    case listCreate = "person/list/create"
    case lists = "person/lists"
    case listUpdate = "person/list/update"
    case listDelete = "person/list/delete"
    case personCreate = "person/create"
    case person
    case personUpdate = "person/update"
    case personDelete = "person/delete"
    case compare
    case detect
    case action
    case persons
    case fusion = "person/fusion"
    case vectorSearch = "vector/search"
    case documents = "kyc/process"
    case documentSession = "kyc/session/status"

    /// The verbs: the documented one first, then those that clients use for the same.
    var verbs: [HTTPRequest.Method] {
        switch self {
        case .tokens, .groups, .lists: [.get, .post]
        case .sources: [.post, .get]
        case .tokenUpdate, .groupUpdate, .sourceUpdate, .listUpdate, .personUpdate: [.post, .put]
        case .tokenDelete, .groupDelete, .sourceDelete, .listDelete: [.post, .delete]
        case .personDelete: [.delete, .post]
        case .login, .logout, .tokenCreate, .groupCreate, .sourceCreate, .listCreate, .personCreate, .person, .compare,
            .detect,
            .action, .persons, .fusion, .vectorSearch, .documents, .documentSession:
            [.post]
        }
    }

    /// Whether a request is a form with pictures.
    var takesForm: Bool {
        switch self {
        case .personCreate, .compare, .detect, .action, .fusion: true
        default: false
        }
    }

    /// Whether only those may call it who may change lists. `person/create` may be asked to keep nothing, and `action`
    /// enrols where something says so: they see to it themselves.
    var changesLists: Bool {
        switch self {
        case .groupCreate, .groupUpdate, .groupDelete, .sourceCreate, .sourceUpdate, .sourceDelete, .listCreate,
            .listUpdate, .listDelete, .personUpdate, .personDelete, .fusion:
            true
        case .login, .logout, .tokens, .tokenCreate, .tokenUpdate, .tokenDelete, .groups, .sources, .lists,
            .personCreate, .person, .compare, .detect, .action, .persons, .vectorSearch, .documents, .documentSession:
            false
        }
    }

    /// Whether the profile has it.
    func belongs(to profile: Profile) -> Bool {
        switch self {
        case .persons, .fusion, .vectorSearch, .documents, .documentSession: profile == .neurovision
        default: true
        }
    }
}
