-- A face need not have a picture, and a person may have several faces: what Enface and OpenCV FR ask for.

-- The picture of a face has the face's id, where one is kept. Both go in the same transaction, so nothing is left over.
ALTER TABLE persons DROP CONSTRAINT persons_image_id_fkey;
ALTER TABLE faces DROP CONSTRAINT faces_id_fkey;

-- Yaw, pitch and roll in degrees; NULL where nothing was measured.
ALTER TABLE faces ADD COLUMN pose real[];
-- How many embeddings went into this one: more than 1 after a fusion.
ALTER TABLE faces ADD COLUMN weight integer NOT NULL DEFAULT 1 CHECK (weight > 0);

-- A person that moves to another gallery takes its faces along.
ALTER TABLE faces DROP CONSTRAINT faces_person_id_gallery_id_fkey;
ALTER TABLE faces ADD FOREIGN KEY (person_id, gallery_id) REFERENCES persons (id, gallery_id)
    ON UPDATE CASCADE ON DELETE CASCADE;

-- Aligned faces as JPEG files in the size of the embedder's input.
CREATE TABLE thumbnails (
    face_id uuid PRIMARY KEY REFERENCES faces (id) ON DELETE CASCADE,
    bytes bytea NOT NULL
);
ALTER TABLE thumbnails ALTER COLUMN bytes SET STORAGE EXTERNAL;
