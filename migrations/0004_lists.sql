-- Accounts of the Enface dialect and its profiles: tokens, person lists, data sources.

-- Sessions and lists name an account by its id, so that a login could change.
ALTER TABLE accounts ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE;
-- The gallery behind the account's default list; the first account has the gallery that all dialects share.
-- Not by reference: galleries are put back with copies of the database, accounts are not.
ALTER TABLE accounts ADD COLUMN gallery_id uuid UNIQUE;

-- Keys that the server made for itself.
CREATE TABLE secrets (
    name text PRIMARY KEY,
    value bytea NOT NULL
);

-- The id is the secret, and the API tells it again, so it cannot be kept as a digest only.
CREATE TABLE access_tokens (
    id uuid PRIMARY KEY,
    -- SHA-256 of the id's bytes: tokens are looked up by it, so the index's timing tells nothing of the id.
    digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- NULL: never.
    expires_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX access_tokens_account ON access_tokens (account_id, created_at);

-- Two accounts may call lists by the same id; the persons are in galleries, whose ids are the server's.
CREATE TABLE person_lists (
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    gallery_id uuid NOT NULL UNIQUE REFERENCES galleries (id),
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, name)
);

CREATE TABLE source_groups (
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id uuid NOT NULL,
    name text NOT NULL,
    -- Where faces are searched: an array of objects with `id`, `on_found` and `on_failed`.
    searched_lists jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (account_id, id),
    UNIQUE (account_id, name)
);

CREATE TABLE sources (
    account_id uuid NOT NULL,
    id uuid NOT NULL,
    group_id uuid NOT NULL,
    name text NOT NULL,
    -- What the source asks for, one JSON object.
    settings jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, group_id) REFERENCES source_groups (account_id, id) ON DELETE CASCADE
);

-- What lists keep of a person beyond everybody's columns. A person enrolled elsewhere has no such row.
CREATE TABLE list_persons (
    person_id uuid PRIMARY KEY REFERENCES persons (id) ON DELETE CASCADE,
    group_id uuid NOT NULL,
    source_id uuid NOT NULL,
    -- Whether a newer picture took the place of the first one.
    is_replaced boolean NOT NULL,
    -- How many text fields there are. The first five are the person's five texts, the others are here.
    field_count integer NOT NULL CHECK (field_count >= 0),
    more_fields text[] NOT NULL,
    -- Estimates that were asked for at the enrolment.
    age real,
    -- 1 male, 2 female.
    gender smallint CHECK (gender IN (1, 2)),
    gender_confidence real,
    updated_at timestamptz
);

-- What came in through `action`: nothing reads it but people who look for what happened. The picture, where it is kept,
-- is among the images under the action's id.
CREATE TABLE actions (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    group_id uuid NOT NULL,
    source_id uuid NOT NULL,
    faces integer NOT NULL,
    known_faces integer NOT NULL,
    added_persons integer NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX actions_time ON actions (created_at);
