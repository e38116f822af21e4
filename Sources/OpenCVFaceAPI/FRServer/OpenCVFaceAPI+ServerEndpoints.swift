import HTTPSupport
import HTTPTypes
import Hummingbird

extension OpenCVFaceAPI {
    /// The FR Server's methods; those that its documentation lacks are not served at the root.
    var serverEndpoints: [Endpoint] {
        [
            Endpoint(.post, "collection", .writing, addNamedCollection),
            Endpoint(.delete, "collection", .writing, removeNamedCollection),
            Endpoint(.put, "person", .writing, putPerson),
            Endpoint(.put, "persons", .writing, putPersons),
            Endpoint(.post, "face-search", .reading, searchFace),
            Endpoint(.post, "multi-face-search", .reading, searchFaces),
            Endpoint(.post, "compare", .reading, compareFaces),
            Endpoint(.get, "collections", .reading, isAtRoot: false, listNamedCollections),
            Endpoint(.get, "person", .reading, isAtRoot: false, findMember),
            Endpoint(.delete, "person", .writing, isAtRoot: false, removeNamedMember),
            Endpoint(.get, "persons", .reading, isAtRoot: false, listMembers),
        ]
    }
}
