import HTTPSupport
import HTTPTypes
import Hummingbird

extension OpenCVFaceAPI {
    /// The cloud API's methods; of two patterns that fit a path the first one counts.
    var cloudEndpoints: [Endpoint] {
        [
            Endpoint(.post, "collection", .writing, addCollection),
            Endpoint(.patch, "collection", .writing, changeCollection),
            Endpoint(.post, "collection/person", .writing, addMember),
            Endpoint(.delete, "collection/person/{collection_id}/{person_id}", .writing, removeMember),
            Endpoint(.patch, "collection/persons", .writing, changeMembers),
            Endpoint(.get, "collection/{collection_id}", .reading, findCollection),
            Endpoint(.delete, "collection/{collection_id}", .writing, removeCollection),
            Endpoint(.get, "collections", .reading, listCollections),
            Endpoint(.get, "collections/person/{person_id}", .reading, listCollectionsOfPerson),
            Endpoint(.get, "collections/{ids}", .reading, findCollections),
            Endpoint(.post, "person", .writing, addPerson),
            Endpoint(.patch, "person", .writing, changePerson),
            Endpoint(.post, "person/crops", .writing, addPersonOfCrops),
            Endpoint(.post, "person/images", .writing, addPictures),
            Endpoint(.patch, "person/images", .writing, changePictures),
            Endpoint(.delete, "person/image/{person_id}/{thumbnail_id}", .writing, removePicture),
            Endpoint(.get, "person/{person_id}", .reading, findPerson),
            Endpoint(.delete, "person/{person_id}", .writing, removePerson),
            Endpoint(.get, "persons", .reading, listPersons),
            Endpoint(.patch, "persons", .writing, changePersons),
            Endpoint(.get, "persons/{collection_id}", .reading, listPersonsOfCollection),
            Endpoint(.post, "search", .reading) { try await search($0, isOfCrops: false) },
            Endpoint(.post, "search/crops", .reading) { try await search($0, isOfCrops: true) },
            Endpoint(.post, "detect", .reading, detect),
            Endpoint(.post, "verify", .reading, verify),
            Endpoint(.post, "compare", .reading, compare),
            Endpoint(.post, "head-count", .reading, countHeads),
            Endpoint(.post, "liveness", .reading, checkLiveness),
            Endpoint(.post, "search-live-face", .reading, searchLiveFace),
            Endpoint(.post, "compare-live-face", .reading, compareLiveFace),
        ] + documentationEndpoints
    }
}
