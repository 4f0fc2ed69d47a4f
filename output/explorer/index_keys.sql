INSERT INTO area SELECT substr(agency.region_code, 1, digits), count(*)
FROM agency, (SELECT 0 AS digits UNION SELECT 2 UNION SELECT 4 UNION SELECT 6) GROUP BY 1;
INSERT INTO share SELECT substr(region_code, 1, digits), fiscal_year, sum(status IN ('published', 'late')),
    sum(status <> 'unknown'), sum(status = 'late'), sum(errors > 0)
FROM coverage, (SELECT 0 AS digits UNION SELECT 2 UNION SELECT 4 UNION SELECT 6) GROUP BY 1, 2;
INSERT INTO choice SELECT rule, severity, fiscal_year, region_code, count(*) FROM finding WHERE shown GROUP BY 1, 2, 3, 4;
CREATE INDEX agency_region ON agency (region_code, agency_id);
CREATE INDEX panel_peers ON panel (fiscal_year, kind, level, region_code, scope, place, agency_id);
CREATE INDEX coverage_region ON coverage (region_code, fiscal_year, status, errors);
CREATE INDEX report_agency ON report (agency_id, fiscal_year);
CREATE INDEX report_document ON report (document_key, version);
CREATE INDEX report_newest ON report (is_current, newest);
CREATE INDEX finding_report ON finding (report_id);
CREATE INDEX finding_loudest ON finding (shown, severity, loudness DESC, number);
CREATE INDEX finding_all ON finding (shown, loudness DESC, number);
CREATE INDEX finding_rule ON finding (shown, rule, severity, loudness DESC, number);
CREATE INDEX finding_year ON finding (shown, fiscal_year, severity, loudness DESC, number);
CREATE INDEX finding_region ON finding (shown, region_code, severity, loudness DESC, number);
ANALYZE;
