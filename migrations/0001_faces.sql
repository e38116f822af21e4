-- Galleries, persons, their reference faces and photos.

CREATE TABLE galleries (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    created_at timestamptz NOT NULL
);

-- The gallery that all dialects share; its number is Enface's fixed default id.
INSERT INTO galleries (id, name, created_at)
VALUES ('13814001-1dd2-11b2-b619-5502c27ed19c', 'shared', '2024-01-01 00:00:00+00');

-- A model is known by the first eight bytes of the SHA-256 of its published file.
CREATE TABLE models (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fingerprint bytea NOT NULL UNIQUE CHECK (octet_length(fingerprint) = 8),
    name text NOT NULL
);

CREATE TABLE images (
    id uuid PRIMARY KEY,
    bytes bytea NOT NULL,
    media_type text NOT NULL,
    created_at timestamptz NOT NULL
);

-- Photos are compressed already; out of line and as they are, a part of one can be read without the rest.
ALTER TABLE images ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- The order of addition. A person that is replaced gets a new place.
CREATE SEQUENCE person_positions AS bigint;

-- Numbers of platform users. None is given twice, so that a deleted user's number never means somebody else.
CREATE SEQUENCE platform_user_ids AS bigint;

CREATE TABLE persons (
    id uuid PRIMARY KEY,
    gallery_id uuid NOT NULL REFERENCES galleries (id),
    external_id text,
    name text NOT NULL DEFAULT '',
    surname text NOT NULL DEFAULT '',
    patronymic text NOT NULL DEFAULT '',
    department text NOT NULL DEFAULT '',
    comment text NOT NULL DEFAULT '',
    auto_created boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    position bigint NOT NULL DEFAULT nextval('person_positions'),
    -- The reference photo; the face in it has the same id.
    image_id uuid NOT NULL UNIQUE REFERENCES images (id),
    recognition_count bigint NOT NULL DEFAULT 0 CHECK (recognition_count >= 0),
    last_recognition_at timestamptz,
    platform_user_id bigint UNIQUE CHECK (platform_user_id > 0),
    attributes jsonb NOT NULL DEFAULT '{}',
    -- Faces name a person together with the gallery, so that the two can never disagree.
    UNIQUE (id, gallery_id)
)
-- Room for new counters on the same page, without a touch of any index.
WITH (fillfactor = 85);

ALTER SEQUENCE person_positions OWNED BY persons.position;
ALTER SEQUENCE platform_user_ids OWNED BY persons.platform_user_id;

-- Texts of any length: a b-tree holds at most 2704 bytes, hence digests.
CREATE UNIQUE INDEX persons_external_id ON persons (gallery_id, md5(external_id)) WHERE external_id IS NOT NULL;
CREATE INDEX persons_department ON persons (gallery_id, md5(department), created_at DESC, position DESC);

-- Lists, newest first; a page is found in the index alone.
CREATE INDEX persons_newest ON persons (gallery_id, created_at DESC, position DESC) INCLUDE (id);

CREATE TABLE faces (
    id uuid PRIMARY KEY REFERENCES images (id),
    person_id uuid NOT NULL,
    gallery_id uuid NOT NULL,
    -- Unit vector of 32-bit floats, little-endian.
    embedding bytea NOT NULL CHECK (octet_length(embedding) % 4 = 0),
    model_id integer NOT NULL REFERENCES models (id),
    quality real NOT NULL,
    -- x, y, width, height in pixels of the photo; NULL for a face that came as a template.
    box real[],
    -- x and y of right eye, left eye, nose tip, right and left corner of the mouth.
    landmarks real[],
    number bigint GENERATED ALWAYS AS IDENTITY,
    FOREIGN KEY (person_id, gallery_id) REFERENCES persons (id, gallery_id) ON DELETE CASCADE
);

-- Random numbers do not compress; inline they are read in one go.
ALTER TABLE faces ALTER COLUMN embedding SET STORAGE PLAIN;

CREATE INDEX faces_number ON faces (number);
CREATE INDEX faces_person ON faces (person_id);
