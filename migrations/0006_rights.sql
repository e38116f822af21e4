-- What accounts may do, and sessions that ended before their time.

ALTER TABLE accounts
    -- The dialects that let the account in, and how far it may go there.
    ADD COLUMN dialects text[] NOT NULL DEFAULT '{}' CHECK (dialects <@ ARRAY['face-intellect', 'enface']),
    ADD COLUMN role text NOT NULL DEFAULT 'reader' CHECK (role IN ('reader', 'editor', 'admin')),
    -- Grows with every new password; a session ends when its number is not the account's any more.
    ADD COLUMN session_generation integer NOT NULL DEFAULT 0;

-- So far every account was let in everywhere and could do everything. Enface knows its users by e-mail addresses: they
-- keep their own lists and lose Face Intellect's gallery; all other accounts were never of use but for Face Intellect.
UPDATE accounts SET
    dialects = CASE WHEN login LIKE '%@%' THEN ARRAY['enface'] ELSE ARRAY['face-intellect'] END, role = 'admin';

-- Sessions that somebody logged out of. What was never ended is nowhere: a session is a signed text.
CREATE TABLE ended_sessions (
    -- SHA-256 of what is signed of the session.
    digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- When the session would have ended by itself, and the row can go; NULL: never.
    expires_at timestamptz
);
CREATE INDEX ended_sessions_end ON ended_sessions (expires_at);
CREATE INDEX ended_sessions_account ON ended_sessions (account_id);

-- A removed account takes along what it wrote down.
CREATE INDEX actions_account ON actions (account_id);
