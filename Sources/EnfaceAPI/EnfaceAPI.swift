public import Accounts
public import HTTPSupport
public import Hummingbird
public import Recognition

/// The Enface dialect: REST 1.0 of the Enface platform and, as a profile of it, the API of neuro-vision.
///
/// `/enface/v1` and `/neurovision/v1` speak one profile each; `/v1` is an alias of the configured one. Accounts, tokens,
/// lists and persons are the same behind all of them.
public struct EnfaceAPI: Sendable {
    let lists: any ListService
    let users: any UserService
    let configuration: EnfaceConfiguration

    /// A dialect over the use cases.
    public init(lists: any ListService, users: any UserService, configuration: EnfaceConfiguration) {
        self.lists = lists
        self.users = users
        self.configuration = configuration
    }

    /// Adds the dialect to a router, behind everything that watches requests.
    public func add(to router: Router<ServerContext>) {
        router.add(middleware: EnfaceMiddleware(api: self))
    }

    /// The scale of `score` for the model in use.
    var scores: Scores { Scores(falseMatchCosines: lists.falseMatchCosines) }
}
