-- State of the crawl. All instants are ISO 8601 UTC; urls are as requested, keys are normalised urls.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, ended_at TEXT, state TEXT NOT NULL DEFAULT 'running'
);
CREATE TABLE portals (id TEXT PRIMARY KEY, name TEXT NOT NULL, region_code TEXT) WITHOUT ROWID;
-- Documents and their attached files; the rows with due = 1 are the queue.
CREATE TABLE pages (
    id INTEGER PRIMARY KEY, portal_id TEXT NOT NULL, key TEXT NOT NULL, url TEXT NOT NULL,
    kind TEXT NOT NULL, is_listed INTEGER NOT NULL, list_title TEXT, list_date TEXT, raw_date TEXT, list_url TEXT,
    first_listed_at TEXT, last_listed_at TEXT, listed_run INTEGER, due INTEGER NOT NULL DEFAULT 1,
    outcome TEXT, detail TEXT, checked_at TEXT, checked_run INTEGER, full_at TEXT, etag TEXT, last_modified TEXT,
    first_run INTEGER NOT NULL, missing_since TEXT, removed_at TEXT, canonical_id INTEGER REFERENCES pages (id), rejected TEXT,
    UNIQUE (portal_id, key)
);
CREATE INDEX pages_due ON pages (portal_id, due, kind, id);
CREATE INDEX pages_canonical ON pages (canonical_id) WHERE canonical_id IS NOT NULL;
CREATE TABLE versions (
    page_id INTEGER NOT NULL REFERENCES pages (id), version INTEGER NOT NULL, fingerprint TEXT,
    sha256 TEXT NOT NULL, title_key TEXT NOT NULL, warc_file TEXT NOT NULL, warc_offset INTEGER NOT NULL, content_type TEXT, charset TEXT,
    final_url TEXT, page_title TEXT, list_title TEXT, list_date TEXT, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, is_current INTEGER NOT NULL,
    PRIMARY KEY (page_id, version)
) WITHOUT ROWID;
CREATE INDEX versions_sha256 ON versions (sha256);
CREATE INDEX versions_title ON versions (title_key);
CREATE TABLE attachments (
    page_id INTEGER NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL, url TEXT NOT NULL, name TEXT,
    file_id INTEGER NOT NULL REFERENCES pages (id), PRIMARY KEY (page_id, version, position)
) WITHOUT ROWID;
-- Files that a list, not the page itself, says belong to a page.
CREATE TABLE listed_files (
    page_id INTEGER NOT NULL, position INTEGER NOT NULL, url TEXT NOT NULL, name TEXT, PRIMARY KEY (page_id, position)
) WITHOUT ROWID;
-- Pages of lists; `url` is followed by method and hash of the body where the request was no GET.
CREATE TABLE list_pages (
    portal_id TEXT NOT NULL, url TEXT NOT NULL, etag TEXT, last_modified TEXT, sha256 TEXT, warc_file TEXT,
    warc_offset INTEGER, full_at TEXT, outcome TEXT, instead_url TEXT, PRIMARY KEY (portal_id, url)
) WITHOUT ROWID;
CREATE TABLE lists (
    run_id INTEGER NOT NULL, portal_id TEXT NOT NULL, url TEXT NOT NULL, pages INTEGER NOT NULL,
    announced INTEGER, rows_seen INTEGER NOT NULL, rows_valid INTEGER NOT NULL, end_reason TEXT NOT NULL,
    detail TEXT, coverage TEXT NOT NULL, oldest TEXT, PRIMARY KEY (run_id, portal_id, url)
) WITHOUT ROWID;
CREATE TABLE skipped (
    portal_id TEXT NOT NULL, key TEXT NOT NULL, url TEXT NOT NULL, title TEXT, reason TEXT NOT NULL, list_url TEXT,
    first_run INTEGER NOT NULL, last_run INTEGER NOT NULL, PRIMARY KEY (portal_id, key)
) WITHOUT ROWID;
-- `purpose`: list, page, file, robots, home, missing; trial: a page of a list that need not be there, and is not.
CREATE TABLE fetches (
    id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL, portal_id TEXT NOT NULL, page_id INTEGER, purpose TEXT NOT NULL,
    url TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT, status INTEGER, attempts INTEGER NOT NULL,
    bytes INTEGER NOT NULL, seconds REAL NOT NULL, at TEXT NOT NULL, redirected_to TEXT,
    record TEXT, warc_file TEXT, warc_offset INTEGER
);
CREATE INDEX fetches_run ON fetches (run_id, portal_id);
CREATE INDEX fetches_moved ON fetches (page_id) WHERE redirected_to IS NOT NULL;
CREATE TABLE robots (origin TEXT PRIMARY KEY, fetched_at TEXT NOT NULL, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE hosts (host TEXT PRIMARY KEY, next_request_at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE warc_files (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, length INTEGER NOT NULL);
-- How far an archive file surely is on the disk; the newest file may be longer.
CREATE TABLE flushed (name TEXT PRIMARY KEY, length INTEGER NOT NULL) WITHOUT ROWID;
-- First occurrence of every kind of trouble of a portal; `folder` below `DIR/snapshots`.
CREATE TABLE troubles (
    portal_id TEXT NOT NULL, kind TEXT NOT NULL, message TEXT NOT NULL, run_id INTEGER NOT NULL, at TEXT NOT NULL,
    url TEXT NOT NULL, folder TEXT NOT NULL, PRIMARY KEY (portal_id, kind, message)
) WITHOUT ROWID;
CREATE TABLE portal_runs (
    run_id INTEGER NOT NULL, portal_id TEXT NOT NULL, report TEXT NOT NULL, PRIMARY KEY (run_id, portal_id)
) WITHOUT ROWID;
