-- The map side of table case_place: its geometry, its cell number, and the indexes that maps and rules live on.
-- Part of migration 0001 and as frozen as any migration: what is to change later, a later one changes.
-- Run once, after the plain columns exist, with search_path = <the city's schema>, <the schema of PostGIS>.

-- Puts a zero between the lower 31 bits of a number: half of a Morton code.
-- (In PostgreSQL | and << have equal precedence, so every shift stands in brackets.)
CREATE FUNCTION map_spread(v bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    v := (v | (v << 16)) & x'0000FFFF0000FFFF'::bigint;
    v := (v | (v << 8)) & x'00FF00FF00FF00FF'::bigint;
    v := (v | (v << 4)) & x'0F0F0F0F0F0F0F0F'::bigint;
    v := (v | (v << 2)) & x'3333333333333333'::bigint;
    RETURN (v | (v << 1)) & x'5555555555555555'::bigint;
END $$;

-- Web-map tile at level 20 that holds the centre of a place, as one number (Morton order): all places of a tile of
-- any lower level are one range of it. A body in standard SQL keeps its names bound, so that a restored dump, which
-- runs with an empty search path, still finds PostGIS.
CREATE FUNCTION map_cell(place geometry) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN map_spread(least(1048575, greatest(0, floor(
        (ST_X(ST_Centroid(place)) + 180) / 360 * 1048576)))::bigint)
    | (map_spread(least(1048575, greatest(0, floor(
        (1 - asinh(tan(radians(least(85.05, greatest(-85.05, ST_Y(ST_Centroid(place))))))) / pi()) / 2 * 1048576
    )))::bigint) << 1);

ALTER TABLE case_place
    ADD COLUMN geom geometry(Geometry, 4326) NOT NULL,
    ADD COLUMN cell bigint GENERATED ALWAYS AS (map_cell(geom)) STORED;

-- Everything of every status: rules, exports, tiles without a filter.
CREATE INDEX ix_case_place_geom ON case_place USING gist (geom);

-- Tiles of open cases from z15 on, and conflicts of running ones: the usual question of the desk. Queries must spell
-- this list of statuses as literals, or a generic plan cannot use the index.
CREATE INDEX ix_case_place_open_geom ON case_place USING gist (geom)
    WHERE status IN ('new', 'review', 'fix', 'wait');

-- Counted cells up to z14: every filter of the desk is answered inside the index, without touching the table.
CREATE INDEX ix_case_place_cell ON case_place (cell)
    INCLUDE (case_id, status, procedure_key, department_id, assignee_id, due_on, starts_on, ends_on, submitted_at);

-- From a case to its places.
CREATE INDEX ix_case_place_case_id ON case_place (case_id);
