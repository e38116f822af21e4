-- OpenCV Face Recognition: collections of the cloud API and of the FR Server, facts of persons, keys.

-- What the cloud API keeps of a person of the shared gallery; others have no row.
CREATE TABLE person_profiles (
    person_id uuid PRIMARY KEY REFERENCES persons (id) ON DELETE CASCADE,
    gender text CHECK (gender IN ('M', 'F')),
    date_of_birth text CHECK (date_of_birth ~ '^\d{4}-\d\d-\d\d$'),
    nationality text,
    modified_at timestamptz NOT NULL
);

-- Collections of the cloud API: persons of the shared gallery in any number of them.
CREATE TABLE collections (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (char_length(name) BETWEEN 1 AND 50),
    description text,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL
);

CREATE TABLE collection_members (
    collection_id uuid NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    person_id uuid NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    PRIMARY KEY (collection_id, person_id)
);
CREATE INDEX collection_members_person ON collection_members (person_id);

-- Collections of the FR Server: each is a gallery of its own, known by its name.
CREATE TABLE named_collections (
    gallery_id uuid PRIMARY KEY REFERENCES galleries (id) ON DELETE CASCADE,
    name text NOT NULL UNIQUE CHECK (char_length(name) BETWEEN 1 AND 64)
);

-- What an FR Server's client gave along with a person, byte for byte as it was sent.
CREATE TABLE enrolment_metadata (
    person_id uuid PRIMARY KEY REFERENCES persons (id) ON DELETE CASCADE,
    json text NOT NULL
);

-- Keys by the SHA-256 of their secrets: the secrets are long and random, so nothing slower is needed.
CREATE TABLE api_keys (
    name text PRIMARY KEY CHECK (octet_length(name) BETWEEN 1 AND 256),
    digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    is_read_only boolean NOT NULL,
    is_disabled boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL
);
