-- Index of a dataset for the explorer: made from the Parquet files, never changed afterwards, thrown away when they change.
-- Wide rows are compressed JSON, their columns named once in `meta`; only what is filtered or sorted by is a column.
-- `area`, `share` and `choice` are counts every visitor asks for; a code there is the first 0, 2, 4 or 6 digits of a region's.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE region (code TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE agency (
    slug TEXT PRIMARY KEY, agency_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT, level TEXT, scope TEXT,
    region_code TEXT NOT NULL, first_year INTEGER, last_year INTEGER, reports INTEGER NOT NULL,
    search_key TEXT NOT NULL, initials TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE panel (
    agency_id TEXT NOT NULL, fiscal_year INTEGER NOT NULL, kind TEXT, level TEXT, scope TEXT, region_code TEXT NOT NULL,
    report_id TEXT NOT NULL, days_late INTEGER, errors INTEGER NOT NULL, place INTEGER NOT NULL, row BLOB NOT NULL,
    PRIMARY KEY (agency_id, fiscal_year)
) WITHOUT ROWID;
CREATE TABLE coverage (
    agency_id TEXT NOT NULL, fiscal_year INTEGER NOT NULL, region_code TEXT NOT NULL, status TEXT NOT NULL,
    report_id TEXT, days_late INTEGER, errors INTEGER NOT NULL, due_on TEXT, published_on TEXT,
    PRIMARY KEY (agency_id, fiscal_year)
) WITHOUT ROWID;
CREATE TABLE rates (code TEXT NOT NULL, fiscal_year INTEGER NOT NULL, figures BLOB NOT NULL, PRIMARY KEY (code, fiscal_year));
CREATE TABLE shape (number INTEGER PRIMARY KEY, columns BLOB NOT NULL);
CREATE TABLE area (code TEXT PRIMARY KEY, agencies INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE share (
    code TEXT NOT NULL, fiscal_year INTEGER NOT NULL, published INTEGER NOT NULL, due INTEGER NOT NULL, late INTEGER NOT NULL,
    errors INTEGER NOT NULL, PRIMARY KEY (code, fiscal_year)
) WITHOUT ROWID;
CREATE TABLE choice (
    rule TEXT NOT NULL, severity TEXT NOT NULL, fiscal_year INTEGER, region_code TEXT NOT NULL, findings INTEGER NOT NULL
);
CREATE TABLE report (
    report_id TEXT PRIMARY KEY, agency_id TEXT, fiscal_year INTEGER, document_key TEXT NOT NULL, version INTEGER NOT NULL,
    is_current INTEGER NOT NULL, newest TEXT NOT NULL, row BLOB NOT NULL, facts BLOB NOT NULL, sections BLOB NOT NULL,
    changes BLOB NOT NULL
);
CREATE TABLE finding (
    number INTEGER PRIMARY KEY, report_id TEXT NOT NULL, agency_id TEXT, fiscal_year INTEGER, region_code TEXT NOT NULL,
    rule TEXT NOT NULL, severity TEXT NOT NULL, origin TEXT NOT NULL, loudness REAL NOT NULL, shown INTEGER NOT NULL,
    row BLOB NOT NULL
);
