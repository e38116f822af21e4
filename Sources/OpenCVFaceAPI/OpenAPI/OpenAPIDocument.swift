/// The OpenAPI 3.1 document of the cloud API, as `GET /openapi.json` serves it.
///
/// What it says is what the server does: the schemas of requests have every limit that is answered with 422, and every
/// answer of every method is there. Paths are relative to the mount.
enum OpenAPIDocument {
    /// The document as JSON text.
    static let json = """
        {\(head),
        "paths": {\(collectionPaths),
        \(personPaths),
        \(recognitionPaths),
        \(documentPaths)},
        "components": {\(securitySchemes),
        \(parameters),
        \(headers),
        \(responses),
        "schemas": {\(valueSchemas),
        \(requestSchemas),
        \(answerSchemas)}}}
        """
}

// MARK: - Head

extension OpenAPIDocument {
    private static let head = #"""

        "openapi": "3.1.0",
        "info": {
          "title": "OpenCV Face Recognition",
          "version": "2026.07.15",
          "summary": "Persons, collections and face recognition over JSON",
          "description": "The cloud API of OpenCV Face Recognition, served by firserver. Pictures are base64 texts \#
        of JPEG or PNG; a `data:` prefix, line breaks, the URL-safe alphabet and missing padding are accepted. Keys \#
        that a request does not know are ignored. Failures are `code` and `message`; a request of the wrong form \#
        gets 422 and `detail`."
        },
        "servers": [
          {"url": "/opencv", "description": "the API's own mount"},
          {"url": "/", "description": "the same at the root"}
        ],
        "security": [{"ApiKey": []}],
        "tags": [
          {"name": "Collections", "description": "Named sets of persons. A person may be in any number of them."},
          {"name": "Persons", "description": "Whoever is to be recognised, each with one to three pictures."},
          {"name": "Search", "description": "Who is it? Faces against all persons, or those of one collection."},
          {"name": "Compare", "description": "Are they the same? Pictures against pictures."},
          {"name": "Liveness", "description": "Does the picture show a living person in front of the camera?"},
          {"name": "Documentation", "description": "This document, and the page that shows it."}
        ]
        """#
}

// MARK: - Paths

extension OpenAPIDocument {
    /// Ways for a method to fail that not every one has.
    private enum Failure {
        /// Of a picture: no picture at all, no face, no thumbnail of a face, none whose liveness can be told.
        case undecodable, faceless, noCrop, notLive
        /// Of all pictures of a person.
        case pictures, lastPicture
        case notFound, duplicate, body
    }

    /// The answers of a method that failed: those that each has, and `some` others.
    private static func failures(_ some: Failure...) -> String {
        var names = [
            401: "Unauthorized", 403: "Forbidden", 422: "Invalid", 429: "TooManyRequests", 500: "Unexpected",
            503: "Unavailable",
        ]
        for failure in some {
            switch failure {
            case .undecodable: names[400] = "Undecodable"
            case .faceless: names[400] = "NoFace"
            case .noCrop: names[400] = "NoCrop"
            case .notLive: names[400] = "NotLive"
            case .pictures: names[400] = "BadPictures"
            case .lastPicture: names[400] = "LastPicture"
            case .notFound: names[404] = "NotFound"
            case .duplicate: names[409] = "Duplicate"
            case .body: names.merge([400: "BadRequest", 408: "TooSlow", 413: "TooLarge"]) { known, _ in known }
            }
        }
        return names.sorted { $0.key < $1.key }
            .map { ##""\##($0.key)": {"$ref": "#/components/responses/\##($0.value)"}"## }
            .joined(separator: ",\n")
    }

    /// JSON of one of the schemas, as content of a request or of an answer.
    private static func json(_ schema: String) -> String {
        ##""content": {"application/json": {"schema": {"$ref": "#/components/schemas/\##(schema)"}}}"##
    }

    private static let collectionPaths = #"""

        "/collection": {
          "post": {
            "operationId": "createCollection", "tags": ["Collections"], "summary": "Create a collection",
            "requestBody": {"required": true, \#(json("NewCollection"))},
            "responses": {
              "201": {"description": "The new collection", \#(json("Collection"))},
              \#(failures(.duplicate, .body))
            }
          },
          "patch": {
            "operationId": "updateCollection", "tags": ["Collections"], "summary": "Rename or describe a collection",
            "description": "What is absent stays. `description` of `null` clears, `name` of `null` stays.",
            "requestBody": {"required": true, \#(json("CollectionUpdate"))},
            "responses": {
              "200": {"description": "The collection as it is now", \#(json("Collection"))},
              \#(failures(.notFound, .duplicate, .body))
            }
          }
        },
        "/collection/{collection_id}": {
          "parameters": [{"$ref": "#/components/parameters/CollectionID"}],
          "get": {
            "operationId": "getCollection", "tags": ["Collections"], "summary": "One collection",
            "responses": {
              "200": {"description": "The collection", \#(json("Collection"))},
              \#(failures(.notFound))
            }
          },
          "delete": {
            "operationId": "deleteCollection", "tags": ["Collections"], "summary": "Delete a collection",
            "description": "Its persons stay.",
            "responses": {
              "200": {"description": "Deleted", \#(json("Identifier"))},
              \#(failures(.notFound))
            }
          }
        },
        "/collections": {
          "get": {
            "operationId": "listCollections", "tags": ["Collections"], "summary": "A page of the collections, by name",
            "parameters": [
              {"$ref": "#/components/parameters/Skip"},
              {"$ref": "#/components/parameters/Take"},
              {"$ref": "#/components/parameters/Order"},
              {"$ref": "#/components/parameters/SearchCollections"}
            ],
            "responses": {
              "200": {"description": "The page", \#(json("CollectionList"))},
              \#(failures())
            }
          }
        },
        "/collections/{comma_separated_ids}": {
          "get": {
            "operationId": "getCollections", "tags": ["Collections"], "summary": "Several collections",
            "description": "Ids that nobody has are passed over.",
            "parameters": [{
              "name": "comma_separated_ids", "in": "path", "required": true,
              "description": "ids of collections, separated by commas",
              "schema": {"type": "string", "minLength": 1}
            }],
            "responses": {
              "200": {
                "description": "The collections",
                "content": {"application/json": {
                  "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Collection"}}
                }}
              },
              \#(failures())
            }
          }
        },
        "/collections/person/{person_id}": {
          "parameters": [{"$ref": "#/components/parameters/PersonID"}],
          "get": {
            "operationId": "listCollectionsOfPerson", "tags": ["Collections"],
            "summary": "A page of the collections that a person is in, by name",
            "parameters": [
              {"$ref": "#/components/parameters/Skip"},
              {"$ref": "#/components/parameters/Take"},
              {"$ref": "#/components/parameters/Order"},
              {"$ref": "#/components/parameters/SearchCollections"}
            ],
            "responses": {
              "200": {"description": "The page", \#(json("CollectionList"))},
              \#(failures(.notFound))
            }
          }
        },
        "/collection/person": {
          "post": {
            "operationId": "addPersonToCollection", "tags": ["Collections"],
            "summary": "Put a person into a collection",
            "description": "Doing it again changes nothing.",
            "requestBody": {"required": true, \#(json("Membership"))},
            "responses": {
              "201": {"description": "The person is in the collection", \#(json("Membership"))},
              \#(failures(.notFound, .body))
            }
          }
        },
        "/collection/person/{collection_id}/{person_id}": {
          "parameters": [
            {"$ref": "#/components/parameters/CollectionID"}, {"$ref": "#/components/parameters/PersonID"}
          ],
          "delete": {
            "operationId": "removePersonFromCollection", "tags": ["Collections"],
            "summary": "Take a person out of a collection",
            "responses": {
              "200": {"description": "The person is not in the collection", \#(json("Membership"))},
              \#(failures(.notFound))
            }
          }
        },
        "/collection/persons": {
          "patch": {
            "operationId": "updateCollectionPersons", "tags": ["Collections"],
            "summary": "Put many persons into a collection and take others out",
            "description": "The answer has the ids of those whose membership changed.",
            "requestBody": {"required": true, \#(json("MembershipUpdate"))},
            "responses": {
              "200": {"description": "What changed", \#(json("MembershipChange"))},
              \#(failures(.notFound, .body))
            }
          }
        }
        """#

    private static let personPaths = #"""

        "/person": {
          "post": {
            "operationId": "createPerson", "tags": ["Persons"], "summary": "Create a person from pictures",
            "description": "Of a picture with several faces the largest counts. The person gets a new id unless the \#
        request has one, and the id for a name unless it has one.",
            "requestBody": {"required": true, \#(json("NewPerson"))},
            "responses": {
              "201": {"description": "The new person", \#(json("Person"))},
              \#(failures(.faceless, .notFound, .duplicate, .body))
            }
          },
          "patch": {
            "operationId": "updatePerson", "tags": ["Persons"], "summary": "Change a person",
            "description": "What is absent stays. `null` clears, except that `name`, `images` and `collections` of \#
        `null` stay. `images` replaces all pictures, `collections` the membership.",
            "requestBody": {"required": true, \#(json("PersonUpdate"))},
            "responses": {
              "200": {"description": "The person as it is now", \#(json("Person"))},
              \#(failures(.faceless, .notFound, .body))
            }
          }
        },
        "/person/crops": {
          "post": {
            "operationId": "createPersonFromCrops", "tags": ["Persons"],
            "summary": "Create a person from thumbnails of detected faces",
            "description": "Each picture is a thumbnail as detection returns it, 112 by 112 pixels; no face is \#
        looked for.",
            "requestBody": {"required": true, \#(json("NewPerson"))},
            "responses": {
              "201": {"description": "The new person", \#(json("Person"))},
              \#(failures(.noCrop, .notFound, .duplicate, .body))
            }
          }
        },
        "/person/{person_id}": {
          "parameters": [{"$ref": "#/components/parameters/PersonID"}],
          "get": {
            "operationId": "getPerson", "tags": ["Persons"], "summary": "One person",
            "responses": {
              "200": {"description": "The person", \#(json("Person"))},
              \#(failures(.notFound))
            }
          },
          "delete": {
            "operationId": "deletePerson", "tags": ["Persons"], "summary": "Delete a person",
            "responses": {
              "200": {"description": "Deleted", \#(json("Identifier"))},
              \#(failures(.notFound))
            }
          }
        },
        "/person/images": {
          "post": {
            "operationId": "addPersonImages", "tags": ["Persons"], "summary": "Add pictures to a person",
            "description": "A person has three pictures at most.",
            "requestBody": {"required": true, \#(json("NewImages"))},
            "responses": {
              "201": {
                "description": "The new pictures",
                "content": {"application/json": {
                  "schema": {"type": "array", "items": {"$ref": "#/components/schemas/PersonThumbnail"}}
                }}
              },
              \#(failures(.pictures, .notFound, .body))
            }
          },
          "patch": {
            "operationId": "updatePersonImages", "tags": ["Persons"],
            "summary": "Change a person, add and remove pictures",
            "description": "Pictures go and come together; one to three must remain.",
            "requestBody": {"required": true, \#(json("PersonImagesUpdate"))},
            "responses": {
              "200": {"description": "The person as it is now", \#(json("Person"))},
              \#(failures(.pictures, .notFound, .body))
            }
          }
        },
        "/person/image/{person_id}/{thumbnail_id}": {
          "parameters": [
            {"$ref": "#/components/parameters/PersonID"},
            {
              "name": "thumbnail_id", "in": "path", "required": true,
              "description": "id of one of the person's pictures",
              "schema": {"type": "string", "minLength": 1}
            }
          ],
          "delete": {
            "operationId": "deletePersonImage", "tags": ["Persons"], "summary": "Remove a picture of a person",
            "description": "The last one cannot be removed.",
            "responses": {
              "200": {"description": "Removed", \#(json("Identifier"))},
              \#(failures(.lastPicture, .notFound))
            }
          }
        },
        "/persons": {
          "get": {
            "operationId": "listPersons", "tags": ["Persons"], "summary": "A page of the persons",
            "parameters": [
              {"$ref": "#/components/parameters/Skip"},
              {"$ref": "#/components/parameters/Take"},
              {"$ref": "#/components/parameters/Order"},
              {"$ref": "#/components/parameters/OrderBy"},
              {"$ref": "#/components/parameters/SearchPersons"}
            ],
            "responses": {
              "200": {"description": "The page", \#(json("PersonList"))},
              \#(failures())
            }
          },
          "patch": {
            "operationId": "updatePersons", "tags": ["Persons"], "summary": "Delete many persons",
            "description": "Ids that nobody has are passed over.",
            "requestBody": {"required": true, \#(json("PersonsUpdate"))},
            "responses": {
              "200": {
                "description": "Those who were deleted",
                "content": {"application/json": {
                  "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Identifier"}}
                }}
              },
              \#(failures(.body))
            }
          }
        },
        "/persons/{collection_id}": {
          "parameters": [{"$ref": "#/components/parameters/CollectionID"}],
          "get": {
            "operationId": "listPersonsOfCollection", "tags": ["Persons"],
            "summary": "A page of a collection's persons",
            "parameters": [
              {"$ref": "#/components/parameters/Skip"},
              {"$ref": "#/components/parameters/Take"},
              {"$ref": "#/components/parameters/Order"},
              {"$ref": "#/components/parameters/OrderBy"},
              {"$ref": "#/components/parameters/SearchPersons"}
            ],
            "responses": {
              "200": {"description": "The page", \#(json("PersonList"))},
              \#(failures(.notFound))
            }
          }
        }
        """#

    private static let recognitionPaths = #"""

        "/search": {
          "post": {
            "operationId": "search", "tags": ["Search"], "summary": "Who is on these pictures of one person?",
            "description": "Best first; an empty array if nobody is alike enough.",
            "requestBody": {"required": true, \#(json("SearchRequest"))},
            "responses": {
              "200": {
                "description": "The persons who are most alike",
                "content": {"application/json": {
                  "schema": {"type": "array", "maxItems": 500, "items": {"$ref": "#/components/schemas/SearchResult"}}
                }}
              },
              \#(failures(.faceless, .notFound, .body))
            }
          }
        },
        "/search/crops": {
          "post": {
            "operationId": "searchCrops", "tags": ["Search"], "summary": "Who is on these thumbnails of one person?",
            "description": "Each picture is a thumbnail as detection returns it, 112 by 112 pixels; no face is \#
        looked for.",
            "requestBody": {"required": true, \#(json("SearchRequest"))},
            "responses": {
              "200": {
                "description": "The persons who are most alike",
                "content": {"application/json": {
                  "schema": {"type": "array", "maxItems": 500, "items": {"$ref": "#/components/schemas/SearchResult"}}
                }}
              },
              \#(failures(.noCrop, .notFound, .body))
            }
          }
        },
        "/detect": {
          "post": {
            "operationId": "detect", "tags": ["Search"], "summary": "All faces of a picture, and who they are",
            "description": "Best detection first. Without `search` nobody is looked for and `persons` is empty.",
            "requestBody": {"required": true, \#(json("DetectionRequest"))},
            "responses": {
              "200": {
                "description": "The faces; none is an empty array",
                "content": {"application/json": {
                  "schema": {"type": "array", "items": {"$ref": "#/components/schemas/DetectedFace"}}
                }}
              },
              \#(failures(.undecodable, .notFound, .body))
            }
          }
        },
        "/verify": {
          "post": {
            "operationId": "verify", "tags": ["Search"], "summary": "Is it this person?",
            "requestBody": {"required": true, \#(json("VerificationRequest"))},
            "responses": {
              "200": {"description": "The person if it is, else `null`", \#(json("Verification"))},
              \#(failures(.faceless, .notFound, .body))
            }
          }
        },
        "/head-count": {
          "post": {
            "operationId": "countHeads", "tags": ["Search"], "summary": "How many faces are there?",
            "requestBody": {"required": true, \#(json("HeadCountRequest"))},
            "responses": {
              "200": {"description": "The number", \#(json("HeadCount"))},
              \#(failures(.undecodable, .body))
            }
          }
        },
        "/compare": {
          "post": {
            "operationId": "compare", "tags": ["Compare"], "summary": "Do two sets of pictures show the same person?",
            "requestBody": {"required": true, \#(json("ComparisonRequest"))},
            "responses": {
              "200": {"description": "How alike they are", \#(json("Comparison"))},
              \#(failures(.faceless, .body))
            }
          }
        },
        "/compare-live-face": {
          "post": {
            "operationId": "compareLiveFace", "tags": ["Liveness"],
            "summary": "Is it a living person, and the one on other pictures?",
            "description": "A liveness score below `liveness_min_score` is no failure: compare it.",
            "requestBody": {"required": true, \#(json("LiveComparisonRequest"))},
            "responses": {
              "200": {
                "description": "How alike, and how alive",
                "headers": {"X-Firserver-Emulated": {"$ref": "#/components/headers/Emulated"}},
                \#(json("LiveComparison"))
              },
              \#(failures(.notLive, .body))
            }
          }
        },
        "/search-live-face": {
          "post": {
            "operationId": "searchLiveFace", "tags": ["Liveness"], "summary": "Is it a living person, and who?",
            "description": "A low liveness score is no failure: compare it. 404 if nobody is alike enough.",
            "requestBody": {"required": true, \#(json("LiveSearchRequest"))},
            "responses": {
              "200": {
                "description": "The persons who are most alike, and how alive",
                "headers": {"X-Firserver-Emulated": {"$ref": "#/components/headers/Emulated"}},
                \#(json("LiveSearch"))
              },
              \#(failures(.notLive, .notFound, .body))
            }
          }
        },
        "/liveness": {
          "post": {
            "operationId": "checkLiveness", "tags": ["Liveness"], "summary": "Is it a living person?",
            "requestBody": {"required": true, \#(json("LivenessRequest"))},
            "responses": {
              "200": {
                "description": "How alive; from 0.5 on it is",
                "headers": {"X-Firserver-Emulated": {"$ref": "#/components/headers/Emulated"}},
                \#(json("Liveness"))
              },
              \#(failures(.notLive, .body))
            }
          }
        }
        """#

    private static let documentPaths = #"""

        "/docs": {
          "get": {
            "operationId": "getDocumentation", "tags": ["Documentation"], "summary": "A page that shows this document",
            "security": [],
            "responses": {"200": {"description": "The page", "content": {"text/html": {"schema": {"type": "string"}}}}}
          }
        },
        "/openapi.json": {
          "get": {
            "operationId": "getOpenAPIDocument", "tags": ["Documentation"], "summary": "This document",
            "security": [],
            "responses": {
              "200": {"description": "The document", "content": {"application/json": {"schema": {"type": "object"}}}}
            }
          }
        }
        """#
}

// MARK: - Components

extension OpenAPIDocument {
    private static let securitySchemes = #"""

        "securitySchemes": {
          "ApiKey": {"type": "apiKey", "in": "header", "name": "x-api-key", "description": "a key of this server"}
        }
        """#

    private static let parameters = #"""

        "parameters": {
          "CollectionID": {
            "name": "collection_id", "in": "path", "required": true, "description": "id of a collection",
            "schema": {"$ref": "#/components/schemas/CollectionID"}
          },
          "PersonID": {
            "name": "person_id", "in": "path", "required": true, "description": "id of a person, percent-encoded",
            "schema": {"$ref": "#/components/schemas/PersonID"}
          },
          "Skip": {
            "name": "skip", "in": "query", "description": "how many to leave out before the page",
            "schema": {"type": "integer", "format": "int64", "minimum": 0, "maximum": 9223372036854775807, "default": 0}
          },
          "Take": {
            "name": "take", "in": "query", "description": "how many are on the page at most",
            "schema": {"type": "integer", "minimum": 0, "maximum": 100, "default": 20}
          },
          "Order": {
            "name": "order", "in": "query", "description": "ascending or descending",
            "schema": {"type": "string", "enum": ["ASC", "DESC"], "default": "ASC"}
          },
          "OrderBy": {
            "name": "order_by", "in": "query",
            "description": "what the page is sorted by; whoever has none of it comes last",
            "schema": {
              "type": "string", "default": "name",
              "enum": ["name", "date_of_birth", "gender", "nationality", "modified_date", "create_date"]
            }
          },
          "SearchCollections": {
            "name": "search", "in": "query", "description": "part of a name or description, letter case aside",
            "schema": {"$ref": "#/components/schemas/Text"}
          },
          "SearchPersons": {
            "name": "search", "in": "query",
            "description": "part of a name, id, nationality or notes, letter case aside",
            "schema": {"$ref": "#/components/schemas/Text"}
          }
        }
        """#

    private static let headers = #"""

        "headers": {
          "Emulated": {
            "description": "Present where no network judges liveness and the score is the one that a setting says.",
            "schema": {"const": "liveness"}
          },
          "RetryAfter": {"description": "seconds until the next try", "schema": {"type": "integer", "minimum": 0}}
        }
        """#

    private static let responses = #"""

        "responses": {
          "Undecodable": {
            "description": "A text is no JPEG or PNG in base64: `ERR_IMAGE_COULD_NOT_BE_DECODED`",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
          },
          "NoFace": {
            "description": "A picture cannot be read or shows no face that will do: `ERR_IMAGE_COULD_NOT_BE_DECODED`, \#
        `ERR_NO_FACES_FOUND`, `ERR_FACE_TOO_SMALL`, `ERR_BLURRY_IMAGE`",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
          },
          "NoCrop": {
            "description": "A picture cannot be read or is no thumbnail of a face: `ERR_IMAGE_COULD_NOT_BE_DECODED`, \#
        `ERR_NOT_STANDARD_CROP`",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
          },
          "NotLive": {
            "description": "The liveness of what a picture shows cannot be told: `ERR_IMAGE_COULD_NOT_BE_DECODED`, \#
        `ERR_NO_FACES_FOUND`, `ERR_MULTIPLE_FACES`, `ERR_FACE_TOO_SMALL`, `ERR_FACE_ROTATION`, \#
        `ERR_FACE_EDGES_NOT_VISIBLE`, `ERR_FACE_TOO_CLOSE`, `ERR_FACE_CROPPED`, `ERR_BLURRY_IMAGE`",
            "headers": {"X-Firserver-Emulated": {"$ref": "#/components/headers/Emulated"}},
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
          },
          "BadPictures": {
            "description": "A picture will not do, or the person would have none or more than three: \#
        `ERR_IMAGE_COULD_NOT_BE_DECODED`, `ERR_NO_FACES_FOUND`, `ERR_FACE_TOO_SMALL`, `ERR_BLURRY_IMAGE`, \#
        `ERR_UPDATE_RESULTS_IN_TOO_MANY_THUMBNAILS`, `ERR_UPDATE_RESULTS_IN_NO_THUMBNAILS`",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
          },
          "LastPicture": {
            "description": "It is the last picture of the person: `ERR_DELETE_RESULTS_IN_NO_THUMBNAILS`",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
          },
          "Unauthorized": {
            "description": "No key, or one that nobody has: `ERR_INVALID_API_KEY`",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
          },
          "Forbidden": {
            "description": "The key may not do this: `ERR_DISABLED_API_KEY`, `ERR_READ_ONLY_API_KEY`; or there are as \#
        many persons as there may be: `ERR_PERSON_LIMIT_EXCEEDED`",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
          },
          "NotFound": {
            "description": "No such person, collection or picture: `ERR_ENTITY_NOT_FOUND`",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
          },
          "Duplicate": {
            "description": "The id or the collection's name is in use: `ERR_DUPLICATE_ENTITY`",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
          },
          "BadRequest": {
            "description": "The body broke off: `ERR_BAD_REQUEST`",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
          },
          "TooSlow": {
            "description": "The body did not arrive in time: `ERR_BAD_REQUEST`",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
          },
          "TooLarge": {
            "description": "The body is larger than 20 MB: `ERR_PAYLOAD_IS_TOO_LARGE`",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
          },
          "Invalid": {
            "description": "The request has not the form that this document asks for",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ValidationError"}}}
          },
          "TooManyRequests": {
            "description": "Too many pictures wait: `ERR_RATE_LIMIT_EXCEEDED`",
            "headers": {"retry-after": {"$ref": "#/components/headers/RetryAfter"}},
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
          },
          "Unexpected": {
            "description": "Something that nobody foresaw; the log has it: `ERR_INTERNAL_ERROR`",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
          },
          "Unavailable": {
            "description": "The server is starting, or its database is away: `ERR_MAINTENANCE_MODE`",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
          }
        }
        """#
}

// MARK: - Schemas

extension OpenAPIDocument {
    private static let valueSchemas = #"""

        "Text": {"description": "any text without the character NUL", "type": "string", "pattern": "^[^\\u0000]*$"},
        "Picture": {
          "description": "a JPEG or PNG in base64", "type": "string", "contentEncoding": "base64",
          "contentMediaType": "image/*"
        },
        "Pictures": {
          "description": "pictures of one person", "type": "array", "minItems": 1, "maxItems": 3,
          "items": {"$ref": "#/components/schemas/Picture"}
        },
        "CollectionID": {
          "description": "id of a collection", "type": "string", "minLength": 36, "maxLength": 36,
          "pattern": "^[^\\u0000]*$"
        },
        "PersonID": {
          "description": "id of a person; letter case counts", "type": "string", "minLength": 1, "maxLength": 100,
          "pattern": "^[^\\u0000]*$"
        },
        "CollectionName": {
          "description": "name of a collection, unlike all others", "type": "string", "minLength": 1, "maxLength": 50,
          "pattern": "^[^\\u0000]*$"
        },
        "PersonName": {
          "description": "name of a person", "type": ["string", "null"], "minLength": 1, "maxLength": 100,
          "pattern": "^[^\\u0000]*$"
        },
        "Gender": {"description": "female or male", "enum": ["F", "M", null]},
        "DateOfBirth": {"description": "a day", "type": ["string", "null"], "format": "date"},
        "Nationality": {
          "description": "any text", "type": ["string", "null"], "maxLength": 100, "pattern": "^[^\\u0000]*$"
        },
        "Notes": {"description": "any text", "type": ["string", "null"], "maxLength": 500, "pattern": "^[^\\u0000]*$"},
        "CollectionIDs": {
          "description": "ids of the collections that the person is in", "type": ["array", "null"],
          "maxItems": 1000, "items": {"$ref": "#/components/schemas/CollectionID"}
        },
        "OptionalCollectionID": {
          "description": "id of a collection; everybody without", "type": ["string", "null"], "minLength": 36,
          "maxLength": 36, "pattern": "^[^\\u0000]*$"
        },
        "MinimumScore": {
          "description": "how alike a person must be: a number from 0 to 1, or a text with one; 0.81 unless given",
          "default": 0.81,
          "anyOf": [
            {"type": ["number", "null"], "minimum": 0, "maximum": 1},
            {"type": "string", "pattern": "^(0(\\.[0-9]+)?|1(\\.0+)?)$"}
          ]
        },
        "SearchMode": {
          "description": "`ACCURATE` looks twice at each face: slower, better scores; `FAST` unless given",
          "enum": ["FAST", "ACCURATE", null], "default": "FAST"
        },
        "VerificationMode": {
          "description": "`ACCURATE` looks twice at each face: slower, better scores; `ACCURATE` unless given",
          "enum": ["FAST", "ACCURATE", null], "default": "ACCURATE"
        },
        "Device": {
          "description": "what took the picture; `DESKTOP` unless given", "enum": ["DESKTOP", "ANDROID", "IOS", null],
          "default": "DESKTOP"
        },
        "Score": {"description": "1 is a perfect match", "type": "number", "minimum": 0, "maximum": 1}
        """#

    private static let requestSchemas = #"""

        "NewCollection": {
          "type": "object", "required": ["name"],
          "properties": {
            "name": {"$ref": "#/components/schemas/CollectionName"},
            "description": {"$ref": "#/components/schemas/CollectionDescription"}
          }
        },
        "CollectionDescription": {
          "description": "what the collection is for", "type": ["string", "null"], "maxLength": 100,
          "pattern": "^[^\\u0000]*$"
        },
        "CollectionUpdate": {
          "type": "object", "required": ["id"],
          "properties": {
            "id": {"$ref": "#/components/schemas/CollectionID"},
            "name": {
              "description": "name of a collection, unlike all others", "type": ["string", "null"], "minLength": 1,
              "maxLength": 50, "pattern": "^[^\\u0000]*$"
            },
            "description": {"$ref": "#/components/schemas/CollectionDescription"}
          }
        },
        "Membership": {
          "type": "object", "required": ["collection_id", "person_id"],
          "properties": {
            "collection_id": {"$ref": "#/components/schemas/CollectionID"},
            "person_id": {"$ref": "#/components/schemas/PersonID"}
          }
        },
        "MembershipUpdate": {
          "type": "object", "required": ["collection_id"],
          "properties": {
            "collection_id": {"$ref": "#/components/schemas/CollectionID"},
            "new_person_ids": {
              "description": "who comes; ids that nobody has are passed over", "type": ["array", "null"],
              "maxItems": 10000, "items": {"$ref": "#/components/schemas/PersonID"}
            },
            "removed_person_ids": {
              "description": "who goes; ids that nobody has are passed over", "type": ["array", "null"],
              "maxItems": 10000, "items": {"$ref": "#/components/schemas/PersonID"}
            }
          }
        },
        "NewPerson": {
          "type": "object", "required": ["images"],
          "properties": {
            "images": {"$ref": "#/components/schemas/Pictures"},
            "id": {
              "description": "id of the person; a new one unless given", "type": ["string", "null"], "minLength": 1,
              "maxLength": 100, "pattern": "^[^\\u0000]*$"
            },
            "name": {"$ref": "#/components/schemas/PersonName"},
            "gender": {"$ref": "#/components/schemas/Gender"},
            "date_of_birth": {"$ref": "#/components/schemas/DateOfBirth"},
            "nationality": {"$ref": "#/components/schemas/Nationality"},
            "collections": {"$ref": "#/components/schemas/CollectionIDs"},
            "notes": {"$ref": "#/components/schemas/Notes"},
            "is_bulk_insert": {
              "description": "accepted; every person can be found at once all the same", "type": ["boolean", "null"],
              "default": false
            }
          }
        },
        "PersonUpdate": {
          "type": "object", "required": ["id"],
          "properties": {
            "id": {"$ref": "#/components/schemas/PersonID"},
            "images": {
              "description": "pictures of one person, instead of all there are", "type": ["array", "null"],
              "minItems": 1, "maxItems": 3, "items": {"$ref": "#/components/schemas/Picture"}
            },
            "name": {"$ref": "#/components/schemas/PersonName"},
            "gender": {"$ref": "#/components/schemas/Gender"},
            "date_of_birth": {"$ref": "#/components/schemas/DateOfBirth"},
            "nationality": {"$ref": "#/components/schemas/Nationality"},
            "collections": {"$ref": "#/components/schemas/CollectionIDs"},
            "notes": {"$ref": "#/components/schemas/Notes"}
          }
        },
        "NewImages": {
          "type": "object", "required": ["person_id", "images"],
          "properties": {
            "person_id": {"$ref": "#/components/schemas/PersonID"},
            "images": {"$ref": "#/components/schemas/Pictures"}
          }
        },
        "PersonImagesUpdate": {
          "type": "object", "required": ["id"],
          "properties": {
            "id": {"$ref": "#/components/schemas/PersonID"},
            "new_images": {
              "description": "pictures of the person, beside those there are", "type": ["array", "null"],
              "minItems": 1, "maxItems": 3, "items": {"$ref": "#/components/schemas/Picture"}
            },
            "removed_thumbnail_ids": {
              "description": "ids of the pictures that go", "type": ["array", "null"], "minItems": 1,
              "maxItems": 1000,
              "items": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[^\\u0000]*$"}
            },
            "name": {"$ref": "#/components/schemas/PersonName"},
            "gender": {"$ref": "#/components/schemas/Gender"},
            "date_of_birth": {"$ref": "#/components/schemas/DateOfBirth"},
            "nationality": {"$ref": "#/components/schemas/Nationality"},
            "collections": {"$ref": "#/components/schemas/CollectionIDs"},
            "notes": {"$ref": "#/components/schemas/Notes"}
          }
        },
        "PersonsUpdate": {
          "type": "object", "required": ["action", "person_ids"],
          "properties": {
            "action": {"const": "DELETE"},
            "person_ids": {
              "type": "array", "minItems": 1, "maxItems": 10000, "items": {"$ref": "#/components/schemas/PersonID"}
            }
          }
        },
        "SearchRequest": {
          "type": "object", "required": ["images"],
          "properties": {
            "images": {"$ref": "#/components/schemas/Pictures"},
            "collection_id": {"$ref": "#/components/schemas/OptionalCollectionID"},
            "max_results": {
              "description": "how many persons at most; 10 unless given", "type": ["integer", "null"], "minimum": 1,
              "maximum": 500, "default": 10
            },
            "min_score": {"$ref": "#/components/schemas/MinimumScore"},
            "search_mode": {"$ref": "#/components/schemas/SearchMode"}
          }
        },
        "DetectionRequest": {
          "type": "object", "required": ["image"],
          "properties": {
            "image": {"$ref": "#/components/schemas/Picture"},
            "search": {
              "description": "look for each face; absent or `null`: do not",
              "anyOf": [{"$ref": "#/components/schemas/DetectionSearch"}, {"type": "null"}]
            }
          }
        },
        "DetectionSearch": {
          "type": "object",
          "properties": {
            "collection_id": {"$ref": "#/components/schemas/OptionalCollectionID"},
            "max_results": {"$ref": "#/components/schemas/MaximumResults"},
            "min_score": {"$ref": "#/components/schemas/MinimumScore"},
            "search_mode": {"$ref": "#/components/schemas/SearchMode"}
          }
        },
        "MaximumResults": {
          "description": "how many persons at most; 10 unless given", "type": ["integer", "null"], "minimum": 1,
          "maximum": 100, "default": 10
        },
        "VerificationRequest": {
          "type": "object", "required": ["id", "images"],
          "properties": {
            "id": {"$ref": "#/components/schemas/PersonID"},
            "images": {
              "description": "pictures of one person", "type": "array", "minItems": 1,
              "items": {"$ref": "#/components/schemas/Picture"}
            },
            "min_score": {"$ref": "#/components/schemas/MinimumScore"},
            "verification_mode": {"$ref": "#/components/schemas/VerificationMode"}
          }
        },
        "HeadCountRequest": {
          "type": "object", "required": ["image"],
          "properties": {
            "image": {"$ref": "#/components/schemas/Picture"},
            "confidence": {
              "description": "how sure the detector must be, in percent; 75 unless given", "type": ["integer", "null"],
              "minimum": 1, "maximum": 99, "default": 75
            }
          }
        },
        "ComparisonRequest": {
          "type": "object", "required": ["gallery", "probe"],
          "properties": {
            "gallery": {"$ref": "#/components/schemas/Pictures"},
            "probe": {"$ref": "#/components/schemas/Pictures"},
            "search_mode": {"$ref": "#/components/schemas/SearchMode"}
          }
        },
        "LiveComparisonRequest": {
          "type": "object", "required": ["gallery", "probe"],
          "properties": {
            "gallery": {"$ref": "#/components/schemas/Pictures"},
            "probe": {"$ref": "#/components/schemas/Picture"},
            "os": {"$ref": "#/components/schemas/Device"},
            "search_mode": {"$ref": "#/components/schemas/SearchMode"},
            "liveness_min_score": {
              "description": "from which on the caller believes; 0.5 unless given", "type": ["number", "null"],
              "minimum": 0, "maximum": 1, "default": 0.5
            }
          }
        },
        "LiveSearchRequest": {
          "type": "object", "required": ["image"],
          "properties": {
            "image": {"$ref": "#/components/schemas/Picture"},
            "collection_id": {"$ref": "#/components/schemas/OptionalCollectionID"},
            "max_results": {"$ref": "#/components/schemas/MaximumResults"},
            "min_score": {"$ref": "#/components/schemas/MinimumScore"},
            "os": {"$ref": "#/components/schemas/Device"},
            "search_mode": {"$ref": "#/components/schemas/SearchMode"}
          }
        },
        "LivenessRequest": {
          "type": "object", "required": ["image"],
          "properties": {
            "image": {"$ref": "#/components/schemas/Picture"},
            "os": {"$ref": "#/components/schemas/Device"}
          }
        }
        """#

    private static let answerSchemas = #"""

        "Collection": {
          "type": "object", "required": ["id", "name", "description", "count", "create_date", "modified_date"],
          "properties": {
            "id": {"$ref": "#/components/schemas/CollectionID"},
            "name": {"$ref": "#/components/schemas/CollectionName"},
            "description": {"$ref": "#/components/schemas/CollectionDescription"},
            "count": {"description": "how many persons are in it", "type": "integer", "minimum": 0},
            "create_date": {"type": "string", "format": "date-time"},
            "modified_date": {"type": "string", "format": "date-time"}
          }
        },
        "CollectionList": {
          "type": "object", "required": ["count", "collections"],
          "properties": {
            "count": {"description": "how many there are on all pages", "type": "integer", "minimum": 0},
            "collections": {"type": "array", "maxItems": 100, "items": {"$ref": "#/components/schemas/Collection"}}
          }
        },
        "Identifier": {
          "type": "object", "required": ["id"], "properties": {"id": {"type": "string", "minLength": 1}}
        },
        "MembershipChange": {
          "type": "object", "required": ["collection_id", "new_person_ids", "removed_person_ids"],
          "properties": {
            "collection_id": {"$ref": "#/components/schemas/CollectionID"},
            "new_person_ids": {"type": "array", "items": {"$ref": "#/components/schemas/PersonID"}},
            "removed_person_ids": {"type": "array", "items": {"$ref": "#/components/schemas/PersonID"}}
          }
        },
        "Thumbnail": {
          "type": "object", "required": ["id", "thumbnail"],
          "properties": {
            "id": {"type": "string", "minLength": 1},
            "thumbnail": {
              "description": "the face, 112 by 112 pixels, JPEG in base64", "type": "string", "minLength": 1,
              "contentEncoding": "base64", "contentMediaType": "image/jpeg"
            }
          }
        },
        "PersonThumbnail": {
          "type": "object", "required": ["id", "person_id", "thumbnail"],
          "properties": {
            "id": {"type": "string", "minLength": 1},
            "person_id": {"$ref": "#/components/schemas/PersonID"},
            "thumbnail": {
              "description": "the face, 112 by 112 pixels, JPEG in base64", "type": "string", "minLength": 1,
              "contentEncoding": "base64", "contentMediaType": "image/jpeg"
            }
          }
        },
        "Person": {
          "type": "object",
          "required": [
            "id", "name", "thumbnails", "gender", "date_of_birth", "nationality", "notes", "collections", "create_date",
            "modified_date"
          ],
          "properties": {
            "id": {"$ref": "#/components/schemas/PersonID"},
            "name": {"$ref": "#/components/schemas/PersonName"},
            "thumbnails": {
              "type": "array", "minItems": 1, "maxItems": 3, "items": {"$ref": "#/components/schemas/Thumbnail"}
            },
            "gender": {"$ref": "#/components/schemas/Gender"},
            "date_of_birth": {"$ref": "#/components/schemas/DateOfBirth"},
            "nationality": {"$ref": "#/components/schemas/Nationality"},
            "notes": {"$ref": "#/components/schemas/Notes"},
            "collections": {"type": "array", "items": {"$ref": "#/components/schemas/Collection"}},
            "create_date": {"type": "string", "format": "date-time"},
            "modified_date": {"type": "string", "format": "date-time"}
          }
        },
        "PersonList": {
          "type": "object", "required": ["count", "persons"],
          "properties": {
            "count": {"description": "how many there are on all pages", "type": "integer", "minimum": 0},
            "persons": {"type": "array", "maxItems": 100, "items": {"$ref": "#/components/schemas/Person"}}
          }
        },
        "SearchResult": {
          "description": "a person, and how alike",
          "allOf": [
            {"$ref": "#/components/schemas/Person"},
            {"type": "object", "required": ["score"], "properties": {"score": {"$ref": "#/components/schemas/Score"}}}
          ]
        },
        "Point": {
          "description": "x and y in pixels", "type": "array", "minItems": 2, "maxItems": 2,
          "items": {"type": "integer"}
        },
        "DetectedFace": {
          "type": "object", "required": ["box", "landmarks", "detection_score", "thumbnail", "persons"],
          "properties": {
            "box": {
              "description": "pixels of the upright picture", "type": "object",
              "required": ["left", "top", "right", "bottom"],
              "properties": {
                "left": {"type": "integer"}, "top": {"type": "integer"},
                "right": {"type": "integer"}, "bottom": {"type": "integer"}
              }
            },
            "landmarks": {
              "description": "left is left in the picture", "type": "object",
              "required": ["left_eye", "right_eye", "nose", "left_mouth", "right_mouth"],
              "properties": {
                "left_eye": {"$ref": "#/components/schemas/Point"},
                "right_eye": {"$ref": "#/components/schemas/Point"},
                "nose": {"$ref": "#/components/schemas/Point"},
                "left_mouth": {"$ref": "#/components/schemas/Point"},
                "right_mouth": {"$ref": "#/components/schemas/Point"}
              }
            },
            "detection_score": {"$ref": "#/components/schemas/Score"},
            "thumbnail": {
              "description": "the face, 112 by 112 pixels, JPEG in base64; the methods for crops take it",
              "type": "string",
              "minLength": 1, "contentEncoding": "base64", "contentMediaType": "image/jpeg"
            },
            "persons": {"type": "array", "maxItems": 100, "items": {"$ref": "#/components/schemas/SearchResult"}}
          }
        },
        "Verification": {
          "type": "object", "required": ["match"],
          "properties": {"match": {"anyOf": [{"$ref": "#/components/schemas/SearchResult"}, {"type": "null"}]}}
        },
        "HeadCount": {
          "type": "object", "required": ["count"], "properties": {"count": {"type": "integer", "minimum": 0}}
        },
        "Comparison": {
          "type": "object", "required": ["score"], "properties": {"score": {"$ref": "#/components/schemas/Score"}}
        },
        "LiveComparison": {
          "type": "object", "required": ["score", "liveness_score"],
          "properties": {
            "score": {"$ref": "#/components/schemas/Score"},
            "liveness_score": {
              "description": "a number as text", "type": "string", "pattern": "^(0(\\.[0-9]+)?|1(\\.0+)?)$"
            }
          }
        },
        "LiveSearch": {
          "type": "object", "required": ["liveness_score", "persons"],
          "properties": {
            "liveness_score": {"$ref": "#/components/schemas/Score"},
            "persons": {
              "type": "array", "minItems": 1, "maxItems": 100, "items": {"$ref": "#/components/schemas/SearchResult"}
            }
          }
        },
        "Liveness": {
          "type": "object", "required": ["liveness_score"],
          "properties": {"liveness_score": {"$ref": "#/components/schemas/Score"}}
        },
        "Error": {
          "type": "object", "required": ["code", "message"],
          "properties": {
            "code": {"type": "string", "pattern": "^ERR_[A-Z_]+$"},
            "message": {"description": "for people", "type": "string", "minLength": 1}
          }
        },
        "ValidationError": {
          "type": "object", "required": ["detail"],
          "properties": {
            "code": {"const": "ERR_UNPROCESSABLE_CONTENT"},
            "message": {"description": "for people", "type": "string", "minLength": 1},
            "detail": {
              "type": "array", "minItems": 1,
              "items": {
                "type": "object", "required": ["loc", "msg", "type"],
                "properties": {
                  "loc": {
                    "description": "where: `body`, `query` or `path`, then keys and positions", "type": "array",
                    "minItems": 1, "items": {"type": ["string", "integer"]}
                  },
                  "msg": {"description": "for people", "type": "string"},
                  "type": {"description": "for programs", "type": "string"}
                }
              }
            }
          }
        }
        """#
}
