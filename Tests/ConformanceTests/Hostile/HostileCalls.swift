/// Every place of every dialect where a client may write a number, a time, a vector or a place in a list.
///
/// A new field belongs here.
enum HostileCalls {
    private static let photo = HostileRequest.photo
    private static let person = #""7d2f0b44-7a3e-4c19-9c55-20f1b6a7e001""#
    private static let defaultID = #""13814001-1dd2-11b2-b619-5502c27ed19c""#
    private static let vector = "\"" + [String](repeating: "0.1", count: 128).joined(separator: ",") + "\""

    static let faceIntellect: [HostileCall] = {
        let page = ["page", "pageSize"]
        let filter = [
            "dateTimeFrom", "dateTimeTo", "cameraIds", "cameraIds[]", "genders", "genders[]", "minAge", "maxAge",
        ]
        return [
            .json(
                "/firserver/CreatePerson",
                [
                    "surname": #""Hostile""#, "department": #""""#, "image": photo, "id": person,
                    "createPersonInIntellect": "1", "additionalParams": #"{"a":1}"#,
                ],
                numbers: [
                    "id", "createPersonInIntellect", "createPersonInAxxon PSIM", "additionalParams.x",
                    "intellect_params", "fir", "server_id", "surname", "name",
                ]),
            .json(
                "/firserver/UpdatePerson", ["id": person],
                numbers: ["id", "additionalParams.x", "intellect_params", "comment"]),
            .json("/firserver/ReadPersons", numbers: page + ["id", "id[]", "departmentFilter", "server_id"]),
            .json("/firserver/DeletePersons", numbers: ["id", "id[]"]),
            .json("/firserver/FindFaces", ["image": photo], numbers: ["findPersons", "image"]),
            .json("/firserver/GetProtocols", ["onlineRefresh": "1"], numbers: page + filter + ["sim_min"]),
            .json("/firserver/GetAnalityc", numbers: filter + ["faceMode", "threshold", "minPasses", "maxPasses"]),
            .json("/firserver/GetAnalitycByTime", numbers: filter + ["timePeriod", "returnLocalTime"]),
            .json(
                "/firserver/FindPasserBy", ["data": "{\"image\":\(photo)}"],
                numbers: (filter + ["sim"]).map { "data.\($0)" }),
            .json("/web2/secure/face/1/firserver/ReadPersons", numbers: page),
        ]
    }()

    static let webServer: [HostileCall] = [
        .query("/web2/secure/persons", numbers: ["page", "count", "search", "surname"]),
        .query("/web2/secure/configuration", numbers: ["pageItems"]),
        .query("/web2/secure/events", numbers: ["count", "from", "to", "objectId", "action"]),
    ]

    /// The calls of Enface and of neuro-vision, below one of their mounts.
    static func enface(_ mount: String) -> [HostileCall] {
        let conditions = [
            "new_person_threshold", "new_person_threshold_score", "new_person_square_min", "new_person_angle_max",
            "new_person_yaw_max", "new_person_pitch_max",
        ]
        let listed = "[{\"id\":\(defaultID),\"on_found\":\"\",\"on_failed\":\"\"}]"
        let loose: KeyValuePairs = ["image": photo, "new_person_square_min": "50", "new_person_yaw_max": "80"]
        let source =
            conditions + [
                "person_list_add", "person_list_add[]", "person_list_search", "feature_check", "feature_check[]",
                "name",
                "group_id",
            ]
        return [
            .json(
                "\(mount)/user/login", ["email": #""first@example.org""#, "password": #""secret-1""#],
                numbers: ["valid_days"]),
            .json("\(mount)/token/create", numbers: ["valid_days", "expires"]),
            .json(
                "\(mount)/token/update", ["token_id": person, "valid_days": "1"],
                numbers: ["valid_days", "expires", "token_id"]),
            .json("\(mount)/token/delete", numbers: ["token_id"]),
            .json("\(mount)/source/group/create", numbers: ["name", "person_list_search", "person_list_search[]"]),
            .json(
                "\(mount)/source/group/update", ["group_id": person, "person_list_search": listed],
                numbers: ["group_id", "name", "person_list_search"]),
            .json("\(mount)/source/group/delete", numbers: ["group_id", "group_id[]"]),
            .json("\(mount)/sources", numbers: ["group_id"]),
            .json("\(mount)/source/create", ["name": #""s""#, "group_id": defaultID], numbers: source),
            .json(
                "\(mount)/source/update", ["source_id": defaultID, "group_id": defaultID],
                numbers: source + ["source_id"]),
            .json("\(mount)/source/delete", ["group_id": defaultID], numbers: ["source_id", "source_id[]"]),
            .json("\(mount)/person/list/create", numbers: ["name", "list_id"]),
            .json("\(mount)/person/list/update", ["list_id": person], numbers: ["list_id", "name"]),
            .json("\(mount)/person/list/delete", numbers: ["list_id", "id", "name"]),
            .json("\(mount)/person", ["list_id": defaultID], numbers: ["person_id", "list_id", "cursor", "thumbs"]),
            .json(
                "\(mount)/person/update", ["person_id": person],
                numbers: ["fields", "fields[]", "drop_image", "new_list_id", "list_id"]),
            .json("DELETE \(mount)/person/delete", numbers: ["person_id", "person_id[]", "list_id"]),
            .json("\(mount)/persons", numbers: ["limit", "cursor", "list_id", "embeddings"]),
            .json(
                "\(mount)/vector/search", ["embeddings": vector, "list_ids": "[\(defaultID)]", "results": #""all""#],
                numbers: ["embeddings", "embeddings[]", "results", "threshold", "list_ids", "list_ids[]"]),
            .form(
                "\(mount)/person/create", loose,
                numbers: conditions + ["yaw", "pitch", "fields", "multi", "replace_person_id", "list_id"]),
            .form(
                "\(mount)/person/create",
                ["embedding": vector, "new_person_threshold": #""no_match""#, "yaw": "0", "pitch": "0"],
                numbers: ["embedding", "yaw", "pitch", "new_person_threshold_score", "new_person_pitch_max"]),
            .form("\(mount)/compare", ["images": photo, "images": photo], numbers: ["threshold", "multi"]),
            .form("\(mount)/detect", ["images": photo], numbers: ["feature_check", "multi", "bbox"]),
            .form(
                "\(mount)/action", loose,
                numbers: conditions + ["results", "person_list_search", "person_list_add", "group_id", "source_id"]),
            .form("\(mount)/person/fusion", ["embeddings": vector], numbers: ["embeddings", "new_person_threshold"]),
            .query("\(mount)/persons", numbers: ["limit", "cursor"]),
        ]
    }

    static let openCV: [HostileCall] = {
        let window = ["skip", "take", "search", "order_by"]
        let search: KeyValuePairs = ["images": "[\(photo)]"]
        let profile = ["id", "date_of_birth", "gender", "name", "nationality", "notes", "collections", "collections[]"]
        return [
            .json("/opencv/collection", numbers: ["name", "description"]),
            .json("PATCH /opencv/collection", ["id": person], numbers: ["id", "name", "description"]),
            .json(
                "PATCH /opencv/collection/persons", ["collection_id": person],
                numbers: ["collection_id", "new_person_ids", "removed_person_ids[]"]),
            .query("/opencv/collections", numbers: window),
            .query("/opencv/persons", numbers: window),
            .json("/opencv/person", ["images": "[\(photo)]"], numbers: profile + ["images[]"]),
            .json("PATCH /opencv/person", ["id": #""nobody""#], numbers: profile),
            .json("PATCH /opencv/persons", ["action": #""DELETE""#], numbers: ["person_ids", "person_ids[]"]),
            .json("/opencv/search", search, numbers: ["min_score", "max_results", "collection_id", "search_mode"]),
            .json("/opencv/search/crops", search, numbers: ["min_score", "max_results"]),
            .json(
                "/opencv/detect", ["image": photo, "search": "{}"],
                numbers: ["search", "search.min_score", "search.max_results", "search.collection_id"]),
            .json("/opencv/verify", ["id": #""nobody""#, "images": "[\(photo)]"], numbers: ["min_score", "id"]),
            .json("/opencv/head-count", ["image": photo], numbers: ["confidence"]),
            .json("/opencv/search-live-face", ["image": photo], numbers: ["min_score", "max_results"]),
            .json(
                "/opencv/compare-live-face", ["probe": photo, "gallery": "[\(photo)]"], numbers: ["liveness_min_score"]),
            .json("/opencv-server/collection", numbers: ["name"]),
            .query("DELETE /opencv-server/collection", numbers: ["name"]),
            .json(
                "PUT /opencv-server/person",
                [
                    "collection_name": #""hostile""#, "person_id": #""p""#, "person_name": #""n""#,
                    "face_base_64": photo, "metadata": "{}",
                ],
                numbers: [
                    "duplicate_check_min_similarity", "check_duplicates", "metadata", "metadata.x", "person_id",
                    "collection_name",
                ]),
            .json(
                "/opencv-server/face-search", ["collection_name": #""hostile""#, "face_base_64": photo],
                numbers: ["min_similarity_score", "min_score", "max_results"]),
            .json(
                "/opencv-server/multi-face-search", ["collection_name": #""hostile""#, "face_base_64": photo],
                numbers: ["min_similarity_score", "max_results"]),
            .json(
                "/opencv-server/compare", ["face_base_64": photo, "ref_face_base_64": photo],
                numbers: ["min_similarity_score"]),
            .query(
                "/opencv-server/persons", ["collection_name": #""hostile""#],
                numbers: ["skip", "take", "collection_name"]),
        ]
    }()

    static let emulator: [HostileCall] = [
        .json("/emulator/cameras", ["id": #""9""#], numbers: ["id", "name"]),
        .json("PATCH /emulator/cameras/1", numbers: ["name"]),
        .json("/emulator/cameras/1/frames", ["image": photo], numbers: ["timestamp"]),
        .json(
            "/emulator/scripts", ["marker": #""nothing""#, "result": #""person""#, "person": person],
            numbers: ["sim", "count", "person", "marker", "sha256"]),
        .json(
            "/emulator/faults", ["kind": #""delay""#, "minimum": "0", "maximum": "1", "method": #""/nowhere""#],
            numbers: ["minimum", "maximum", "milliseconds", "probability", "count"]),
        .json(
            "/emulator/faults", ["kind": #""status""#, "method": #""/nowhere""#, "status": "500"], numbers: ["status"]),
        .query("/emulator/journal", ["method": #""ReadPersons""#], numbers: ["limit", "after", "status"]),
        .query("/emulator/journal/count", numbers: ["after", "status"]),
        .json(
            "PATCH /emulator/settings",
            numbers: [
                "retentionDays", "faceLostAge", "similarityLevel", "similarFaces", "minimumRecognitionQuality",
                "minimumEnrolmentQuality", "minimumPhotoQuality", "unrecognisedRetentionDays", "unrecognisedDepartment",
            ]),
        .json("PUT /emulator/clock", ["mode": #""offset""#], numbers: ["seconds", "mode"]),
        .json("PUT /emulator/clock", ["mode": #""fixed""#], numbers: ["time"]),
        .json("/emulator/clock/advance", numbers: ["seconds"]),
        .json("PUT /emulator/ids", numbers: ["seed"]),
        .json("/emulator/seed", ["people": "[{\"surname\":\"S\",\"id\":\(person)}]"], numbers: ["people", "people[]"]),
        .json("/emulator/snapshots/9223372036854775808/restore", numbers: ["name"]),
    ]

    /// Paths with a number in them; `{n}` stands for each value.
    static let paths: [(verb: String, path: String)] = [
        ("GET", "/firserver/GetImage/{n}/7d2f0b44-7a3e-4c19-9c55-20f1b6a7e001"), ("GET", "/firserver/GetImage/1/{n}"),
        ("GET", "/web2/secure/configuration/{n}"), ("GET", "/web2/secure/configuration/{n}/state"),
        ("GET", "/enface/v1/images/{n}/1/1"), ("GET", "/opencv/collection/{n}"), ("GET", "/opencv/collections/{n},{n}"),
        ("GET", "/opencv/collections/person/{n}"), ("GET", "/opencv/person/{n}"), ("GET", "/opencv/persons/{n}"),
        ("DELETE", "/opencv/person/image/{n}/{n}"), ("DELETE", "/opencv/collection/person/{n}/{n}"),
        ("DELETE", "/emulator/cameras/{n}"), ("DELETE", "/emulator/snapshots/{n}"), ("DELETE", "/emulator/faults/{n}"),
    ]
}
