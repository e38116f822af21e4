-- The recognition log: cameras, captured faces with the matches of that moment, events; settings and accounts.

CREATE TABLE cameras (
    -- As clients name it: a number of the platform's tree or a GUID.
    id text PRIMARY KEY CHECK (octet_length(id) BETWEEN 1 AND 256),
    name text NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    created_at timestamptz NOT NULL
);

-- One row per captured face. Nothing here names a person or a camera by reference: a row is a snapshot.
CREATE TABLE passes (
    -- Also the id of the picture.
    id uuid PRIMARY KEY REFERENCES images (id),
    camera_id text NOT NULL,
    camera_name text NOT NULL,
    captured_at timestamptz NOT NULL,
    -- NULL where nothing was estimated.
    age real,
    -- 1 male, 2 female, NULL undefined.
    gender smallint CHECK (gender IN (1, 2)),
    gender_confidence real,
    quality real NOT NULL,
    embedding bytea NOT NULL CHECK (octet_length(embedding) % 4 = 0),
    model_id integer NOT NULL REFERENCES models (id),
    is_recognised boolean NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY
);
ALTER TABLE passes ALTER COLUMN embedding SET STORAGE PLAIN;

-- The log is read newest first, within a period, and swept from its old end.
CREATE INDEX passes_time ON passes (captured_at DESC, number DESC);

-- Who was most alike at that moment, best first.
CREATE TABLE pass_hits (
    pass_id uuid NOT NULL REFERENCES passes (id) ON DELETE CASCADE,
    rank smallint NOT NULL,
    person_id uuid NOT NULL,
    external_id text,
    image_id uuid NOT NULL,
    platform_user_id bigint,
    similarity double precision NOT NULL,
    added_at timestamptz NOT NULL,
    name text NOT NULL,
    surname text NOT NULL,
    patronymic text NOT NULL,
    department text NOT NULL,
    comment text NOT NULL,
    PRIMARY KEY (pass_id, rank)
);

CREATE TABLE events (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL,
    name text NOT NULL,
    raised_at timestamptz NOT NULL,
    camera_id text NOT NULL,
    camera_name text NOT NULL,
    -- One JSON object of texts.
    parameters jsonb NOT NULL
);
CREATE INDEX events_time ON events (raised_at DESC, number DESC);

-- Settings that are changed while the server runs, one JSON object per group.
CREATE TABLE settings (
    name text PRIMARY KEY,
    value jsonb NOT NULL
);

-- Who may call the server where authentication is on.
CREATE TABLE accounts (
    login text PRIMARY KEY CHECK (octet_length(login) BETWEEN 1 AND 256),
    -- scrypt (RFC 7914) of the password: the parameters, the salt and the key.
    rounds integer NOT NULL,
    block_size integer NOT NULL,
    parallelism integer NOT NULL,
    salt bytea NOT NULL,
    key bytea NOT NULL,
    created_at timestamptz NOT NULL
);
